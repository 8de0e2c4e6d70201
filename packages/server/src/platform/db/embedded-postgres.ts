import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { OperatorError } from '../operator-error.ts'
import { postgresBinaries, type PostgresBinaries } from './binaries.ts'
import { removeTemporary, socketDir } from '../socket-dir.ts'
import { clusterVersion, DATABASE_USER, ensureCluster, postgresArguments, postgresEnvironment, SOCKET_FILE } from './cluster.ts'
import { keepTrying } from './keep-trying.ts'
import { endPostgres, stopOrphan } from './orphan.ts'
import { logPostgres } from './postgres-log.ts'
import { accountForPostgres, firstUnreachable, type RunAs } from './run-as.ts'

/** The major version of the binaries; files of another need an upgrade by hand. */
const MAJOR = '18'
const ANSWER_WITHIN_MS = 60_000
const backoff_ms_max = 5000
const STABLE_AFTER_MS = 60_000

export interface EmbeddedPostgres {
  /** For `pg`: where and who. */
  readonly connection: { readonly host: string; readonly user: string; readonly database: string }
  /** Folder of the cluster's files. */
  readonly cluster: string
  readonly account: RunAs | undefined
  readonly pid: () => number | undefined
  /** Ends it in order; resolves when the process is gone. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  readonly data_dir: string
  readonly log: Logger
  /** Called each time it died unasked. */
  readonly onRestart: () => void
  /** How long the first start may fail and be tried again; default `START_MS_MAX`. */
  readonly start_ms_max?: number
}

interface Place {
  readonly cluster: string
  readonly socket_dir: string
  readonly binaries: PostgresBinaries
  readonly account: RunAs | undefined
}

async function prepare({ data_dir, log }: EmbeddedOptions): Promise<Place> {
  const account = await accountForPostgres()
  const unreachable = firstUnreachable(data_dir, account)
  if (unreachable) {
    throw new OperatorError(
      `PostgreSQL runs as "postgres" and may not enter ${unreachable}, which leads to its files.`,
      `Choose a data directory that every account may pass to (chmod o+x ${unreachable}), or start the node as another user than root.`,
    )
  }
  const binaries = await postgresBinaries(account, join(data_dir, 'postgres-programs'))
  const cluster = join(data_dir, 'postgres')
  const orphan = await stopOrphan(cluster)
  if (orphan !== undefined) log.warn({ part: 'postgres', pid: orphan }, 'ended the PostgreSQL of a node that was killed')
  const version = await clusterVersion(cluster)
  if (version !== undefined && version !== MAJOR) {
    throw new OperatorError(`The files are of PostgreSQL ${version}; this node brings ${MAJOR}.`, 'Upgrade as the operator’s guide says.')
  }
  if (await ensureCluster(cluster, binaries, account)) log.info({ part: 'postgres' }, 'made a new database cluster')
  return { cluster, binaries, account, socket_dir: await socketDir(join(data_dir, 'postgres-socket'), SOCKET_FILE, account) }
}

interface Running {
  readonly child: ChildProcess
  readonly last: () => string
}

function launch(place: Place, log: Logger): Running {
  // Its own process group: Ctrl-C at the terminal must not end it before the node has.
  const child = spawn(place.binaries.postgres, postgresArguments(place.cluster, place.socket_dir), {
    env: postgresEnvironment(), cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'], ...place.account,
  })
  child.on('error', (error) => log.error({ part: 'postgres', err: error }, 'PostgreSQL cannot be started'))
  return { child, ...logPostgres(child.stderr!, log) }
}

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null || child.pid === undefined

/** Waits until it takes connections. False: it ended instead, or never did. */
async function answers(child: ChildProcess, connection: EmbeddedPostgres['connection']): Promise<boolean> {
  for (let waited = 0; waited < ANSWER_WITHIN_MS && !ended(child); waited += 50) {
    const client = new Client({ ...connection, connectionTimeoutMillis: 2000 })
    client.on('error', () => undefined)
    const connected = await client.connect().then(() => true, () => false)
    await client.end().catch(() => undefined)
    if (connected) return true
    await sleep(50)
  }
  return false
}

async function launchAnswering(place: Place, connection: EmbeddedPostgres['connection'], log: Logger): Promise<Running> {
  const running = launch(place, log)
  if (await answers(running.child, connection)) return running
  await endChild(running.child)
  const reason = running.last() || `it ended with ${running.child.signalCode ?? running.child.exitCode}`
  throw new OperatorError(`PostgreSQL does not start: ${reason}`, 'See the reason above; "hirundo doctor" checks the usual ones.')
}

/**
 * Starts PostgreSQL below `data_dir` as a child on a Unix socket and keeps it running: when it dies it is started
 * again, at first at once and then at growing intervals. Throws OperatorError when it cannot be started.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log } = options
  const place = await prepare(options)
  const connection = { host: place.socket_dir, user: DATABASE_USER, database: 'postgres' }
  let running = await keepTrying(() => launchAnswering(place, connection, log), {
    ...(options.start_ms_max === undefined ? {} : { patience_ms: options.start_ms_max }),
    again: () => true,
    onFailure: (error) => log.warn({ part: 'postgres', reason: (error as Error).message }, 'PostgreSQL does not start yet; trying again'),
  })
  const stopping = new AbortController()
  const watch = async () => {
    let failures = 0
    for (;;) {
      const since = performance.now()
      await exit(running.child)
      if (stopping.signal.aborted) return
      failures = performance.now() - since > STABLE_AFTER_MS ? 0 : failures + 1
      log.error({ part: 'postgres', code: running.child.exitCode, signal: running.child.signalCode }, 'PostgreSQL ended; starting it again')
      options.onRestart()
      await sleep(Math.min(backoff_ms_max, 50 * 2 ** failures), undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      running = launch(place, log)
    }
  }
  const watching = watch()
  return {
    connection,
    cluster: place.cluster,
    account: place.account,
    pid: () => running.child.pid,
    async stop() {
      stopping.abort()
      await endChild(running.child)
      await watching
      await removeTemporary(place.socket_dir, options.data_dir)
    },
  }
}

const exit = (child: ChildProcess): Promise<void> =>
  ended(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))

async function endChild(child: ChildProcess): Promise<void> {
  if (!ended(child)) await endPostgres(child.pid!, () => ended(child))
}
