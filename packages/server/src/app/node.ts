import { resolve } from 'node:path'
import { StoreError, type Store } from '@hirundo/analytics'
import { ok, realWorld, type World } from '@hirundo/base'
import { nodeStatus, type NodeStatus } from '@hirundo/contract'
import { webAssets } from '@hirundo/web/assets'
import type { Logger } from 'pino'
import { auditHandlers, writeAudit } from '../platform/audit.ts'
import { peopleHandlers } from '../platform/auth/people/handlers.ts'
import { makeKit } from '../platform/auth/people/index.ts'
import type { Kit } from '../platform/auth/people/kit.ts'
import { makeOidc } from '../platform/auth/people/oidc.ts'
import { authHandlers } from '../platform/auth/routes.ts'
import { openNodeKey } from '../platform/crypto/node-key.ts'
import { forgetRunning, lockDataDirectory, prepareDataDirectory, recordRunning } from '../platform/data-directory.ts'
import { isAway } from '../platform/db/connect.ts'
import { migrate } from '../platform/db/migrate.ts'
import { platformMigrations } from '../platform/db/platform-migrations.ts'
import { accountForPostgres } from '../platform/db/run-as.ts'
import { makeLog } from '../platform/log/log.ts'
import { makeMetrics, type MetricsRegistry } from '../platform/metrics.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { handle, type Handler, type Module, type Platform } from '../platform/module.ts'
import { makeSettings, settingsHandlers } from '../platform/settings/settings.ts'
import { makeBackups } from './backup/backups.ts'
import type { NodeConfig } from './config.ts'
import { firstToken, newAdministratorToken } from './first-token.ts'
import { checkListen, listenOn } from './listen.ts'
import { makeModules, type Bound } from './modules.ts'
import { answering, healthOf } from './node-checks.ts'
import { closeServer, nodeServer } from './node-http.ts'
import { openAnalytics, type AnalyticsStore } from './open-analytics.ts'
import { setupLink } from './setup-link.ts'
import { openPostgres, type PostgresStore } from './stores.ts'
import { STORE_STEP_MS_MAX, Undo } from './undo.ts'
import { version } from './version.ts'

export interface NodeOptions {
  /** From `readConfig`. */
  readonly config: NodeConfig
  readonly world?: World
  /** Absent: JSON lines on stderr at the configured level. */
  readonly log?: Logger
  /** Told what somebody who waits for the start wants to know. */
  readonly say?: (text: string) => void
  /** Makes one more administrator's token, for an operator who lost theirs. */
  readonly new_admin_token?: boolean
  /** Absent: all of them. */
  readonly modules?: (platform: Platform, config: NodeConfig, bound: Bound) => readonly Module[]
}

export interface Node {
  readonly url: string
  /** The administrator's token, on the first start or when a new one was asked for. */
  readonly token: string | undefined
  /** Link for the first administrator, while nobody has signed in. */
  readonly setup: string | undefined
  readonly fingerprint: string
  readonly platform: Platform
  readonly analytics: Store
  /** Process ids of the stores, for tests that kill them; undefined: the operator's own, or just down. */
  children(): { readonly postgres: number | undefined; readonly clickhouse: number | undefined }
  /** Stops in order; may be called again. */
  stop(): Promise<void>
}

interface Stores {
  readonly postgres: PostgresStore
  readonly clickhouse: AnalyticsStore
}

async function openStores(config: NodeConfig, data_dir: string, log: Logger, metrics: MetricsRegistry, undo: Undo): Promise<Stores> {
  const postgres = await openPostgres(config, data_dir, log, metrics)
  undo.add('postgres', async () => {
    await postgres.close()
    await postgres.embedded?.stop()
  })
  const clickhouse = await openAnalytics(config, data_dir, log, metrics)
  undo.add('clickhouse', () => clickhouse.close(), STORE_STEP_MS_MAX)
  return { postgres, clickhouse }
}

async function startModules(modules: readonly Module[], undo: Undo): Promise<void> {
  for (const module of modules) {
    if (module.stop) undo.add(module.name, () => module.stop!())
    await module.start?.()
  }
}

async function makePlatform(options: NodeOptions, stores: Stores, metrics: MetricsRegistry, log: Logger, data_dir: string): Promise<Platform> {
  const { db } = stores.postgres
  const world = options.world ?? realWorld
  return {
    world, log, db, metrics, data_dir,
    analytics: stores.clickhouse.store,
    audit: (entry, within = db) => writeAudit(within, world, entry),
    settings: makeSettings(db),
    node_key: await openNodeKey(data_dir),
  }
}

function statusOf(platform: Platform, stores: Stores, modules: readonly Module[], started: number): () => Promise<NodeStatus> {
  const health = healthOf(() => [answering('postgres', () => stores.postgres.ping()), answering('clickhouse', () => stores.clickhouse.store.ping())], modules)
  return async () => {
    const { ready, checks, sensors } = await health()
    return {
      version, ready, checks: [...checks], sensors,
      fingerprint: platform.node_key.fingerprint,
      started_at: new Date(started).toISOString(),
      uptime_s: Math.max(0, Math.round((platform.world.now() - started) / 1000)),
    }
  }
}

const handlersOf = (platform: Platform, { oidc }: NodeConfig, kit: Kit, modules: readonly Module[], status: () => Promise<NodeStatus>): readonly Handler[] => [
  ...authHandlers(platform.db, platform.world),
  ...peopleHandlers(kit, oidc && makeOidc(kit, oidc)),
  ...auditHandlers(platform.db),
  ...settingsHandlers(platform.db, platform.world, modules.flatMap((module) => module.settings ?? [])),
  handle(nodeStatus, async () => ok(await status())),
  ...modules.flatMap((module) => module.handlers),
]

async function start(options: NodeOptions, log: Logger, undo: Undo): Promise<Node> {
  const { config } = options
  const data_dir = resolve(config.data_dir)
  await prepareDataDirectory(data_dir, config.database_url === undefined ? await accountForPostgres() : undefined)
  const lock = await lockDataDirectory(data_dir)
  undo.add('lock', () => lock.release())
  await checkListen(config.listen)
  const metrics = makeMetrics()
  const stores = await openStores(config, data_dir, log, metrics, undo)
  const platform = await makePlatform(options, stores, metrics, log, data_dir)
  const started = platform.world.now()
  const bound: { port: number | undefined } = { port: undefined }
  const modules = (options.modules ?? makeModules)(platform, config, bound)
  await migrate(platform.db, [{ name: 'platform', migrations: platformMigrations }, ...modules], log)
  const first = await firstToken(platform.db, platform.world, data_dir)
  const token = first ?? (options.new_admin_token ? await newAdministratorToken(platform.db, platform.world, data_dir) : undefined)
  await startModules(modules, undo)
  const status = statusOf(platform, stores, modules, started)
  const pages = await webAssets((text) => {
    log.info({}, text)
    options.say?.(text)
  })
  const backups = makeBackups({ platform, modules, ...stores })
  const kit = makeKit({ db: platform.db, world: platform.world, log, bounds: config.people })
  const server = nodeServer(platform, config, kit, metrics, [...handlersOf(platform, config, kit, modules, status), ...backups], status, pages)
  undo.add('http', () => closeServer(server))
  const { url, port } = await listenOn(server, config.listen)
  bound.port = port
  const setup = await setupLink(platform.db, platform.world, config.public_url ?? url)
  undo.add('record', () => forgetRunning(data_dir))
  await recordRunning(data_dir, { pid: process.pid, url, started_at: new Date(started).toISOString() })
  log.info({ url, version }, 'the node is ready')
  return {
    url, token, setup, platform,
    fingerprint: platform.node_key.fingerprint,
    analytics: platform.analytics,
    children: () => ({ postgres: stores.postgres.embedded?.pid(), clickhouse: stores.clickhouse.pid() }),
    stop: () => undo.run(),
  }
}

const wentAway = (error: unknown): boolean => isAway(error) || (error instanceof StoreError && error.problem.code === 'node/unavailable')

/**
 * Starts a node in this process: both stores, modules, HTTP. Resolves when it is ready. Throws OperatorError when the
 * operator has to put something right; whatever was begun is then ended again.
 */
export async function startNode(options: NodeOptions): Promise<Node> {
  const log = options.log ?? makeLog(options.config.log_level)
  const undo = new Undo(log)
  try {
    return await start(options, log, undo)
  } catch (error) {
    await undo.run()
    throw wentAway(error) ? new OperatorError(`A store went away while the node started: ${(error as Error).message}`, 'Start the node again; its log says how the store ended.') : error
  }
}
