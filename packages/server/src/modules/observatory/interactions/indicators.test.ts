import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { indicatorKinds } from '@hirundo/contract'
import fc from 'fast-check'
import { startTestDatabase, type TestDatabase } from '../testing/node.ts'
import { indicatorsOf, keyIdOf, roundedDown } from './indicators.ts'
import { lastHour, startDoors, type Doors } from './testing/doors.ts'
import { heard } from './testing/memory-interactions.ts'

const NOW = Math.floor(Date.now() / 60_000) * 60_000
const range = lastHour(NOW)
let database: TestDatabase
let doors: Doors
let sensor: number
before(async () => {
  database = await startTestDatabase()
  doors = await startDoors(database)
  sensor = await doors.sensor('north')
})
after(async () => {
  await doors?.close()
  await database?.stop()
})

const key = fc.uint8Array({ minLength: 32, maxLength: 64 })
const common = fc.uniqueArray(fc.record({ value: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), sources: fc.integer({ min: 1, max: 3000 }) }), { selector: ({ value }) => value, maxLength: 30 })
const whole = (values: readonly { value: string; sources: number }[]) => values.map((one) => ({ ...one, sensors: 1, first_seen_ms: NOW - 1, last_seen_ms: NOW }))
const kindOf = fc.constantFrom(...indicatorKinds)

test('no value of fewer sources comes out, whatever the store gives', () => {
  fc.assert(fc.property(key, kindOf, common, fc.integer({ min: 3, max: 50 }), (bytes, kind, values, k) => {
    const out = indicatorsOf(bytes, kind, whole(values), k)
    const expected = values.filter(({ sources }) => sources >= k).map(({ value }) => createHmac('sha256', bytes).update(`${kind}\n${value}`).digest('hex'))
    assert.deepEqual(out.map(({ hmac }) => hmac).toSorted(), expected.toSorted())
    assert.ok(out.every(({ sources_at_least }) => sources_at_least >= k))
  }))
})

test('two keys give nothing equal, two kinds neither, and no plain hash appears', () => {
  fc.assert(fc.property(key, key, kindOf, kindOf, common, (one, two, kind, other, values) => {
    fc.pre(Buffer.compare(one, two) !== 0)
    const hmacs = (bytes: Uint8Array, of: typeof kind) => indicatorsOf(bytes, of, whole(values), 3).map(({ hmac }) => hmac)
    const seen = new Set(hmacs(one, kind))
    assert.ok(!hmacs(two, kind).some((hmac) => seen.has(hmac)))
    if (kind !== other) assert.ok(!hmacs(one, other).some((hmac) => seen.has(hmac)))
    for (const { value } of values) for (const text of [value, `${kind}\n${value}`]) for (const name of ['sha256', 'sha1', 'md5']) assert.ok(!seen.has(createHash(name).update(text).digest('hex')))
  }), { numRuns: 50 })
})

test('figures are rounded down, and order tells no more than they do', () => {
  assert.deepEqual([5, 9, 10, 19, 20, 49, 50, 99, 100, 1999, 2000].map((n) => roundedDown(n, 5)), [5, 5, 10, 10, 20, 20, 50, 50, 100, 1000, 2000])
  assert.deepEqual([roundedDown(3, 3), roundedDown(4, 3), roundedDown(8, 7)], [3, 3, 7])
  const values = whole([...Array(8).keys()].map((i) => ({ value: `v${i}`, sources: 19 - i })))
  const out = indicatorsOf(randomBytes(32), 'users', values, 5)
  assert.deepEqual(out.map(({ hmac }) => hmac), out.map(({ hmac }) => hmac).toSorted())
})

const indicators = async (kind = 'passwords') => (await doors.ask('GET', `/interactions/indicators/${kind}?${range}`, { role: 'viewer' })).body.data
const put = (text: string, more: Parameters<Doors['ask']>[2] = {}) => doors.ask('PUT', '/interactions/indicator-key', { ...more, body: { key: text } })

test('the key is made once, replaced by the community’s, and shown nowhere', async () => {
  doors.heard.rows = [...Array(7).keys()].flatMap((i) => ['123456', ...(i < 4 ? ['rare'] : [])].map((password) =>
    heard({ at_ms: NOW - 1000, sensor, source: `240.0.0.${i}`, logins: [{ user: 'root', password }] })))
  const [first, again] = await Promise.all([indicators(), indicators()])
  assert.deepEqual([first.algorithm, first.sources_min, first.indicators.length], ['hmac-sha256', 5, 1])
  assert.deepEqual(first, again, 'two at once made two keys')
  const day = new Date(NOW - 1000).toISOString().slice(0, 10)
  assert.deepEqual({ ...first.indicators[0], hmac: '' }, { hmac: '', sources_at_least: 5, first_day: day, last_day: day })
  const bytes = randomBytes(32)
  for (const text of [bytes.toString('base64'), bytes.toString('base64').replace('=', '')]) assert.deepEqual((await put(text)).body, { key_id: keyIdOf(bytes) })
  const second = await indicators()
  assert.equal(second.indicators[0].hmac, createHmac('sha256', bytes).update('passwords\n123456').digest('hex'))
  assert.notEqual(second.indicators[0].hmac, first.indicators[0].hmac)
  const audit = await doors.ask('GET', '/audit?limit=1000')
  assert.ok(audit.text.includes(keyIdOf(bytes)))
  for (const coding of ['base64', 'hex', 'base64url'] as const) for (const text of [audit.text, JSON.stringify(second), ...doors.logged]) assert.ok(!text.includes(bytes.toString(coding).slice(0, 40)))
})

test('what is no key is refused without repeating it', async () => {
  const before = (await indicators()).key_id
  const good = randomBytes(32).toString('base64')
  for (const text of ['', 'short', randomBytes(31).toString('base64'), randomBytes(65).toString('base64'), `${good.slice(0, 42)}!=`, ` ${good}`.slice(0, 44), Buffer.alloc(32).toString('base64'),
    Buffer.from('passwordpasswordpasswordpassword').toString('base64'), `${good}${good}`.slice(0, 88), randomBytes(64).toString('base64url')]) {
    const refused = await put(text)
    assert.equal(refused.status, 400, text)
    assert.ok(text.length < 10 || !refused.text.includes(text), refused.text)
  }
  assert.equal((await put(good, { role: 'coordinator' })).status, 403)
  assert.equal((await put(good, { organisation: await doors.organisation('other') })).status, 403)
  assert.equal((await indicators()).key_id, before)
})

test('the setting moves the number of sources, not below three', async () => {
  const set = (value: number) => doors.ask('PUT', '/settings/observatory.indicator_sources_min', { body: { value } })
  assert.equal((await set(2)).status, 422)
  assert.equal((await set(3)).status, 200)
  const data = await indicators()
  assert.deepEqual([data.sources_min, data.indicators.length], [3, 2])
  await set(8)
  assert.equal((await indicators()).indicators.length, 0)
})
