import type { Database } from './client.ts'
import { fillMaterialized } from './fill-materialized.ts'
import { addMaterializedDdl, alterSettingsDdl, embeddedDdl } from './schema/ddl.ts'
import { networkDdl } from './schema/networks.ts'
import { allTables, rollupTables, type TableDefinition } from './schema/tables.ts'
import type { Layouts } from './schema/columns.ts'

/** A step forward; steps are only ever added. */
interface Migration {
  readonly version: number
  readonly statements: (layouts: Layouts) => readonly string[]
  /** What is to be done with rows that are there already. */
  readonly fill?: (db: Database) => Promise<void>
}

const tablesOfVersion = (layouts: Layouts, version: number): TableDefinition[] => allTables(layouts).filter(({ since = 1 }) => since === version)
const asOfVersion1 = (table: TableDefinition): TableDefinition => ({ ...table, materialized: [] })

const migrations: readonly Migration[] = [
  { version: 1, statements: (layouts) => [...networkDdl(), ...tablesOfVersion(layouts, 1).map(asOfVersion1).map(embeddedDdl)] },
  { version: 2, statements: () => rollupTables().flatMap(addMaterializedDdl), fill: fillMaterialized },
  { version: 3, statements: (layouts) => tablesOfVersion(layouts, 3).map(embeddedDdl) },
  { version: 4, statements: () => rollupTables().map(alterSettingsDdl) },
]

/** Creates and upgrades the tables; may run any number of times, and again after it was cut off. */
export async function migrate(db: Database, layouts: Layouts): Promise<void> {
  await db.command('CREATE TABLE IF NOT EXISTS schema_version (version UInt32) ENGINE = MergeTree ORDER BY version SETTINGS fsync_after_insert = 1, fsync_part_directory = 1')
  const [row] = await db.rows<{ version: number }>('SELECT max(version) AS version FROM schema_version')
  for (const migration of migrations) {
    if (migration.version <= (row?.version ?? 0)) continue
    for (const statement of migration.statements(layouts)) await db.command(statement)
    await migration.fill?.(db)
    await db.command(`INSERT INTO schema_version SELECT ${migration.version}`)
  }
  await checkLayouts(db, layouts)
}

/** The tables must have exactly the columns that are defined now: a mismatch would store one column as another. */
async function checkLayouts(db: Database, layouts: Layouts): Promise<void> {
  const expected = new Map(allTables(layouts).map((table) => [table.name, [...table.columns, ...(table.materialized ?? [])].map((column) => `${column.name} ${column.type}`)]))
  const rows = await db.rows<{ table: string; columns: string[] }>(
    "SELECT table, groupArray(concat(name, ' ', type)) AS columns FROM (SELECT table, name, type FROM system.columns WHERE database = currentDatabase() ORDER BY table, position) GROUP BY table",
  )
  for (const row of rows) {
    const columns = expected.get(row.table)
    if (columns && columns.join() !== row.columns.join()) throw new Error(`table ${row.table} has other columns than the wire layout: ${row.columns.join()}`)
  }
}
