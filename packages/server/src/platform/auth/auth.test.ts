import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { realWorld, type World } from '@hirundo/base'
import { nodeRoutes, scopes, type Route, type Scope } from '@hirundo/contract'
import type { FastifyInstance } from 'fastify'
import { auditHandlers } from '../audit.ts'
import { platformDb } from '../db/tables.ts'
import { addApiRoutes } from '../http/api-routes.ts'
import { makeHttpServer } from '../http/server.ts'
import { settingsHandlers } from '../settings/settings.ts'
import { silent, startTestPostgres, type TestPostgres } from '../testing/postgres.ts'
import { Type } from 'typebox'
import { makeKit } from './people/index.ts'
import { makeAuthenticate } from './authenticate.ts'
import { authHandlers } from './routes.ts'
import { createToken, storeFirstToken } from './tokens.ts'
import { hashToken, makeTokenText } from './token-text.ts'

let now = Date.UTC(2026, 0, 1)
const world: World = { ...realWorld, now: () => now }
const retention = { key: 'birds.retention_days', summary: 'Days', schema: Type.Integer({ minimum: 1 }), default: 90 }
const admin = makeTokenText(world)
let postgres: TestPostgres
let server: FastifyInstance

before(async () => {
  postgres = await startTestPostgres()
  assert.equal(await storeFirstToken(postgres.db, world, admin), true)
})
beforeEach(() => {
  server = makeHttpServer({ config: { body_bytes_max: 65_536, connections_max: 10, request_ms_max: 5000, trusted_proxies: ['10.0.0.0/8'] }, log: silent, count: () => undefined })
  const { db } = postgres
  addApiRoutes(server, [...authHandlers(db, world), ...auditHandlers(db), ...settingsHandlers(db, world, [retention])], { authenticate: makeAuthenticate(makeKit({ db, world, log: silent, bounds: { session_idle_hours: 12, session_hours_max: 168 } })) })
})
after(() => postgres.stop())

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly token?: string
  readonly body?: unknown
  readonly from?: string
  readonly headers?: Record<string, string>
}
const ask = ({ method = 'GET', url, token, body, from = '127.0.0.1', headers = {} }: Asked) => server.inject({
  method, url: `/api/v1${url}`, remoteAddress: from,
  headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
})

async function tokenWith(fields: { scopes: Scope[]; networks?: string[]; expires_at?: string }): Promise<{ token: string; id: string }> {
  const answer = await ask({ method: 'POST', url: '/tokens', token: admin, body: { name: 'test', ...fields } })
  assert.equal(answer.statusCode, 200, answer.body)
  const { token, view } = answer.json() as { token: string; view: { id: string } }
  return { token, id: view.id }
}

const served = nodeRoutes.filter(({ id }) => !id.startsWith('node.')) as readonly Route[]
const pathOf = (route: Route) => route.path.replace(':id', '00000000-0000-4000-8000-000000000000').replace(':key', 'none')

test('every route refuses no token, an unknown, expired, revoked or misplaced one, and one without its scope', async () => {
  const expired = await tokenWith({ scopes: [...scopes], expires_at: new Date(now + 1000).toISOString() })
  const revoked = await tokenWith({ scopes: [...scopes] })
  await ask({ method: 'DELETE', url: `/tokens/${revoked.id}`, token: admin })
  const elsewhere = await tokenWith({ scopes: [...scopes], networks: ['192.0.2.0/24'] })
  now += 2000
  for (const route of served) {
    const lacking = await tokenWith({ scopes: scopes.filter((scope) => scope !== route.needs) })
    const call = { method: route.method, url: pathOf(route) }
    const cases: [string | undefined, number][] = [
      [undefined, 401], [makeTokenText(world), 401], ['nonsense', 401], [expired.token, 401], [revoked.token, 401], [elsewhere.token, 401], [lacking.token, 403],
    ]
    for (const [i, [token, status]] of cases.entries()) {
      const answer = await ask({ ...call, from: `127.1.${served.indexOf(route)}.${i}`, ...(token === undefined ? {} : { token }) })
      assert.equal(answer.statusCode, status, `${route.id} case ${i}: ${answer.body}`)
      if (status === 401) assert.deepEqual(answer.json().values, {}, 'nothing is learned from a refusal')
    }
    const allowed = await ask({ ...call, token: admin })
    assert.ok(![401, 403].includes(allowed.statusCode), `${route.id} ${allowed.body}`)
  }
})

test('a token bound to networks works from there, also through a trusted proxy, and a forged header changes nothing', async () => {
  const { token } = await tokenWith({ scopes: ['audit:read'], networks: ['192.0.2.0/24', '2001:db8::/32'] })
  const forwarded = { 'x-forwarded-for': '192.0.2.9' }
  assert.equal((await ask({ url: '/audit', token, from: '192.0.2.9' })).statusCode, 200)
  assert.equal((await ask({ url: '/audit', token, from: '::ffff:192.0.2.9' })).statusCode, 200)
  assert.equal((await ask({ url: '/audit', token, from: '2001:db8::1' })).statusCode, 200)
  assert.equal((await ask({ url: '/audit', token, from: '10.0.0.1', headers: forwarded })).statusCode, 200)
  assert.equal((await ask({ url: '/audit', token, from: '203.0.113.1', headers: forwarded })).statusCode, 401)
})

test('only the SHA-256 of a token is stored, and its text is shown once', async () => {
  const { token, id } = await tokenWith({ scopes: ['audit:read'] })
  assert.match(token, /^hir_[\w-]{43}$/)
  const row = await platformDb(postgres.db).selectFrom('api_token').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  assert.deepEqual(row.hash, hashToken(token))
  const everything = JSON.stringify([
    await platformDb(postgres.db).selectFrom('api_token').selectAll().execute(),
    await platformDb(postgres.db).selectFrom('audit').selectAll().execute(), (await ask({ url: '/tokens', token: admin })).json(),
  ])
  assert.ok(!everything.includes(token.slice(4)))
})

test('a token cannot make one that may more, and none of another organisation without node:operate', async () => {
  const { token } = await tokenWith({ scopes: ['tokens:write', 'audit:read'] })
  const create = (body: object, by = token) => ask({ method: 'POST', url: '/tokens', token: by, body: { name: 'x', ...body } })
  assert.equal((await create({ scopes: ['sensors:write'] })).statusCode, 403)
  assert.equal((await create({ scopes: ['audit:read'] })).statusCode, 200)
  const other = (await ask({ method: 'POST', url: '/organisations', token: admin, body: { name: 'Other' } })).json() as { id: string }
  assert.equal((await create({ scopes: ['audit:read'], organisation: other.id })).statusCode, 403)
  const made = await create({ scopes: ['tokens:write', 'audit:read'], organisation: other.id }, admin)
  const foreign = (made.json() as { token: string }).token
  const theirs = (await ask({ url: '/tokens', token: foreign })).json() as { tokens: { organisation: string }[] }
  assert.deepEqual(theirs.tokens.map(({ organisation }) => organisation), [other.id])
  const mine = (await ask({ url: '/tokens', token: admin })).json() as { tokens: { id: string }[] }
  assert.equal((await ask({ method: 'DELETE', url: `/tokens/${mine.tokens.at(-1)!.id}`, token: foreign })).statusCode, 404)
  assert.deepEqual(((await ask({ url: '/audit', token: foreign })).json() as { entries: { action: string }[] }).entries.map(({ action }) => action), ['token.create'])
})

test('bad networks, times, names and scopes are refused', async () => {
  const bodies = [
    { name: '', scopes: ['audit:read'] }, { name: 'a\u0000b', scopes: ['audit:read'] }, { name: 'a', scopes: [] }, { name: 'a', scopes: ['root'] },
    { name: 'a', scopes: ['audit:read'], networks: ['10.0.0.1/8'] }, { name: 'a', scopes: ['audit:read'], networks: ['x'] },
    { name: 'a', scopes: ['audit:read'], expires_at: 'soon enough, friend' }, { name: 'a', scopes: ['audit:read'], admin: true },
  ]
  for (const body of bodies) assert.equal((await ask({ method: 'POST', url: '/tokens', token: admin, body })).statusCode, 400, JSON.stringify(body))
})

test('who fails too often waits; a token that was good before still passes from the same address', async () => {
  const from = '203.0.113.77'
  const { token } = await tokenWith({ scopes: ['audit:read'] })
  assert.equal((await ask({ url: '/audit', token, from })).statusCode, 200)
  const codes: number[] = []
  for (let i = 0; i < 25; i++) codes.push((await ask({ url: '/audit', token: makeTokenText(world), from })).statusCode)
  assert.deepEqual([codes[0], codes.at(-1)], [401, 429])
  const limited = await ask({ url: '/audit', token: 'nonsense', from })
  assert.ok(Number(limited.headers['retry-after']) > 0)
  assert.equal((await ask({ url: '/audit', token, from })).statusCode, 200)
  assert.equal((await ask({ url: '/audit', token: makeTokenText(world), from: '203.0.113.78' })).statusCode, 401)
  now += 61_000
  assert.equal((await ask({ url: '/audit', token: makeTokenText(world), from })).statusCode, 401)
})

test('a change and its audit entry stand together or not at all', async () => {
  const broken: World = { ...world, random: () => new Uint8Array(16) }
  const actor = { kind: 'token' as const, actor_id: 'x'.repeat(8), name: 'a', organisation_id: 999_999, scopes }
  await assert.rejects(createToken(postgres.db, broken, actor, { name: 'orphan', scopes: ['audit:read'] }))
  const rows = await platformDb(postgres.db).selectFrom('api_token').select('id').where('name', '=', 'orphan').execute()
  assert.deepEqual(rows, [])
})

test('a revoked token ends all that it made, and theirs, each audited; what others made stays', async () => {
  const make = async (by: string, name: string) => {
    const answer = await ask({ method: 'POST', url: '/tokens', token: by, body: { name, scopes: ['tokens:write'] } })
    return { token: answer.json().token as string, id: answer.json().view?.id as string, status: answer.statusCode }
  }
  const [first, other] = [await make(admin, 'first'), await make(admin, 'other')]
  const child = await make(first.token, 'child')
  const grandchild = await make(child.token, 'grandchild')
  const { tokens } = (await ask({ url: '/tokens?limit=100', token: admin })).json() as { tokens: { id: string; made: { name: string }[] }[] }
  assert.deepEqual(tokens.find(({ id }) => id === first.id)!.made.map(({ name }) => name), ['child', 'grandchild'])
  assert.equal((await ask({ method: 'DELETE', url: `/tokens/${first.id}`, token: admin })).statusCode, 200)
  for (const { token } of [first, child, grandchild]) assert.equal((await ask({ url: '/tokens', token })).statusCode, 401)
  assert.equal((await ask({ url: '/tokens', token: other.token })).statusCode, 200)
  const { entries } = (await ask({ url: '/audit?action=token.revoke', token: admin })).json() as { entries: { subject: string; detail: { with?: string } }[] }
  assert.deepEqual(entries.filter(({ detail }) => detail.with === first.id).map(({ subject }) => subject).toSorted(), [child.id, grandchild.id].toSorted())
})

test('who is revoked while making a token makes none', async () => {
  const { id } = await tokenWith({ scopes: ['tokens:write'] })
  const row = await platformDb(postgres.db).selectFrom('api_token').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const actor = { kind: 'token' as const, actor_id: id, name: 'late', organisation_id: row.organisation_id, scopes }
  await ask({ method: 'DELETE', url: `/tokens/${id}`, token: admin })
  const made = await createToken(postgres.db, world, actor, { name: 'late', scopes: ['tokens:write'] })
  assert.equal(made.ok ? 'made' : made.problem.code, 'auth/required')
})

test('lists are paged by keyset without gaps or repeats', async () => {
  for (let i = 0; i < 5; i++) await tokenWith({ scopes: ['audit:read'] })
  for (const [url, field] of [['/tokens', 'tokens'], ['/audit', 'entries']] as const) {
    const whole = ((await ask({ url: `${url}?limit=1000`, token: admin })).json() as Record<string, { id: unknown }[]>)[field]!.map(({ id }) => id)
    const paged: unknown[] = []
    let after: string | null = ''
    while (after !== null) {
      const page = (await ask({ url: `${url}?limit=3${after === '' ? '' : `&after=${after}`}`, token: admin })).json() as Record<string, { id: unknown }[]> & { next: string | null }
      paged.push(...page[field]!.map(({ id }) => id))
      after = page.next as string | null
    }
    assert.deepEqual(paged, whole, url)
    assert.equal((await ask({ url: `${url}?after=x`, token: admin })).statusCode, 400)
  }
})

test('a setting is checked, kept, shown and audited', async () => {
  const put = (value: unknown, key = retention.key) => ask({ method: 'PUT', url: `/settings/${key}`, token: admin, body: { value } })
  assert.equal((await put(0)).statusCode, 422)
  assert.equal((await put('90')).statusCode, 422)
  assert.equal((await put(30, 'birds.none')).statusCode, 404)
  assert.equal((await put(30)).json().value, 30)
  const listed = ((await ask({ url: '/settings', token: admin })).json() as { settings: { key: string; value: unknown; default: unknown }[] }).settings
  assert.deepEqual(listed.map(({ key, value, default: standard }) => [key, value, standard]), [[retention.key, 30, 90]])
  const { entries } = (await ask({ url: '/audit?action=setting.change', token: admin })).json() as { entries: { subject: string; detail: unknown }[] }
  assert.deepEqual(entries.map(({ subject, detail }) => [subject, detail]), [[retention.key, { from: 90, to: 30 }]])
})

test('settings are of the whole node: only who operates it sees or changes them', async () => {
  const { token } = await tokenWith({ scopes: ['observatory:read', 'tokens:write'] })
  assert.equal((await ask({ method: 'PUT', url: `/settings/${retention.key}`, token, body: { value: 1 } })).statusCode, 403)
  assert.equal((await ask({ url: '/settings', token })).statusCode, 403)
  const operator = await tokenWith({ scopes: ['node:operate'] })
  assert.equal((await ask({ method: 'PUT', url: `/settings/${retention.key}`, token: operator.token, body: { value: 30 } })).statusCode, 200)
})

test('the first token is stored once', async () => {
  assert.equal(await storeFirstToken(postgres.db, world, makeTokenText(world)), false)
})
