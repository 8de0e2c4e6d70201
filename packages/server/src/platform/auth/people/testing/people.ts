import assert from 'node:assert/strict'
import { realWorld, type World } from '@hirundo/base'
import type { FastifyInstance } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import { auditHandlers } from '../../../audit.ts'
import { addApiRoutes } from '../../../http/api-routes.ts'
import { makeHttpServer } from '../../../http/server.ts'
import { silent, startTestPostgres, type TestPostgres } from '../../../testing/postgres.ts'
import { makeAuthenticate } from '../../authenticate.ts'
import { authHandlers } from '../../routes.ts'
import { peopleHandlers } from '../handlers.ts'
import { makeKit } from '../index.ts'
import type { Kit } from '../kit.ts'
import { makeOidc, type OidcConfig } from '../oidc.ts'
import { newSetupLink } from '../setup.ts'

/** A clock that stands until it is moved. */
export interface TestWorld extends World {
  pass(ms: number): void
}
export function testWorld(): TestWorld {
  let now = Date.UTC(2026, 0, 1)
  return { ...realWorld, now: () => now, pass: (ms) => void (now += ms) }
}

export interface Answer {
  readonly status: number
  // oxlint-disable-next-line no-explicit-any
  readonly body: any
  readonly headers: Record<string, unknown>
}

/** What a browser does: it keeps cookies and says where a request comes from. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #server: FastifyInstance
  readonly host: string
  address = '192.0.2.1'
  /** Sent instead of the headers by which a browser says that one of our own pages asks. */
  provenance: Record<string, string> = { 'sec-fetch-site': 'same-origin' }

  constructor(server: FastifyInstance, host = 'localhost:8080') {
    this.#server = server
    this.host = host
  }

  async ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.#server.inject({
      method, url: `/api/v1${url}`, remoteAddress: this.address,
      headers: { host: this.host, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', ...this.provenance, ...(cookie === '' ? {} : { cookie }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    for (const one of answer.cookies) {
      if (one.value === '') this.cookies.delete(one.name)
      else this.cookies.set(one.name, one.value)
    }
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
  }

  /** As `ask`, and fails the test unless the answer is 200. */
  // oxlint-disable-next-line no-explicit-any
  async must(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<any> {
    const answer = await this.ask(method, url, body)
    assert.equal(answer.status, 200, `${method} ${url}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** The code of the problem that is answered. */
  async refused(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Record<string, string>): Promise<string> {
    const answer = await this.ask(method, url, body, headers)
    return answer.status === 200 ? 'none' : String(answer.body.type).replace('urn:hirundo:problem:', '')
  }
}

export const goodPassword = 'kirschbaum steht am fluss'

export interface Someone {
  readonly id: string
  readonly browser: Browser
  readonly sign_in_name: string
  readonly totp_secret: string
  readonly recovery_codes: string[]
}

export class TestPeople {
  readonly postgres: TestPostgres
  readonly world: TestWorld
  readonly server: FastifyInstance
  readonly kit: Kit

  constructor(postgres: TestPostgres, world: TestWorld, kit: Kit, server: FastifyInstance) {
    this.postgres = postgres
    this.world = world
    this.kit = kit
    this.server = server
  }

  browser(host?: string): Browser {
    return new Browser(this.server, host)
  }

  /** The code that the app of `someone` shows now; each works once, so time passes first. */
  code(secret: string): string {
    this.world.pass(60_000)
    return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: this.world.now() })
  }

  /** Adds password and TOTP in a session that came by a link. */
  async enrol(browser: Browser): Promise<Someone> {
    const { person } = await browser.must('GET', '/session')
    await browser.must('PUT', '/me/password', { password: goodPassword })
    const { secret } = await browser.must('POST', '/me/totp')
    const { recovery_codes } = await browser.must('POST', '/me/totp/confirm', { code: this.code(secret) })
    return { id: person.id, browser, sign_in_name: person.sign_in_name, totp_secret: secret, recovery_codes }
  }

  /** The first administrator, by the link of the first start. */
  async administrator(): Promise<Someone> {
    const link = await newSetupLink(this.kit.db, this.world, 'system')
    const browser = this.browser()
    await browser.must('POST', '/setup', { secret: link!.secret, name: 'Akiko', sign_in_name: 'Akiko@example.org', language: 'ja', time_zone: 'Asia/Tokyo' })
    return this.enrol(browser)
  }

  async signIn(someone: Someone, browser = this.browser()): Promise<Browser> {
    const { attempt } = await browser.must('POST', '/session/password', { sign_in_name: someone.sign_in_name, password: goodPassword })
    await browser.must('POST', '/session/totp', { attempt, code: this.code(someone.totp_secret) })
    return browser
  }

  async audit(action: string): Promise<{ actor: string; subject: string; detail: Record<string, unknown> }[]> {
    const { rows } = await this.postgres.pool.query('select actor, subject, detail from audit where action = $1 order by id', [action])
    return rows as never
  }

  /** What `look` finds once it is `right`. */
  async until<T>(look: () => Promise<T>, right: (found: T) => boolean): Promise<T> {
    for (;;) {
      const found = await look()
      if (right(found)) return found
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async stop(): Promise<void> {
    await this.server.close()
    await this.postgres.stop()
  }
}

/** A server with everything about people on a real PostgreSQL, and a clock of the test's. */
export async function startPeople(oidc?: OidcConfig): Promise<TestPeople> {
  const postgres = await startTestPostgres()
  const world = testWorld()
  const kit = makeKit({ db: postgres.db, world, log: silent, bounds: { session_idle_hours: 12, session_hours_max: 168 }, hash_cost: { memory_kib: 64, passes: 1 } })
  const server = makeHttpServer({ config: { body_bytes_max: 65_536, connections_max: 10, request_ms_max: 5000, trusted_proxies: [] }, log: silent, count: () => undefined })
  const handlers = [...peopleHandlers(kit, oidc && makeOidc(kit, oidc)), ...authHandlers(postgres.db, world), ...auditHandlers(postgres.db)]
  addApiRoutes(server, handlers, { authenticate: makeAuthenticate(kit) })
  return new TestPeople(postgres, world, kit, server)
}

