import { cp, link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from './client.ts'
import { fillMaterialized } from './fill-materialized.ts'
import { Bindings } from './sql.ts'
import { StoreError } from './store-error.ts'

/** What a snapshot holds: parts by table, with their rows, so that a restore can be checked. */
interface Manifest {
  readonly format: 'hirundo-analytics-snapshot'
  readonly version: 1
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly parts: readonly string[] }>>
}

const MANIFEST = 'manifest.json'

interface TableRow { readonly name: string; readonly path: string }

async function tablesToKeep(db: Database): Promise<TableRow[]> {
  return db.rows<TableRow>(
    "SELECT name, data_paths[1] AS path FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' " +
      "AND NOT startsWith(name, 'staging_') AND NOT startsWith(name, 'late_') ORDER BY name")
}

/** Links every file of a part; copies where the file system cannot link. */
async function linkPart(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await linkPart(source, target)
    else await link(source, target).catch(() => cp(source, target))
  }
  await syncDirectory(to)
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Freezes one table's active parts and links them below `directory`. */
async function snapshotTable(db: Database, table: TableRow, directory: string, name: string): Promise<{ rows: number; parts: string[] }> {
  const frozen = await freeze(db, table, name)
  let rows = 0
  const parts: string[] = []
  try {
    for (const part of await readdir(frozen).catch(() => [])) {
      await linkPart(join(frozen, part), join(directory, table.name, part))
      rows += Number(await readFile(join(frozen, part, 'count.txt'), 'utf8').catch(() => '0'))
      parts.push(part)
    }
  } finally {
    await db.command(`ALTER TABLE ${table.name} UNFREEZE WITH NAME '${name}'`)
  }
  return { rows, parts }
}

/** Where the frozen parts lie: below `shadow/NAME`, with the table's own path repeated. */
async function freeze(db: Database, table: TableRow, name: string): Promise<string> {
  await db.command(`ALTER TABLE ${table.name} FREEZE WITH NAME '${name}'`)
  const at = Math.max(table.path.lastIndexOf('/store/'), table.path.lastIndexOf('/data/'))
  return join(table.path.slice(0, at), 'shadow', name, table.path.slice(at))
}

/**
 * Writes a snapshot of all tables to `directory`, which must not exist; it appears when it is complete. The engine's
 * files must be on this machine: for a server elsewhere use its own BACKUP.
 */
export async function snapshot(db: Database, directory: string): Promise<void> {
  const partial = `${directory}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  const tables: Record<string, { rows: number; parts: string[] }> = {}
  for (const table of await tablesToKeep(db)) {
    tables[table.name] = await snapshotTable(db, table, partial, 'hirundo_snapshot')
  }
  const manifest: Manifest = { format: 'hirundo-analytics-snapshot', version: 1, tables }
  await writeFile(join(partial, MANIFEST), JSON.stringify(manifest), { mode: 0o600, flush: true })
  await syncDirectory(partial)
  await rename(partial, directory)
  await syncDirectory(join(directory, '..'))
}

async function readManifest(directory: string): Promise<Manifest> {
  const manifest = JSON.parse(await readFile(join(directory, MANIFEST), 'utf8')) as Manifest
  if (manifest.format !== 'hirundo-analytics-snapshot' || manifest.version !== 1) throw new StoreError('backup/failed', { reason: 'not a snapshot' })
  return manifest
}

const partName = /^[0-9A-Za-z_-]+$/

/** Puts a snapshot into an empty, migrated store and checks its rows. Problem: `backup/failed`. */
export async function restoreSnapshot(db: Database, directory: string): Promise<void> {
  const manifest = await readManifest(directory)
  for (const table of await tablesToKeep(db)) {
    if (table.name === 'schema_version') continue
    const kept = manifest.tables[table.name]
    if (!kept) continue
    const before = await count(db, table.name)
    if (before !== 0) throw new StoreError('backup/failed', { reason: `table ${table.name} is not empty` })
    for (const part of kept.parts) {
      if (!partName.test(part)) throw new StoreError('backup/failed', { reason: 'not the name of a part' })
      await linkPart(join(directory, table.name, part), join(table.path, 'detached', part))
      await db.command(`ALTER TABLE ${table.name} ATTACH PART '${part}'`)
    }
    const rows = await count(db, table.name)
    if (rows !== kept.rows) throw new StoreError('backup/failed', { reason: `table ${table.name}: ${rows} rows instead of ${kept.rows}` })
  }
  // A snapshot may be older than the tables' last columns.
  await fillMaterialized(db)
  for (const { name } of await db.rows<{ name: string }>('SELECT name FROM system.dictionaries WHERE database = currentDatabase()')) {
    await db.command(`SYSTEM RELOAD DICTIONARY ${name}`)
  }
}

async function count(db: Database, table: string): Promise<number> {
  const [row] = await db.rows<{ rows: number }>(`SELECT count() AS rows FROM ${table}`, new Bindings())
  return row!.rows
}
