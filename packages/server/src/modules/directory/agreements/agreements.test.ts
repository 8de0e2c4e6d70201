import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { openKinds } from '../index.ts'
import { startDoors, type Doors } from '../testing/doors.ts'

let doors: Doors
let us: string
let xb: string
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  us = await doors.team('XA-CSIRT', { own: true })
  xb = await doors.team('XB-CERT')
})

const draft = (more: object = {}) => ({
  title: 'Findings between XA and XB', purposes: ['defence', 'response'], legal_basis: 'Memorandum of 2026', kinds: ['finding', 'bulletin'], retention_days: 90, expires_at: '2027-06-01T00:00:00.000Z',
  parties: [{ team: us, discloses: 'Requests of our courts' }, { team: xb, discloses: 'Nothing\nwe know of' }], ...more,
})
const add = async (more: object = {}): Promise<{ id: string; version: number }> => doors.must('POST', '/agreements', draft(more))
const approve = ({ id, version }: { id: string; version: number }, team: string) => doors.ask('POST', `/agreements/${id}/approvals`, { team, by: 'Mio', version })
const inForce = async (more: object = {}) => {
  const made = await add(more)
  for (const team of [us, xb]) await approve(made, team)
  return made
}
const kindsTo = async (team: string): Promise<string[]> => [...await openKinds(doors.tools.db, 1, team, doors.now_ms)].toSorted()

test('an agreement opens nothing until every party approved it, then what it names until it expires', async () => {
  const made = await add()
  assert.deepEqual([await kindsTo(xb)], [[]])
  assert.equal((await approve(made, us)).body.state, 'draft')
  assert.equal((await approve(made, us)).body.state, 'draft', 'the same party twice is one')
  assert.deepEqual(await kindsTo(xb), [])
  const { body } = await approve(made, xb)
  assert.deepEqual([body.state, body.in_force_since, body.open_kinds, body.parties.map(({ discloses, approved }: { discloses: string; approved: { by: string } }) => [discloses, approved.by])], [
    'in-force', '2026-11-20T09:00:00.000Z', ['finding', 'bulletin'], [['Requests of our courts', 'Mio'], ['Nothing\nwe know of', 'Mio']],
  ])
  assert.deepEqual(await kindsTo(xb), ['bulletin', 'finding'])
  doors.now_ms = Date.parse('2027-05-31T23:59:59.999Z')
  assert.deepEqual(await kindsTo(xb), ['bulletin', 'finding'])
  doors.now_ms += 1
  assert.deepEqual(await kindsTo(xb), [])
  assert.deepEqual((await doors.must('GET', '/agreements?state=expired')).agreements.map(({ id, open_kinds }: Record<string, unknown>) => [id, open_kinds]), [[made.id, []]])
})

test('a suspension in a forum changes nothing of what partners agreed', async () => {
  await inForce()
  const forum = (await doors.must('POST', '/communities', { name: 'Forum', short_name: 'NORTH' })).id
  for (const team of [us, xb]) await doors.must('POST', `/communities/${forum}/events`, { team, kind: 'joined' })
  doors.now_ms += 1
  await doors.must('POST', `/communities/${forum}/events`, { team: xb, kind: 'suspended', scopes: ['receive', 'send', 'hotline'], legal_basis: 'Bylaws', decided_by: 'Committee', review_on: '2027-01-01' })
  assert.deepEqual(await kindsTo(xb), ['bulletin', 'finding'])
})

test('who approved approved that text: a change asks all again, and what is in force is not changed', async () => {
  const made = await add()
  await approve(made, us)
  const changed = await doors.must('PUT', `/agreements/${made.id}`, { ...draft({ kinds: ['finding'] }), version: made.version })
  assert.deepEqual(changed.parties.map(({ approved }: { approved: null }) => approved), [null, null])
  assert.equal((await approve(made, xb)).code, 'agreement/changed-meanwhile')
  assert.equal(await doors.refused('PUT', `/agreements/${made.id}`, { ...draft(), version: made.version }), 'agreement/changed-meanwhile')
  for (const team of [us, xb]) await approve(changed, team)
  assert.deepEqual(await kindsTo(xb), ['finding'])
  assert.equal(await doors.refused('PUT', `/agreements/${made.id}`, { ...draft(), version: changed.version }), 'agreement/wrong-state')
})

test('one who ends it ends it for all, for good', async () => {
  const made = await inForce()
  const { body } = await doors.ask('POST', `/agreements/${made.id}/end`, { by: 'Ren', why: 'A new law' })
  assert.deepEqual([body.state, body.open_kinds, body.ended], ['ended', [], { at: '2026-11-20T09:00:00.000Z', by: 'Ren', why: 'A new law' }])
  assert.deepEqual(await kindsTo(xb), [])
  for (const again of [approve(made, us), doors.ask('POST', `/agreements/${made.id}/end`, { by: 'x', why: 'x' })]) assert.equal((await again).code, 'agreement/wrong-state')
})

test('lanes are open to parties only, and only where we are one', async () => {
  const xc = await doors.team('XC')
  const made = await add({ parties: [{ team: xb, discloses: '' }, { team: xc, discloses: '' }] })
  for (const team of [xb, xc]) await approve(made, team)
  assert.equal((await approve(made, us)).code, 'agreement/wrong-state')
  assert.deepEqual([await kindsTo(xb), await kindsTo(xc), await kindsTo(us)], [[], [], []])
  await inForce({ kinds: ['case'] })
  assert.deepEqual([await kindsTo(xb), await kindsTo(xc), await kindsTo(us)], [['case'], [], []])
})

test('what means nothing is refused', async () => {
  assert.equal(await doors.refused('POST', '/agreements', draft({ expires_at: '2026-11-20T09:00:00Z' })), 'request/invalid')
  assert.equal(await doors.refused('POST', '/agreements', draft({ parties: [{ team: us, discloses: '' }, { team: us, discloses: '' }] })), 'request/invalid')
  assert.equal(await doors.refused('POST', '/agreements', draft({ parties: [{ team: us, discloses: '' }] })), 'request/invalid')
  assert.equal(await doors.refused('POST', '/agreements', draft({ kinds: ['Finding!'] })), 'request/invalid')
  assert.equal(await doors.refused('POST', '/agreements', draft({ parties: [{ team: us, discloses: '' }, { team: 'd0000000-0000-4000-8000-000000000000', discloses: '' }] })), 'team/not-found')
  assert.equal((await approve(await add(), await doors.team('XC'))).code, 'team/not-found')
})

test('an end is announced before, and said after, by the checks; they name nobody', async () => {
  const of = async (name: string) => (await doors.checks()).find((one) => one.name === name)!
  await inForce({ expires_at: '2027-01-19T09:00:00.000Z' })
  await add({ expires_at: '2026-11-21T09:00:00.000Z' })
  assert.deepEqual(await of('agreements'), { name: 'agreements', ok: true, detail: 'None ends within 30 days.' }, 'a draft is no loss')
  doors.now_ms = Date.parse('2026-12-20T09:00:00.000Z')
  const soon = await of('agreements')
  assert.deepEqual([soon.attention, /1 agreement will expire/.test(soon.detail), soon.detail.includes('XB')], [true, true, false])
  doors.now_ms = Date.parse('2027-01-19T09:00:00.000Z')
  assert.match((await of('agreements')).detail, /^1 agreement expired/)
  assert.equal((await of('directory')).attention, undefined)
  const team = await doors.must('GET', `/teams/${us}`)
  await doors.must('PUT', `/teams/${us}`, { version: team.version, name: 'X', short_name: 'XA-CSIRT', kind: 'national', own: false })
  assert.equal((await of('directory')).attention, true)
})

test('a party stays in the directory, and others see no agreement', async () => {
  const made = await inForce()
  const refused = await doors.ask('DELETE', `/teams/${xb}`)
  assert.deepEqual([refused.code, refused.body.values.by], ['team/in-use', 'Findings between XA and XB'])
  assert.equal((await doors.must('GET', `/teams/${xb}`)).agreements.length, 1)
  assert.deepEqual((await doors.must('GET', `/teams/${xb}?as=partners`)).agreements, [])
  await doors.must('POST', `/agreements/${made.id}/end`, { by: 'x', why: 'x' })
  await doors.must('DELETE', `/teams/${xb}`)
})

test('another organisation neither sees nor ends', async () => {
  const organisation = await doors.organisation('Other')
  const { id, version } = await inForce()
  assert.deepEqual((await doors.must('GET', '/agreements', undefined, { organisation })).agreements, [])
  assert.equal(await doors.refused('GET', `/agreements/${id}`, undefined, { organisation }), 'agreement/not-found')
  assert.equal(await doors.refused('POST', `/agreements/${id}/end`, { by: 'x', why: 'x' }, { organisation }), 'agreement/not-found')
  assert.equal(await doors.refused('POST', `/agreements/${id}/approvals`, { team: us, by: 'x', version }, { organisation }), 'agreement/not-found')
  assert.deepEqual([...await openKinds(doors.tools.db, organisation, xb, doors.now_ms)], [])
  assert.equal((await doors.must('GET', `/agreements?team=${xb}`)).agreements.length, 1)
})
