import { mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { NODE_KEY_FILE } from '../../platform/crypto/node-key.ts'
import { MARKER } from '../../platform/data-directory.ts'
import type { Module, Platform } from '../../platform/module.ts'
import type { AnalyticsStore } from '../open-analytics.ts'
import type { PostgresStore } from '../stores.ts'
import { version } from '../version.ts'
import { copyFile, type CopiedFile } from './copy.ts'
import { writeManifest, type Manifest } from './manifest.ts'
import { backupPostgres } from './postgres-backup.ts'

export interface BackupParts {
  readonly platform: Platform
  readonly postgres: PostgresStore
  readonly clickhouse: AnalyticsStore
  readonly modules: readonly Module[]
}

async function copyNodeFiles(data_dir: string, to: string, onFile: (copied: CopiedFile) => void): Promise<void> {
  await mkdir(to, { mode: 0o700 })
  for (const name of [MARKER, NODE_KEY_FILE]) {
    const copied = await copyFile(join(data_dir, name), join(to, name))
    if (copied) onFile(copied)
  }
}

/** What was copied must be what a second reading finds. Throws when it is not. */
function compare({ files }: Manifest, directory: string, copies: readonly CopiedFile[]): void {
  const found = new Map(files.map((file) => [join(directory, file.path), file]))
  for (const { to, sha256 } of copies) {
    if (found.get(to)?.sha256 !== sha256) throw new Error(`${relative(directory, to)} is not on the disk as it was written`)
  }
}

/**
 * Writes a backup into the empty `directory`. PostgreSQL comes first and the journals last: what is in the journal and
 * not yet in the stores is written again after a restore, and what is there already is known by its block number.
 * Modules are told when all of it was read back as it was written; not when a store is the operator's own, because then
 * nobody here knows whether that is backed up.
 */
export async function writeBackup(parts: BackupParts, directory: string, onFile: (copied: CopiedFile) => void): Promise<Manifest> {
  const { platform, postgres, clickhouse, modules } = parts
  const copies: CopiedFile[] = []
  const keep = (copied: CopiedFile) => {
    copies.push(copied)
    onFile(copied)
  }
  if (postgres.embedded) await backupPostgres(postgres.pool, postgres.embedded.cluster, join(directory, 'postgres'), keep)
  if (clickhouse.embedded) await clickhouse.store.snapshot(join(directory, 'clickhouse'))
  for (const module of modules) {
    if (!module.backup) continue
    const folder = join(directory, 'modules', module.name)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await module.backup(folder)
  }
  await copyNodeFiles(platform.data_dir, join(directory, 'node'), keep)
  const manifest = await writeManifest(directory, {
    version,
    created_at: new Date(platform.world.now()).toISOString(),
    fingerprint: platform.node_key.fingerprint,
    postgres: postgres.embedded ? 'embedded' : 'external',
    clickhouse: clickhouse.embedded ? 'embedded' : 'external',
  })
  compare(manifest, directory, copies)
  if (postgres.embedded && clickhouse.embedded) for (const module of modules) await module.backedUp?.()
  return manifest
}
