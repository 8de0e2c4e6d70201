import { createReadStream } from 'node:fs'

const chunk_bytes = 256 * 1024
const record_chars_max = 64 * 1024

/** A field, quoted or not, and what ends it (RFC 4180). */
const field = /\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y

/** Fields of a record with quotes; undefined when its quotes are out of place. */
function quotedFields(record: string): readonly string[] | undefined {
  const fields: string[] = []
  field.lastIndex = 0
  for (;;) {
    const match = field.exec(record)
    if (!match) return undefined
    fields.push(match[1] === undefined ? match[2]!.trim() : match[1].replaceAll('""', '"').trim())
    if (match[3] === '') return fields
  }
}

const quotes = (text: string): number => text.split('"').length - 1

/** Cuts lines into records: a quote that a line leaves open goes on in the next one. */
class Records {
  #open = ''

  of(lines: readonly string[]): (readonly string[])[] {
    const rows: (readonly string[])[] = []
    for (const line of lines) {
      const record = this.#open === '' ? line : `${this.#open}\n${line}`
      if (record.length > record_chars_max) throw new Error(`a line is longer than ${record_chars_max} characters, or a quote is not closed`)
      const quoted = record.includes('"')
      this.#open = quoted && quotes(record) % 2 === 1 ? record : ''
      if (this.#open !== '' || record.trim() === '') continue
      rows.push(quoted ? (quotedFields(record) ?? [record]) : record.split(',').map((text) => text.trim()))
    }
    return rows
  }

  end(): void {
    if (this.#open !== '') throw new Error('a quote is not closed')
  }
}

/**
 * Rows of a CSV file, a group for each piece that is read: the tables have a million lines, and a step of an
 * asynchronous iterator for each costs more than reading it. Throws where a quote is not closed, and when aborted.
 */
export async function* csvRows(path: string, signal?: AbortSignal): AsyncGenerator<readonly (readonly string[])[]> {
  const records = new Records()
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: chunk_bytes })) {
    signal?.throwIfAborted()
    const lines = (rest + (chunk as string)).split('\n')
    rest = lines.pop()!
    if (rest.length > record_chars_max) throw new Error(`a line is longer than ${record_chars_max} characters`)
    yield records.of(lines)
  }
  yield records.of([rest])
  records.end()
}
