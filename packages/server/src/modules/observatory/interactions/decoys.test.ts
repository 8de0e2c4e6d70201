import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { startTestDatabase, type TestDatabase } from '../testing/node.ts'
import { ownDecoys } from './decoys.ts'
import { lastHour, startDoors, type Doors } from './testing/doors.ts'
import { heard } from './testing/memory-interactions.ts'

const NOW = Math.floor(Date.now() / 60_000) * 60_000
const range = lastHour(NOW)
const DECOY = '203.0.113.64/26'
let database: TestDatabase
let doors: Doors
let other: number
before(async () => {
  database = await startTestDatabase()
  doors = await startDoors(database)
  other = await doors.organisation('other')
})
after(async () => {
  await doors?.close()
  await database?.stop()
})

const add = (network: string, more: Parameters<Doors['ask']>[2] & { note?: string } = {}) =>
  doors.ask('POST', '/decoys', { role: 'coordinator', ...more, body: { network, ...(more.note === undefined ? {} : { note: more.note }) } })
const codeOf = ({ body }: { body: { type: string } }) => body.type?.replace('urn:hirundo:problem:', '')

test('the same network again changes its note; another organisation has a register of its own', async () => {
  const first = await add(DECOY, { note: 'cowrie' })
  assert.equal(first.status, 200, first.text)
  assert.deepEqual([first.body.network, first.body.note, first.body.created_by], [DECOY, 'cowrie', 'Caller'])
  const again = await add(DECOY, { note: 'dionaea' })
  assert.deepEqual([again.body.id, again.body.note], [first.body.id, 'dionaea'])
  assert.equal((await add(DECOY)).body.note, 'dionaea', 'a question without a note must not clear it')
  assert.equal((await add('2001:DB8:0::/48')).body.network, '2001:db8::/48')
  assert.equal((await add('203.0.113.7')).body.network, '203.0.113.7/32')
  assert.deepEqual(await ownDecoys(doors.db, 1), ['203.0.113.7/32', DECOY, '2001:db8::/48'])
  assert.deepEqual((await doors.ask('GET', '/decoys', { organisation: other })).body.decoys, [])
  assert.equal(codeOf(await doors.ask('DELETE', `/decoys/${first.body.id}`, { organisation: other })), 'decoy/not-found')
  assert.equal((await doors.ask('DELETE', `/decoys/${first.body.id}`)).status, 200)
  assert.equal(codeOf(await doors.ask('DELETE', `/decoys/${first.body.id}`)), 'decoy/not-found')
  assert.ok(!(await ownDecoys(doors.db, 1)).includes(DECOY))
  assert.notEqual((await add(DECOY)).body.id, first.body.id, 'what was taken out may come back')
})

test('an analyst does not see the register', async () => {
  for (const role of ['viewer', 'analyst'] as const) {
    assert.equal((await doors.ask('GET', '/decoys', { role })).status, 403)
    assert.equal((await add('198.51.100.0/24', { role })).status, 403)
  }
})

test('decoys are left out of every answer, and stand in no answer, error, log or audit entry', async () => {
  const sensor = await doors.sensor('north')
  doors.heard.rows = [heard({ at_ms: NOW - 1000, sensor, source: '203.0.113.70' }), heard({ at_ms: NOW - 1000, sensor, source: '240.0.0.1', transport: 'udp', requests: 500 })]
  const paths = ['/interactions/top/sources', '/interactions/series', '/drdos', '/interactions/indicators/users', '/sources/240.0.0.1/evidence']
  for (const path of paths) {
    doors.heard.asked.length = 0
    const { status, text } = await doors.ask('GET', `${path}?${range}`)
    assert.equal(status, 200, text)
    assert.ok(!text.includes('203.0.113'), text)
    assert.ok(doors.heard.asked.length > 0 && doors.heard.asked.every(({ hidden }) => hidden?.includes(DECOY)), path)
  }
  assert.equal((await doors.ask('GET', `/sources/203.0.113.70/evidence?${range}`)).body.data.strength, null)
  // As a store that quotes the question would say it.
  doors.heard.failure = new Error(`Code: 47. near "203.0.113.64/26, 2001:DB8::/48" and 203.0.113.64 in SELECT`)
  for (const path of paths) assert.equal((await doors.ask('GET', `${path}?${range}`)).status, 500)
  doors.heard.failure = undefined
  for (const refused of ['203.0.113.65/26', '203.0.113.64/26x', '203.0.113.0/4']) {
    const { status, text } = await add(refused)
    assert.equal(status, 400)
    assert.ok(!text.includes('203.0.113'), text)
  }
  const audit = await doors.ask('GET', '/audit?limit=1000')
  assert.ok(audit.body.entries.some(({ action, detail }: { action: string; detail: object }) => action === 'decoys.add' && JSON.stringify(detail) === '{"family":4,"prefix_bits":26}'))
  assert.ok(audit.body.entries.some(({ action }: { action: string }) => action === 'decoys.remove'))
  for (const text of [audit.text, ...doors.logged]) assert.ok(!/203\.0\.113|2001:db8/i.test(text), text)
  assert.ok(doors.logged.some((line) => line.includes('Code: 47')), 'the reason of a failure must stay')
})

test('a decoy’s address that a stranger wrote is taken out of content too', async () => {
  const sensor = await doors.sensor('east')
  doors.heard.rows = [heard({
    at_ms: NOW - 1000, sensor, source: '240.0.0.5', sample: Buffer.from('GET / HTTP/1.1\r\nHost: 203.0.113.70\r\n\xff'), logins: [{ user: 'root@203.0.113.70', password: '2001:db8::77' }],
    urls: ['http://203.0.113.70/x', 'http://203.0.113.200/x'], facts: { 'http.host': '203.0.113.70', 'http.path': '/?to=203.0.113.70' },
  })]
  const paths = ['/sources/240.0.0.5/evidence', ...['urls', 'users', 'credentials', 'passwords', 'paths'].map((what) => `/interactions/top/${what}`)]
  for (const path of paths) {
    const { text, status } = await doors.ask('GET', `${path}?${range}`)
    assert.equal(status, 200)
    assert.ok(!/203\.0\.113\.70|2001:db8::77/.test(text), text)
  }
  const [piece] = (await doors.ask('GET', `/sources/240.0.0.5/evidence?${range}`)).body.data.evidence
  assert.deepEqual(piece.urls, ['http://xxxxxxxxxxxx/x', 'http://203.0.113.200/x'])
  assert.equal(Buffer.from(piece.sample, 'base64').toString('latin1'), Buffer.from('GET / HTTP/1.1\r\nHost: xxxxxxxxxxxx\r\n\xff').toString('latin1'))
})

test('networks that are none, and ones that would hide a part of the internet, are refused', async () => {
  for (const network of ['', 'x', '0.0.0.0/0', '::/0', '10.0.0.0/7', '2000::/3', '::ffff:0:0/96', '203.0.113.1/24', '1.2.3.4/33', '203.0.113.0/24, 198.51.100.0/24', "1.2.3.4'--"]) {
    assert.equal((await add(network)).status, 400, network)
  }
  for (const body of [{}, { network: 5 }, { network: '1.2.3.4', note: 'x'.repeat(201) }, { network: '1.2.3.4', note: 'a\0' }, { network: '1.2.3.4', more: 1 }, [], null]) {
    assert.equal((await doors.ask('POST', '/decoys', { body })).status, 400, JSON.stringify(body))
  }
  for (const id of ['1', '../decoys', '00000000-0000-0000-0000-00000000000g']) assert.ok([400, 404].includes((await doors.ask('DELETE', `/decoys/${encodeURIComponent(id)}`)).status))
})

test('the register is bounded, also when many add at once', async () => {
  const organisation = await doors.organisation('full')
  await sql`insert into decoy (id, organisation_id, network, note, created_by, created_at)
    select gen_random_uuid(), ${organisation}, ('198.18.' || i / 256 || '.' || i % 256)::cidr, '', 'test', now() from generate_series(1, 998) i`.execute(doors.db)
  const added = await Promise.all([...Array(6).keys()].map((i) => add(`192.0.2.${i}`, { organisation })))
  assert.deepEqual(added.map(({ status }) => status).toSorted(), [200, 200, 409, 409, 409, 409])
  assert.equal((await ownDecoys(doors.db, organisation)).length, 1000)
  assert.equal((await add('198.18.0.1', { organisation, note: 'known' })).status, 200, 'one that is there may be changed')
})
