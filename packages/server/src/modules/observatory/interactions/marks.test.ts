import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestDatabase, type TestDatabase } from '../testing/node.ts'
import { lastHour, startDoors, type Doors } from './testing/doors.ts'

const range = lastHour(Date.now())
let database: TestDatabase
let doors: Doors
before(async () => {
  database = await startTestDatabase()
  doors = await startDoors(database)
})
after(async () => {
  await doors?.close()
  await database?.stop()
})

const load = (list: string, text: string, query = 'kind=tor-exit&as_of=2026-11-01', more: Parameters<Doors['ask']>[2] = {}) =>
  doors.ask('PUT', `/address-marks/${encodeURIComponent(list)}?${query}`, { ...more, text })
const marks = async (address: string) =>
  (await doors.ask('GET', `/sources/${address}/evidence?${range}`, { role: 'viewer' })).body.data.marks.map(({ kind, list, as_of }: Record<string, string>) => `${kind} ${list} ${as_of}`)

test('an address is marked by every list that holds it; loading again replaces the list', async () => {
  const loaded = await load('tor', '# exits\n240.0.0.1\n\n 240.0.0.2 # seen today\r\n2001:db8::/32\n240.0.0.1\n')
  assert.equal(loaded.status, 200, loaded.text)
  assert.deepEqual([loaded.body.list, loaded.body.kind, loaded.body.networks], ['tor', 'tor-exit', 3])
  await load('vpn', '240.0.0.0/24', 'kind=vpn&as_of=2026-10-01')
  assert.deepEqual(await marks('240.0.0.1'), ['tor-exit tor 2026-11-01', 'vpn vpn 2026-10-01'])
  assert.deepEqual(await marks('240.0.0.3'), ['vpn vpn 2026-10-01'])
  assert.deepEqual(await marks('2001:db8::5'), ['tor-exit tor 2026-11-01'])
  assert.deepEqual(await marks('240.0.1.0'), [])
  await load('tor', '240.0.0.9', 'kind=tor-exit&as_of=2026-11-02')
  assert.deepEqual([await marks('240.0.0.1'), await marks('240.0.0.9')], [['vpn vpn 2026-10-01'], ['tor-exit tor 2026-11-02', 'vpn vpn 2026-10-01']])
  const { lists } = (await doors.ask('GET', '/address-marks', { role: 'viewer' })).body
  assert.deepEqual(lists.map((one: { list: string; networks: number }) => [one.list, one.networks]), [['tor', 1], ['vpn', 1]])
  assert.equal((await doors.ask('DELETE', '/address-marks/tor')).status, 200)
  assert.equal((await doors.ask('DELETE', '/address-marks/tor')).body.type, 'urn:hirundo:problem:marks/not-found')
  assert.deepEqual(await marks('240.0.0.9'), ['vpn vpn 2026-10-01'])
  const audit = (await doors.ask('GET', '/audit')).body.entries.map(({ action, subject }: Record<string, string>) => `${action} ${subject}`)
  assert.deepEqual(audit, ['marks.remove tor', 'marks.load tor', 'marks.load vpn', 'marks.load tor'])
})

test('shared address space is always CGNAT', async () => {
  assert.deepEqual(await marks('100.64.0.1'), ['cgnat RFC 6598 2012-04-01'])
  assert.deepEqual(await marks('100.127.255.255'), ['cgnat RFC 6598 2012-04-01'])
  assert.deepEqual(await marks('100.128.0.0'), [])
  assert.equal((await load('rfc 6598', '1.2.3.4')).status, 400)
})

test('lists that are none are refused whole, by the number of the line', async () => {
  await load('kept', '240.9.9.9')
  for (const [text, line] of [['1.2.3.4\n1.2.3', 2], ['0.0.0.0/0', 1], ['1.2.3.4\n\n# x\n1.2.3.4/24', 4], ['\u0000', 1], ['<html>', 1], ['1.2.3.4,5.6.7.8', 1], [`${'9'.repeat(5000)}`, 1]] as const) {
    const refused = await load('kept', text)
    assert.deepEqual([refused.status, refused.body.values.line], [400, line], text.slice(0, 40))
  }
  assert.deepEqual(await marks('240.9.9.9'), ['tor-exit kept 2026-11-01'])
  for (const query of ['kind=x&as_of=2026-11-01', 'kind=vpn&as_of=2026-13-01', 'kind=vpn&as_of=2026-02-30', 'kind=vpn', 'as_of=2026-11-01', 'kind=vpn&as_of=2026-11-01&more=1']) {
    assert.equal((await load('x', '1.2.3.4', query)).status, 400, query)
  }
  for (const list of ['x'.repeat(101), 'a\nb', '\u202e']) assert.equal((await load(list, '1.2.3.4')).status, 400, list)
  assert.equal((await doors.ask('PUT', '/address-marks/x?kind=vpn&as_of=2026-11-01', { body: {} })).status, 400, 'another content type')
  assert.equal((await load('empty', '# nothing\n')).body.networks, 0)
})

test('what is too much is refused before it is stored', async () => {
  const many = [...Array(200_001).keys()].map((i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).join('\n')
  assert.equal((await load('many', many)).body.values.what, 'networks')
  assert.equal((await load('many', '\n'.repeat(1_000_001))).body.values.what, 'lines')
  const before = (await doors.ask('GET', '/address-marks')).body.lists.length
  for (let i = before; i < 50; i++) assert.equal((await load(`list ${i}`, '1.2.3.4')).status, 200)
  assert.equal((await load('one more', '1.2.3.4')).body.values.what, 'lists')
})

test('lists are of the node: only who operates it changes them', async () => {
  const organisation = await doors.organisation('other')
  for (const more of [{ role: 'coordinator' }, { role: 'administrator', organisation }] as const) {
    assert.equal((await load('x', '1.2.3.4', undefined, more)).status, 403)
    assert.equal((await doors.ask('DELETE', '/address-marks/kept', more)).status, 403)
  }
})
