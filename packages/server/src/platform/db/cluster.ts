import { execFile } from 'node:child_process'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { OperatorError } from '../operator-error.ts'
import { makePrivate } from '../socket-dir.ts'
import type { PostgresBinaries } from './binaries.ts'
import type { RunAs } from './run-as.ts'

const run = promisify(execFile)

export const DATABASE_USER = 'hirundo'
const PORT = 5432
export const SOCKET_FILE = `.s.PGSQL.${PORT}`

/**
 * Only what differs from PostgreSQL's defaults. Given on the command line at each start, so that an upgrade of the
 * node upgrades them. Statements and details stay out of the log: they hold values.
 */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(PORT),
  unix_socket_permissions: '0700',
  max_connections: '40',
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '512MB',
  huge_pages: 'off',
  jit: 'off',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_line_prefix: '',
}

export const postgresArguments = (cluster: string, socket_dir: string): string[] => [
  '-D', cluster, '-k', socket_dir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]

/** A clean environment: nothing of ours (tokens, PG* variables) reaches the child. */
export const postgresEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC',
})

async function initialise(cluster: string, binaries: PostgresBinaries, account: RunAs | undefined): Promise<void> {
  const flags = [
    `--pgdata=${cluster}`, `--username=${DATABASE_USER}`, '--auth=trust', '--encoding=UTF8',
    '--locale-provider=builtin', '--locale=C.UTF-8', '--lc-collate=C', '--lc-ctype=C', '--lc-messages=C',
  ]
  try {
    await run(binaries.initdb, flags, { env: postgresEnvironment(), cwd: '/', ...account })
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error).trim()
    throw new OperatorError(`PostgreSQL could not make its files: ${said}`, 'See the reason above; "hirundo doctor" checks the usual ones.')
  }
  // No TCP is listened on and the socket lies in a directory that only this account and root may enter: who gets
  // there owns the files already, so a password would add a secret and no protection.
  await writeFile(join(cluster, 'pg_hba.conf'), `local all ${DATABASE_USER} trust\n`)
}

/**
 * Makes the cluster on the first start; returns whether it is new. It is made beside its place and moved there whole,
 * so a first start that was cut short begins again and nothing that exists is ever removed.
 */
export async function ensureCluster(cluster: string, binaries: PostgresBinaries, account: RunAs | undefined): Promise<boolean> {
  if (await clusterVersion(cluster)) return false
  const unfinished = `${cluster}.new`
  await rm(unfinished, { recursive: true, force: true })
  await makePrivate(unfinished, account)
  await initialise(unfinished, binaries, account)
  await rename(unfinished, cluster)
  return true
}

/** Version of the files, or undefined when there is no cluster. */
export async function clusterVersion(cluster: string): Promise<string | undefined> {
  return (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined))?.trim()
}
