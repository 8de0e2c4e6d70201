import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { startDoors, type Asking, type Doors } from '../testing/doors.ts'

let doors: Doors
let xa: string
let xb: string
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  xa = await doors.team('XA-CSIRT')
  xb = await doors.team('XB-CERT')
})

const claim = async (team: string, kind: string, value: string, asking: Asking = {}): Promise<string> => (await doors.must('POST', `/teams/${team}/constituencies`, { kind, value }, asking)).id
const decide = (id: string, more: object = {}) => doors.ask('POST', `/constituencies/${id}/decision`, { state: 'verified', how: 'registry', ...more })
const owners = async (query: string): Promise<string[]> => (await doors.must('GET', `/constituencies/owner?${query}`)).owners.map(({ team, value }: { team: { short_name: string }; value: string }) => `${team.short_name} ${value}`)
const overlaps = async () => (await doors.must('GET', '/constituencies/overlaps')).overlaps
const stateOf = async (id: string): Promise<string> => (await doors.must('GET', '/constituencies')).constituencies.find((one: { id: string }) => one.id === id).state

test('a claim routes nothing until somebody looked, and nothing after it is rejected', async () => {
  const id = await claim(xa, 'cidr', '203.0.113.0/24')
  const asked = 'address=203.0.113.9'
  assert.deepEqual(await owners(asked), [])
  assert.deepEqual((await doors.must('GET', `/constituencies/owner?${asked}`)).not_routed.map(({ why }: { why: string }) => why), ['unverified'])
  const { body } = await decide(id, { by: 'Mio', at: '2026-11-19T00:00:00Z', text: 'as the registry says' })
  assert.deepEqual([body.state, body.decided], ['verified', { at: '2026-11-19T00:00:00.000Z', by: 'Mio', how: 'registry', text: 'as the registry says' }])
  assert.deepEqual(await owners(asked), ['XA-CSIRT 203.0.113.0/24'])
  await decide(id, { state: 'rejected', how: 'routing' })
  assert.deepEqual(await owners(asked), [])
  assert.equal((await decide(id, { at: '2026-11-20T09:00:01Z' })).code, 'request/invalid')
})

test('the economy alone is nobody’s, and the answer says so', async () => {
  await decide(await claim(xa, 'economy', 'XA'))
  await decide(await claim(xa, 'asn', 'AS64500'))
  assert.deepEqual(await owners('address=203.0.113.9&asn=64501&economy=XA'), [])
  assert.deepEqual((await doors.must('GET', '/constituencies/owner?address=203.0.113.9&economy=XA')).not_routed, [{ team: { id: xa, short_name: 'XA-CSIRT' }, kind: 'economy', value: 'XA', why: 'economy-alone' }])
  assert.deepEqual(await owners('address=203.0.113.9&asn=64500&economy=XB'), ['XA-CSIRT 64500'])
  assert.equal(await doors.refused('GET', '/constituencies/owner?address=203.0.113.999'), 'request/invalid')
})

test('what overlaps stands when both teams agreed, not when one did', async () => {
  const wide = await claim(xa, 'cidr', '203.0.113.0/24')
  const narrow = await claim(xb, 'cidr', '203.0.113.128/25')
  assert.deepEqual((await overlaps()).map(({ wider, narrower, agreed }: Record<string, { value: string }>) => [wider!.value, narrower!.value, agreed]), [['203.0.113.0/24', '203.0.113.128/25', false]])
  assert.equal((await decide(narrow)).status, 200)
  const refused = await decide(wide)
  assert.deepEqual([refused.code, refused.body.values], ['constituency/overlaps', { team: 'XB-CERT', constituency: '203.0.113.128/25' }])
  const pair = { wider: narrow, narrower: wide }
  await doors.must('POST', '/constituencies/overlaps', { ...pair, team: xa, by: 'Mio' })
  await doors.must('POST', '/constituencies/overlaps', { ...pair, team: xa, by: 'Mio again' })
  assert.equal((await decide(wide)).code, 'constituency/overlaps')
  const { agreed, approved_by } = await doors.must('POST', '/constituencies/overlaps', { ...pair, team: xb, by: 'Ren' })
  assert.deepEqual([agreed, approved_by.map(({ by }: { by: string }) => by)], [true, ['Mio', 'Ren']])
  assert.equal((await decide(wide)).status, 200)
  assert.deepEqual(await owners('address=203.0.113.200'), ['XB-CERT 203.0.113.128/25', 'XA-CSIRT 203.0.113.0/24'])
  assert.deepEqual(await owners('address=203.0.113.9'), ['XA-CSIRT 203.0.113.0/24'])
})

test('when the agreement ends, what was verified later is claimed only again', async () => {
  const [first, second] = [await claim(xa, 'asn', '64500'), await claim(xb, 'asn', '64500')]
  await decide(second)
  doors.now_ms += 1000
  for (const team of [xb, xa]) {
    assert.equal((await decide(first)).code, 'constituency/overlaps')
    await doors.must('POST', '/constituencies/overlaps', { wider: first, narrower: second, team, by: 'x' })
  }
  await decide(first)
  assert.deepEqual(await owners('address=203.0.113.9&asn=64500'), ['XA-CSIRT 64500', 'XB-CERT 64500'])
  const ended = await doors.must('POST', '/constituencies/overlaps/end', { wider: first, narrower: second })
  assert.deepEqual([ended.agreed, ended.approved_by, await stateOf(first), await stateOf(second)], [false, [], 'claimed', 'verified'])
  assert.deepEqual(await owners('address=203.0.113.9&asn=64500'), ['XB-CERT 64500'])
})

test('of those that overlap and are verified at the same moment one stands', async () => {
  const ids = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map(async (name) => claim(await doors.team(name), 'asn', '64500')))
  const answers = await Promise.all(ids.map((id) => decide(id)))
  assert.deepEqual(answers.map(({ code }) => code).toSorted(), ['', ...Array.from({ length: 7 }, () => 'constituency/overlaps')])
})

test('only the two teams of an overlap agree to it', async () => {
  const xc = await doors.team('XC')
  const [a, b, c] = [await claim(xa, 'economy', 'XA'), await claim(xb, 'economy', 'XA'), await claim(xc, 'economy', 'XC')]
  assert.equal(await doors.refused('POST', '/constituencies/overlaps', { wider: a, narrower: b, team: xc, by: 'x' }), 'team/not-found')
  for (const pair of [{ wider: a, narrower: c }, { wider: a, narrower: a }]) {
    assert.equal(await doors.refused('POST', '/constituencies/overlaps', { ...pair, team: xa, by: 'x' }), 'overlap/not-found')
    assert.equal(await doors.refused('POST', '/constituencies/overlaps/end', pair), 'overlap/not-found')
  }
})

test('what a team that was taken out claimed routes nothing and stands in nobody’s way', async () => {
  const a = await claim(xa, 'cidr', '203.0.113.0/24')
  await decide(a)
  const b = await claim(xb, 'cidr', '203.0.113.0/25')
  assert.equal((await decide(b)).code, 'constituency/overlaps')
  await doors.must('DELETE', `/teams/${xa}`)
  assert.deepEqual([await overlaps(), await owners('address=203.0.113.9')], [[], []])
  assert.equal((await decide(b)).status, 200)
  assert.equal((await decide(a)).code, 'constituency/not-found')
})

test('a team claims a thing once, and takes it back', async () => {
  const id = await claim(xa, 'asn', 'AS64500')
  assert.equal(await doors.refused('POST', `/teams/${xa}/constituencies`, { kind: 'asn', value: '64500' }), 'constituency/exists')
  assert.deepEqual((await doors.must('GET', `/teams/${xa}?as=community`)).constituencies, [])
  assert.equal((await doors.must('GET', `/teams/${xa}?as=partners`)).constituencies.length, 1)
  await decide(id)
  await doors.must('DELETE', `/constituencies/${id}`)
  assert.deepEqual(await owners('address=203.0.113.9&asn=64500'), [])
  assert.equal(await doors.refused('DELETE', `/constituencies/${id}`), 'constituency/not-found')
})

test('claims of another organisation are not seen, decided, or in the way', async () => {
  const organisation = await doors.organisation('Other')
  const id = await claim(xa, 'asn', '64500')
  await decide(id)
  const other = await claim(await doors.team('XC', {}, { organisation }), 'asn', '64500', { organisation })
  for (const [method, path, body] of [['POST', `/constituencies/${id}/decision`, { state: 'rejected', how: 'other' }], ['DELETE', `/constituencies/${id}`]] as const) {
    assert.equal(await doors.refused(method, path, body, { organisation }), 'constituency/not-found')
  }
  assert.equal(await doors.refused('POST', `/constituencies/${other}/decision`, { state: 'verified', how: 'registry' }, { organisation }), 'none')
  assert.deepEqual(await owners('address=203.0.113.9&asn=64500'), ['XA-CSIRT 64500'])
  assert.equal((await doors.must('GET', '/constituencies', undefined, { organisation })).constituencies.length, 1)
})

test('the list goes page by page', async () => {
  for (const n of [1, 2, 3]) await claim(xa, 'asn', String(64_500 + n))
  const first = await doors.must('GET', '/constituencies?limit=2&kind=asn')
  const second = await doors.must('GET', `/constituencies?limit=2&kind=asn&after=${first.next}`)
  assert.deepEqual([...first.constituencies, ...second.constituencies].map(({ value }: { value: string }) => value), ['64503', '64502', '64501'])
  assert.equal(second.next, null)
  assert.equal((await doors.must('GET', `/constituencies?team=${xb}`)).constituencies.length, 0)
})
