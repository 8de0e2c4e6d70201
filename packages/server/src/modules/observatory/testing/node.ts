import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realWorld, type ProblemCode, type World } from '@hirundo/base'
import type { Input, Output, Route } from '@hirundo/contract'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import { pino } from 'pino'
import { writeAudit } from '../../../platform/audit.ts'
import { openNodeKey } from '../../../platform/crypto/node-key.ts'
import { connect } from '../../../platform/db/connect.ts'
import { startEmbeddedPostgres } from '../../../platform/db/embedded-postgres.ts'
import { migrate } from '../../../platform/db/migrate.ts'
import { platformMigrations } from '../../../platform/db/platform-migrations.ts'
import { makeMetrics } from '../../../platform/metrics.ts'
import type { Actor, Platform } from '../../../platform/module.ts'
import { prepareDataDirectory } from '../../../platform/data-directory.ts'
import { makeSettings } from '../../../platform/settings/settings.ts'
import { accountForPostgres } from '../../../platform/db/run-as.ts'
import { observatory, type ObservatoryConfig } from '../index.ts'
import { migrations } from '../migrations/index.ts'
import { MemoryStore } from './memory-store.ts'

/** Nodes that a failed test left running: they are closed with the database. */
const open = new Set<{ close(): Promise<void> }>()

export interface TestDatabase {
  /** A fresh database on the shared server. */
  fresh(): Promise<{ db: Kysely<unknown>; close(): Promise<void> }>
  stop(): Promise<void>
}

/** One PostgreSQL for a test file; each test takes a database of its own. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const log = pino({ level: 'silent' })
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-observatory-'))
  await prepareDataDirectory(directory, await accountForPostgres())
  const server = await startEmbeddedPostgres({ data_dir: directory, log, onRestart: () => undefined })
  let number = 0
  return {
    async fresh() {
      const name = `test_${++number}`
      const admin = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new Pool(server.connection) }) })
      await sql`create database ${sql.id(name)}`.execute(admin)
      await admin.destroy()
      const { db, close } = connect({ ...server.connection, database: name }, log)
      await migrate(db, [{ name: 'platform', migrations: platformMigrations }, { name: 'observatory', migrations }], log)
      return { db, close }
    },
    async stop() {
      for (const node of open) await node.close()
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export const administrator: Actor = {
  kind: 'token', actor_id: 'test', name: 'test', organisation_id: 1, scopes: ['sensors:read', 'sensors:write', 'observatory:read', 'node:operate'],
}

export interface TestNode {
  readonly store: MemoryStore
  readonly db: Kysely<unknown>
  readonly logged: string[]
  /** Calls a handler as the API does; gives the problem's code, or the value. */
  call<R extends Route>(route: R, input: Partial<Input<R>>, more?: { actor?: Actor; body?: Uint8Array; headers?: Record<string, string> }): Promise<{ code: ProblemCode } | Output<R>>
  /** Ends the module as a kill would: nothing is finished that was begun. */
  restart(store?: MemoryStore): Promise<void>
  close(): Promise<void>
}

export const testConfig: Partial<ObservatoryConfig> = {
  flush_after_ms: 20, retry_ms_min: 5, retry_ms_max: 20, networks: false, rollup_every_ms: 50, rollup_quiet_ms: 0,
}

/** The module on a database of its own, with the analytics store in memory. */
export async function startTestNode(
  database: TestDatabase, { config = {}, world = realWorld, store = new MemoryStore() }: { config?: Partial<ObservatoryConfig>; world?: World; store?: MemoryStore } = {},
): Promise<TestNode> {
  const { db, close } = await database.fresh()
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-observatory-'))
  const logged: string[] = []
  const platform: Platform = {
    world, db, log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }), analytics: store.asStore(),
    audit: (entry, within = db) => writeAudit(within, world, entry), metrics: makeMetrics(),
    settings: makeSettings(db), node_key: await openNodeKey(directory), data_dir: directory,
  }
  const make = () => observatory(platform, { ...testConfig, ...config })
  let module = make()
  await module.start!()
  const node: TestNode = {
    store, db, logged,
    async call(route, input, { actor = administrator, body, headers = {} } = {}) {
      const { answer } = module.handlers.find((handler) => handler.route === (route as Route))!
      const result = await answer(input as never, { actor, raw_body: body, headers, request_id: 'test' })
      return (result.ok ? result.value : result.problem) as never
    },
    async restart() {
      await module.stop!()
      module = make()
      await module.start!()
    },
    async close() {
      open.delete(node)
      await module.stop!()
      await close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  open.add(node)
  return node
}
