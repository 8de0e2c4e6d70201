import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { heardKeys, indicatorKinds } from '@hirundo/contract'
import { sql } from 'kysely'
import { startTestDatabase, type TestDatabase } from '../testing/node.ts'
import { lastHour, startDoors, type Doors } from './testing/doors.ts'
import { heard } from './testing/memory-interactions.ts'

const NOW = Math.floor(Date.now() / 60_000) * 60_000
const range = lastHour(NOW)
let database: TestDatabase
let doors: Doors
let north: number
before(async () => {
  database = await startTestDatabase()
  doors = await startDoors(database)
  north = await doors.sensor('north', { simulated: true })
  await doors.sensor('south')
})
after(async () => {
  await doors?.close()
  await database?.stop()
})
beforeEach(() => {
  doors.heard.rows = []
  doors.heard.failure = undefined
})

const evidence = (address: string, more = '', options: Parameters<Doors['ask']>[2] = {}) => doors.ask('GET', `/sources/${address}/evidence?${range}${more}`, options)

test('evidence has the strength of its strongest piece, newest first, with what an ISP needs', async () => {
  doors.heard.rows = [
    heard({ at_ms: NOW - 5000, sensor: north, handshake: 'none', transport: 'udp', clock_error_ms: -1 }),
    heard({ at_ms: NOW - 1250, sensor: north, handshake: 'completed', src_port: 51_000, guess_name: 'mirai', guess_rule: 'telnet-busybox' }),
  ]
  const { status, body } = await evidence('240.0.0.1')
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual([body.sensors_heard, body.sensors_total, body.simulated, body.note, body.tables_as_of], [1, 2, true, null, '2026-01-01'])
  assert.deepEqual([body.data.strength, body.data.counts, body.data.sensors], ['completed', { none: 1, completed: 1, dialogue: 0 }, 1])
  assert.deepEqual(body.data.evidence.map((one: Record<string, unknown>) => [one['at'], one['clock_error_ms'], one['sensor'], one['src_port'], one['guess']]), [
    [new Date(NOW - 1250).toISOString(), 5, 'north', 51_000, { name: 'mirai', rule: 'telnet-busybox' }],
    [new Date(NOW - 5000).toISOString(), null, 'north', 40_000, null],
  ])
  const nothing = await evidence('240.0.0.2')
  assert.deepEqual([nothing.body.data.strength, nothing.body.data.evidence, nothing.body.data.first_seen], [null, [], null])
  assert.equal((await evidence('::ffff:240.0.0.1')).body.data.source, '240.0.0.1')
})

/** Secrets in every place that a stranger can write to. */
const SECRET = 'hunter2'
const telling = (at_ms: number, sensor: number) => heard({
  at_ms, sensor, sample: Buffer.from(`root\r\n${SECRET}\r\n`), payload_sha256: createHash('sha256').update(SECRET).digest('hex'),
  logins: [{ user: `${SECRET}-user`, password: SECRET }], urls: [`http://root:${SECRET}@203.0.113.9/x?p=${SECRET}`],
  facts: {
    'http.path': `/login?p=${SECRET}`, 'smtp.mail': SECRET, 'telnet.commands': SECRET, 'redis.commands': `auth ${SECRET}`, 'ftp.commands': SECRET, 'import.field': SECRET,
    'dns.type': SECRET, 'tls.ja4': 't13d1516h2_8daaf6152771_e5627efa2ab1',
  },
})
const everyAnswer = (more: Parameters<Doors['ask']>[2]) => Promise.all([
  evidence('240.0.0.1', '', more), ...heardKeys.map((what) => doors.ask('GET', `/interactions/top/${what}?${range}`, more)),
  doors.ask('GET', `/interactions/series?${range}`, more), doors.ask('GET', `/drdos?${range}`, more),
  ...indicatorKinds.map((kind) => doors.ask('GET', `/interactions/indicators/${kind}?${range}`, more)),
])

test('who lacks the scope finds content nowhere, in no coding; the figures stay', async () => {
  doors.heard.rows = [...Array(8).keys()].map((i) => ({ ...telling(NOW - 1000 * (i + 1), north), source: `240.0.0.${i + 1}` }))
  const hidden = [SECRET, ...(['base64', 'hex'] as const).flatMap((coding) => [SECRET, `root\r\n${SECRET}\r\n`].map((text) => Buffer.from(text).toString(coding).replace(/=+$/, ''))),
    ...['md5', 'sha1', 'sha256'].map((name) => createHash(name).update(SECRET).digest('hex'))]
  const without: Parameters<Doors['ask']>[2][] = [{ role: 'viewer' }, { scopes: ['observatory:read', 'sensors:read', 'sensors:write', 'audit:read'] }]
  for (const who of without) {
    for (const answer of await everyAnswer(who)) {
      assert.equal(answer.status, 200, answer.text)
      for (const text of hidden) assert.ok(!answer.text.includes(text), `${text} in ${answer.text}`)
    }
  }
  const viewed = (await evidence('240.0.0.1', '', { role: 'viewer' })).body.data
  assert.equal(viewed.content, false)
  assert.deepEqual([viewed.evidence[0].sample, viewed.evidence[0].payload_sha256, viewed.evidence[0].logins, viewed.evidence[0].urls, viewed.evidence[0].facts], [
    null, null, [{ user: null, password: null }], ['http://…@203.0.113.9/x…'],
    { 'http.path': '/login…', 'dns.type': '…', 'tls.ja4': 't13d1516h2_8daaf6152771_e5627efa2ab1' },
  ])
  const masked = (await doors.ask('GET', `/interactions/top/credentials?${range}`, { role: 'viewer' })).body.data
  assert.deepEqual([masked.content, masked.rows[0].key, masked.rows[0].of, masked.rows[0].interactions, masked.rows[0].sources], [false, null, null, 8, 8])
})

test('an analyst, and a token that was given the scope, read content', async () => {
  doors.heard.rows = [telling(NOW - 1000, north)]
  for (const who of [{ role: 'analyst' }, { scopes: ['observatory:read', 'content:read'] }] as Parameters<Doors['ask']>[2][]) {
    const { data } = (await evidence('240.0.0.1', '', who)).body
    assert.equal(data.content, true)
    assert.equal(Buffer.from(data.evidence[0].sample, 'base64').toString(), `root\r\n${SECRET}\r\n`)
    assert.deepEqual(data.evidence[0].logins, [{ user: `${SECRET}-user`, password: SECRET }])
    const { rows } = (await doors.ask('GET', `/interactions/top/passwords?${range}`, who)).body.data
    assert.deepEqual([rows[0].key, rows[0].of], [SECRET, `${SECRET}-user`])
  }
})

test('pages follow each other without a gap, and end early where rows are large', async () => {
  doors.heard.rows = [...Array(250).keys()].map((i) => heard({ at_ms: NOW - 1000 - Math.floor(i / 3) * 10, sensor: north, src_port: 40_000 + i }))
  const seen: number[] = []
  for (let after = ''; ;) {
    const { data } = (await evidence('240.0.0.1', `&limit=70${after}`)).body
    seen.push(...data.evidence.map((one: { src_port: number }) => one.src_port))
    if (data.next === null) break
    assert.match(data.next, /^[\w-]{43}$/)
    after = `&after=${data.next}`
  }
  assert.equal(seen.length, 250)
  assert.equal(new Set(seen).size, 250)
  doors.heard.rows = [...Array(300).keys()].map((i) => heard({ at_ms: NOW - 1000 - i, sensor: north, facts: Object.fromEntries([...Array(32).keys()].map((n) => [`f.${n}`, 'x'.repeat(512)])) }))
  const large = await evidence('240.0.0.1', '&limit=1000')
  assert.ok(large.text.length < 5 * 1024 * 1024, `${large.text.length}`)
  assert.ok(large.body.data.evidence.length < 300 && large.body.data.next !== null)
})

test('reflection attacks stand with the settings they were counted by', async () => {
  const requests = (at_ms: number, count: number) => heard({ at_ms, sensor: north, transport: 'udp', handshake: 'none', protocol: 'ntp', source: '240.0.0.9', requests: count })
  doors.heard.rows = [requests(NOW - 3_000_000, 4), requests(NOW - 2_900_000, 4), requests(NOW - 300_000, 120)]
  const ask = async (more: string) => (await doors.ask('GET', `/drdos?${range}${more}`, { role: 'viewer' })).body
  const ampot = await ask('')
  assert.equal(ampot.note, 'location-of-address-not-of-actor')
  assert.deepEqual(ampot.data.settings, { definition: 'ampot', packets_min: 100, gap_s: 600, pooled: 'victim-and-protocol' })
  assert.deepEqual(ampot.data.attacks.map(({ victim, requests: count, running }: Record<string, unknown>) => [victim, count, running]), [['240.0.0.9', 120, true]])
  const hopscotch = await ask('&definition=hopscotch')
  assert.deepEqual(hopscotch.data.settings, { definition: 'hopscotch', packets_min: 5, gap_s: 900, pooled: 'victim-and-protocol' })
  assert.deepEqual(hopscotch.data.attacks.map(({ requests: count, running }: Record<string, unknown>) => [count, running]).toSorted(), [[120, true], [8, false]])
  assert.deepEqual((await ask('&definition=hopscotch&packets_min=100&gap_s=600')).data.settings.definition, 'own')
  assert.deepEqual((await ask('&packets_min=100')).data.settings.definition, 'ampot')
})

test('another organisation hears nothing of ours, and its cursor is not ours', async () => {
  doors.heard.rows = [...Array(3).keys()].map((i) => telling(NOW - 1000 - i, north))
  const organisation = await doors.organisation('other')
  await doors.sensor('theirs', { organisation })
  for (const answer of await everyAnswer({ role: 'administrator', organisation })) {
    assert.equal(answer.status, 200, answer.text)
    assert.ok(!/hunter2|north|240\.0\.0/.test(answer.text.replace('"source":"240.0.0.1"', '')), answer.text)
    assert.deepEqual([answer.body.sensors_heard, answer.body.simulated], [0, false])
  }
  const { next } = (await evidence('240.0.0.1', '&limit=1')).body.data
  assert.equal((await evidence('240.0.0.1', `&limit=1&after=${next}`)).status, 200)
  assert.equal((await evidence('240.0.0.1', `&limit=1&after=${next}`, { organisation })).status, 400)
  assert.equal((await doors.ask('GET', `/interactions/top/users?${range}&sensor=north`, { organisation })).body.type, 'urn:hirundo:problem:sensor/not-found')
})

test('a range of which nothing is kept is refused, one that reaches back farther is answered from where rows are', async () => {
  doors.heard.rows = [telling(NOW - 1000, north)]
  await sql`update retention_floor set start = ${NOW / 1000 - 1800} where tier = 'raw'`.execute(doors.db)
  assert.equal((await evidence('240.0.0.1')).body.from, `${new Date(NOW - 1_800_000).toISOString().slice(0, 19)}Z`)
  const old = await doors.ask('GET', '/sources/240.0.0.1/evidence?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')
  assert.equal(old.body.type, 'urn:hirundo:problem:query/too-wide')
  await sql`update retention_floor set start = 0`.execute(doors.db)
})

const hostile = [
  ...['1.2.3', '1.2.3.4.5', 'a'.repeat(45), '1.2.3.4%00', '%2e%2e', '1.2.3.4%2f24', ':::', '240.0.0.1%27%20or%201=1'].map((address) => `/sources/${address}/evidence`),
  ...['x', '%00', 'A'.repeat(38), 'A'.repeat(39), 'A'.repeat(101), '_'.repeat(38), '%F0%9F%98%80'].map((after) => `/sources/240.0.0.1/evidence?after=${after}`),
  ...['0', '1001', '-1', 'x', '1e9'].map((limit) => `/sources/240.0.0.1/evidence?limit=${limit}`),
  '/sources/240.0.0.1/evidence?from=x', '/sources/240.0.0.1/evidence?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '/sources/240.0.0.1/evidence?research=maybe', '/sources/240.0.0.1/evidence?Limit=1',
  '/interactions/top/everything', '/interactions/top/__proto__', '/interactions/top/constructor', '/interactions/top/users?limit=1001', '/interactions/top/users?what=x',
  ...['59', '61', '90', '86401', '0', '-60', 'x'].map((step) => `/interactions/series?step=${step}`), '/interactions/series?step=60&from=2000-01-01T00:00:00Z',
  ...['packets_min=0', 'packets_min=1000001', 'gap_s=59', 'gap_s=86401', 'definition=own', 'definition=x', 'limit=1001'].map((query) => `/drdos?${query}`),
  '/interactions/indicators/credentials', '/interactions/indicators/users?limit=10001', '/interactions/indicators/users?key=x',
]

test('hostile questions are refused, never failed', async () => {
  for (const path of hostile) {
    const { status, text } = await doors.ask('GET', path)
    assert.ok(status >= 400 && status < 500, `${path} ${status} ${text.slice(0, 300)}`)
  }
  assert.ok(!doors.logged.some((line) => (JSON.parse(line) as { level: number }).level >= 50), 'the node failed')
})
