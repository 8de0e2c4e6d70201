import type { Database } from './client.ts'
import type { TimeRange } from './model.ts'
import { Bindings } from './sql.ts'

/** Rows and packets stored raw in the range, over all organisations. */
export async function stored(db: Database, range: TimeRange): Promise<{ rows: number; packets: number }> {
  const b = new Bindings()
  const [row] = await db.rows<{ rows: number; total: number }>(
    `SELECT count() AS rows, sum(packets) AS total FROM flow WHERE minute >= ${b.time(range.from)} AND minute < ${b.time(range.to)}`, b)
  return { rows: row!.rows, packets: row!.total }
}

/** Rows and bytes on disk of each table that has any. */
export async function size(db: Database): Promise<{ table: string; rows: number; bytes: number }[]> {
  return db.rows(
    'SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table ORDER BY table')
}
