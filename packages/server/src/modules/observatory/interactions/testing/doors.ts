import { createHash, randomBytes } from 'node:crypto'
import { fail, formatMillis, ok, realWorld, uuidV4, type World } from '@hirundo/base'
import { scopesOfRole, type Role, type Scope } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { auditHandlers, writeAudit } from '../../../../platform/audit.ts'
import { scopesIn } from '../../../../platform/auth/scopes.ts'
import { platformDb } from '../../../../platform/db/tables.ts'
import { addApiRoutes } from '../../../../platform/http/api-routes.ts'
import { makeHttpServer } from '../../../../platform/http/server.ts'
import { makeMetrics } from '../../../../platform/metrics.ts'
import type { Handler, Platform } from '../../../../platform/module.ts'
import { makeSettings, settingsHandlers } from '../../../../platform/settings/settings.ts'
import { observatorySettings } from '../../config.ts'
import { observatoryDb } from '../../tables.ts'
import type { TestDatabase } from '../../testing/node.ts'
import { interactionHandlers } from '../routes.ts'
import { MemoryInteractions } from './memory-interactions.ts'

export interface Answered {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
  /** As it went over the wire. */
  readonly text: string
}

export interface AskOptions {
  readonly role?: Role
  readonly scopes?: readonly Scope[]
  readonly organisation?: number
  readonly body?: unknown
  /** Bytes that are not JSON. */
  readonly text?: string
}

/** The routes of interactions behind the real HTTP server, over a store in memory. */
export interface Doors {
  readonly heard: MemoryInteractions
  readonly db: Kysely<unknown>
  readonly logged: string[]
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options?: AskOptions): Promise<Answered>
  /** The internal number of a sensor that is approved. */
  sensor(name: string, more?: { readonly organisation?: number; readonly simulated?: boolean }): Promise<number>
  organisation(name: string): Promise<number>
  close(): Promise<void>
}


type Callers = Map<string, { readonly organisation: number; readonly scopes: readonly Scope[] }>

/** Lets in as the real one does; who asks is known by the address. */
function addRoutes(server: ReturnType<typeof makeHttpServer>, handlers: readonly Handler[], callers: Callers): void {
  addApiRoutes(server, handlers, {
    authenticate: async ({ address }, { needs }) => {
      const { organisation, scopes } = callers.get(address)!
      const actor = { kind: 'token' as const, actor_id: 'caller', name: 'Caller', organisation_id: organisation, scopes: scopesIn(organisation, scopes) }
      return actor.scopes.includes(needs as Scope) ? ok({ actor, stands: async () => true }) : fail('auth/forbidden', { needs })
    },
  })
}

export async function startDoors(database: TestDatabase, world: World = realWorld): Promise<Doors> {
  const { db, close } = await database.fresh()
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const heard = new MemoryInteractions()
  const analytics = { interactions: heard, networksAsOf: async () => '2026-01-01' }
  const platform = {
    world, db, log, analytics, audit: (entry, within = db) => writeAudit(within, world, entry), metrics: makeMetrics(), settings: makeSettings(db),
  } as Pick<Platform, 'world' | 'db' | 'log' | 'audit' | 'metrics' | 'settings'> as Platform
  const server = makeHttpServer({ config: { body_bytes_max: 65_536, connections_max: 10, request_ms_max: 30_000, trusted_proxies: [] }, log, count: () => undefined })
  const callers: Callers = new Map()
  addRoutes(server, [...interactionHandlers(platform), ...auditHandlers(db), ...settingsHandlers(db, world, observatorySettings)], callers)
  let calls = 0
  return {
    heard, db, logged,
    async ask(method, path, { role = 'administrator', scopes = scopesOfRole[role], organisation = 1, body, text } = {}) {
      const remoteAddress = `198.51.100.${++calls % 250}`
      callers.set(remoteAddress, { organisation, scopes })
      const payload = text ?? (body === undefined ? undefined : JSON.stringify(body))
      const answer = await server.inject({
        method, url: `/api/v1${path}`, remoteAddress, headers: payload === undefined ? {} : { 'content-type': text === undefined ? 'application/json' : 'text/plain' },
        ...(payload === undefined ? {} : { payload }),
      })
      return { status: answer.statusCode, text: answer.body, body: JSON.parse(answer.body) }
    },
    async sensor(name, { organisation = 1, simulated = false } = {}) {
      const public_key = randomBytes(32)
      const { id } = await observatoryDb(db).insertInto('sensor').values({
        uuid: uuidV4(world), organisation_id: organisation, name, state: 'approved', kind: 'live', public_key,
        fingerprint: createHash('sha256').update(public_key).digest('hex'), simulated, version: null,
        created_at: new Date(world.now()), approved_at: new Date(world.now() - 86_400_000), revoked_at: null,
      }).returning('id').executeTakeFirstOrThrow()
      return id
    },
    async organisation(name) {
      const { id } = await platformDb(db).insertInto('organisation').values({ uuid: uuidV4(world), name, created_at: new Date(world.now()) }).returning('id').executeTakeFirstOrThrow()
      return id
    },
    async close() {
      await server.close()
      await close()
    },
  }
}

/** The last hour as a query. */
export const lastHour = (now_ms: number): string => `from=${formatMillis(now_ms - 3_600_000)}&to=${formatMillis(now_ms + 60_000)}`
