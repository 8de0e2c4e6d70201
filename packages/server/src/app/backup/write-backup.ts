import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
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

/**
 * Writes a backup into the empty `directory`. PostgreSQL comes first and the journals last: what is in the journal and
 * not yet in the stores is written again after a restore, and what is there already is known by its block number.
 */
export async function writeBackup(parts: BackupParts, directory: string, onFile: (copied: CopiedFile) => void): Promise<Manifest> {
  const { platform, postgres, clickhouse, modules } = parts
  if (postgres.embedded) await backupPostgres(postgres.pool, postgres.embedded.cluster, join(directory, 'postgres'), onFile)
  if (clickhouse.embedded) await clickhouse.store.snapshot(join(directory, 'clickhouse'))
  for (const module of modules) {
    if (!module.backup) continue
    const folder = join(directory, 'modules', module.name)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await module.backup(folder)
  }
  await copyNodeFiles(platform.data_dir, join(directory, 'node'), onFile)
  return writeManifest(directory, {
    version,
    created_at: new Date(platform.world.now()).toISOString(),
    fingerprint: platform.node_key.fingerprint,
    postgres: postgres.embedded ? 'embedded' : 'external',
    clickhouse: clickhouse.embedded ? 'embedded' : 'external',
  })
}
