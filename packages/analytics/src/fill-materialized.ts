import type { Database } from './client.ts'
import { rollupTables } from './schema/tables.ts'
import { Bindings } from './sql.ts'

/**
 * Has the engine write, in the background, the columns it computes into parts that are older than these columns. Until
 * a part is done, reading computes the column: right, but as slow as without it. Wide parts keep their other files.
 */
export async function fillMaterialized(db: Database): Promise<void> {
  for (const { name: table, materialized = [] } of rollupTables()) {
    for (const { name: column } of materialized) {
      if (await isToBeFilled(db, table, column)) await db.command(`ALTER TABLE ${table} MATERIALIZE COLUMN ${column}`, undefined, { mutations_sync: '0' })
    }
  }
}

/** Some part lacks the column, and no statement that was cut off has already ordered it. */
async function isToBeFilled(db: Database, table: string, column: string): Promise<boolean> {
  const b = new Bindings()
  const of = `database = currentDatabase() AND table = ${b.bind(table, 'String')}`
  const rows = await db.rows(
    `SELECT 1 FROM system.parts WHERE ${of} AND active ` +
      `AND name NOT IN (SELECT name FROM system.parts_columns WHERE ${of} AND active AND column = ${b.bind(column, 'String')}) ` +
      `AND NOT EXISTS (SELECT 1 FROM system.mutations WHERE ${of} AND NOT is_done AND command LIKE ${b.bind(`%MATERIALIZE COLUMN ${column}%`, 'String')}) LIMIT 1`, b)
  return rows.length > 0
}
