import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool, PoolClient } from 'pg'
import { copyFile, copyTree, syncDirectory, type CopiedFile } from './copy.ts'

/** Directories whose content a base backup leaves out (PostgreSQL 18 manual, section 25.3.4); they stay as such. */
const emptied = ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans']
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'backup_label.old', 'tablespace_map'])
/** PostgreSQL looks for this one; its segments before the start are of no use. */
const keptDirectories = new Set([...emptied.map((name) => `${name}/`), 'pg_wal/archive_status/', 'pg_wal/summaries/'])

function belongs(path: string): boolean {
  if (keptDirectories.has(path)) return true
  if (emptied.some((name) => path.startsWith(`${name}/`)) || leftOut.has(path)) return false
  const name = path.replace(/\/$/, '').split('/').at(-1)!
  return !name.startsWith('pgsql_tmp') && !name.startsWith('pg_internal.init')
}

const segment = async (client: PoolClient, lsn: string): Promise<string> =>
  (await client.query<{ name: string }>('select pg_walfile_name($1::pg_lsn) as name', [lsn])).rows[0]!.name

async function copyLog(cluster: string, to: string, first: string, last: string, onFile: (copied: CopiedFile) => void): Promise<void> {
  const names = (await readdir(join(cluster, 'pg_wal'))).filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last)
  for (const name of names) {
    const copied = await copyFile(join(cluster, 'pg_wal', name), join(to, 'pg_wal', name))
    if (copied) onFile(copied)
  }
  await syncDirectory(join(to, 'pg_wal'))
}

async function copyCluster(client: PoolClient, cluster: string, to: string, onFile: (copied: CopiedFile) => void): Promise<void> {
  // A slot of this session keeps the log that the copy needs; it goes with the connection, however that ends.
  await client.query(`select pg_create_physical_replication_slot('hirundo_backup_' || pg_backend_pid(), true, true)`)
  const started = await client.query<{ lsn: string }>(`select pg_backup_start('hirundo', true) as lsn`)
  await copyTree(cluster, to, belongs, onFile)
  const stopped = await client.query<{ lsn: string; labelfile: string; spcmapfile: string }>('select * from pg_backup_stop(false)')
  const { lsn, labelfile } = stopped.rows[0]!
  await writeFile(join(to, 'backup_label'), labelfile, { mode: 0o600, flush: true })
  await copyLog(cluster, to, await segment(client, started.rows[0]!.lsn), await segment(client, lsn), onFile)
  await syncDirectory(to)
}

/**
 * A base backup of the running cluster below `to`, complete with the log it needs: a PostgreSQL started on the copy
 * recovers to the end of the backup. Rejects when the database goes away meanwhile.
 */
export async function backupPostgres(pool: Pool, cluster: string, to: string, onFile: (copied: CopiedFile) => void): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    await copyCluster(client, cluster, to, onFile)
  } finally {
    // Not given back to the pool: the session holds the slot, and perhaps a backup that was not ended.
    client.release(true)
  }
}
