import { ok, fail, realWorld, type World } from '@hirundo/base'
import { scopesOfRole, type Role, type Scope } from '@hirundo/contract'
import { auditHandlers, writeAudit } from '../../../platform/audit.ts'
import { scopesIn } from '../../../platform/auth/scopes.ts'
import { migrate } from '../../../platform/db/migrate.ts'
import { platformMigrations } from '../../../platform/db/platform-migrations.ts'
import { addApiRoutes } from '../../../platform/http/api-routes.ts'
import { makeHttpServer } from '../../../platform/http/server.ts'
import type { Actor, Check, Platform } from '../../../platform/module.ts'
import { silent, startTestPostgres, type TestPostgres } from '../../../platform/testing/postgres.ts'
import { directory } from '../index.ts'
import { migrations } from '../migrations/index.ts'
import type { DirectoryTools } from '../tools.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export interface Asking {
  readonly role?: Role
  readonly organisation?: number
  /** Bytes as they are, for routes that take no JSON. */
  readonly raw?: string
}

/** The routes of the directory behind the real HTTP server, over a real PostgreSQL, and a clock of the test's. */
export class Doors {
  readonly postgres: TestPostgres
  readonly server: ReturnType<typeof makeHttpServer>
  readonly tools: DirectoryTools
  readonly checks: () => Promise<readonly Check[]>
  now_ms = Date.UTC(2026, 10, 20, 9, 0, 0)
  /** Who asks over the network, whatever token they show. */
  by: Actor = { kind: 'token', actor_id: 'program', name: 'Program', organisation_id: 1, scopes: scopesOfRole.coordinator }
  readonly #callers = new Map<string, Actor>()

  constructor(postgres: TestPostgres) {
    this.postgres = postgres
    const world: World = { ...realWorld, now: () => this.now_ms }
    const { db } = postgres
    this.tools = { db, world, audit: (entry, within = db) => writeAudit(within, world, entry) }
    this.server = makeHttpServer({ config: { body_bytes_max: 1_048_576, connections_max: 10, request_ms_max: 30_000, trusted_proxies: [] }, log: silent, count: () => undefined })
    const module = directory(this.tools as Platform)
    this.checks = module.checks ?? (async () => [])
    addApiRoutes(this.server, [...module.handlers, ...auditHandlers(db)], {
      authenticate: async ({ address }, { needs }) => {
        const actor = this.#callers.get(address) ?? this.by
        return actor.scopes.includes(needs as Scope) ? ok({ actor, stands: async () => true }) : fail('auth/forbidden', { needs })
      },
    })
  }

  url(): Promise<string> {
    return this.server.listen({ host: '127.0.0.1', port: 0 })
  }

  // oxlint-disable-next-line typescript/no-explicit-any
  async ask(method: Method, path: string, body?: unknown, { role = 'coordinator', organisation = 1, raw }: Asking = {}): Promise<{ status: number; code: string; body: any; text: string }> {
    const remoteAddress = `198.51.100.${this.#callers.size % 250}`
    this.#callers.set(remoteAddress, { kind: 'token', actor_id: 'caller', name: 'Caller', organisation_id: organisation, scopes: scopesIn(organisation, scopesOfRole[role]) })
    const type = raw === undefined ? 'application/json' : 'text/plain'
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const answer = await this.server.inject({ method, url: `/api/v1${path}`, remoteAddress, headers: payload === undefined ? {} : { 'content-type': type }, ...(payload === undefined ? {} : { payload }) })
    const json = answer.headers['content-type']?.toString().includes('json') ? JSON.parse(answer.body) : undefined
    return { status: answer.statusCode, code: answer.statusCode >= 400 ? String(json.type).replace('urn:hirundo:problem:', '') : '', text: answer.body, body: json }
  }

  /** As `ask`, and fails the test unless the answer is 200. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async must(method: Method, path: string, body?: unknown, asking: Asking = {}): Promise<any> {
    const answer = await this.ask(method, path, body, asking)
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }

  async refused(method: Method, path: string, body?: unknown, asking: Asking = {}): Promise<string> {
    const answer = await this.ask(method, path, body, asking)
    return answer.status === 200 ? 'none' : answer.code
  }

  /** A team of which nothing matters but what is said; its id. */
  async team(short_name: string, more: object = {}, asking: Asking = {}): Promise<string> {
    return (await this.must('POST', '/teams', { name: `${short_name} of the invented`, short_name, kind: 'national', ...more }, asking)).id
  }

  async organisation(name: string): Promise<number> {
    return (await this.postgres.pool.query<{ id: number }>('insert into organisation (name) values ($1) returning id', [name])).rows[0]!.id
  }

  async clear(): Promise<void> {
    const { rows } = await this.postgres.pool.query<{ name: string }>("select tablename as name from pg_tables where tablename like 'directory\\_%'")
    await this.postgres.pool.query(`truncate ${rows.map(({ name }) => name).join(', ')} cascade`)
    this.now_ms = Date.UTC(2026, 10, 20, 9, 0, 0)
  }

  async stop(): Promise<void> {
    await this.server.close()
    await this.postgres.stop()
  }
}

export async function startDoors(): Promise<Doors> {
  const postgres = await startTestPostgres()
  await migrate(postgres.db, [{ name: 'platform', migrations: platformMigrations }, { name: 'directory', migrations }], silent)
  return new Doors(postgres)
}
