import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'

/** Rows of a CSV file, as they are read. Throws where a quote is not closed. */
export async function* csvRows(path: string): AsyncGenerator<readonly string[]> {
  const parser = createReadStream(path).pipe(parse({ relax_column_count: true, skip_empty_lines: true, trim: true, max_record_size: 4096 }))
  for await (const row of parser) yield row as string[]
}
