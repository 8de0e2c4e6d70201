import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { membershipScopes } from '@hirundo/contract'
import { membershipsAt } from '../index.ts'
import { startDoors, type Doors } from '../testing/doors.ts'

let doors: Doors
let xa: string
let xb: string
let north: string
let south: string
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  ;[xa, xb] = [await doors.team('XA-CSIRT'), await doors.team('XB-CERT')]
  ;[north, south] = [await forum('NORTH'), await forum('SOUTH')]
})

const forum = async (short_name: string, more: object = {}): Promise<string> => (await doors.must('POST', '/communities', { name: `Forum of the ${short_name}`, short_name, ...more })).id
const say = (community: string, team: string, kind: string, more: object = {}) => doors.ask('POST', `/communities/${community}/events`, { team, kind, ...more })
const basis = { scopes: ['receive', 'send'], legal_basis: 'Bylaws 7', decided_by: 'Steering committee', review_on: '2027-02-01' }
const mayOf = async (community: string, team: string): Promise<string[]> => {
  const { memberships } = await doors.must('GET', `/communities/${community}`)
  const { standing } = memberships.find((one: { team: { id: string } }) => one.team.id === team)
  return membershipScopes.filter((scope) => standing.may[scope])
}

test('a suspension closes what it names in its forum, and touches no other', async () => {
  for (const community of [north, south]) for (const team of [xa, xb]) await say(community, team, 'joined', { at: '2020-01-01T00:00:00Z' })
  const elsewhere = async () => [await mayOf(south, xa), await mayOf(south, xb), await mayOf(north, xb)]
  const before = await elsewhere()
  const { body } = await say(north, xa, 'suspended', { ...basis, carve_outs: ['public-advisories'] })
  assert.deepEqual(body.standing.suspensions, [{ since: '2026-11-20T09:00:00.000Z', scopes: ['receive', 'send'], carve_outs: ['public-advisories'], legal_basis: 'Bylaws 7', decided_by: 'Steering committee', review_on: '2027-02-01', review_due: false }])
  assert.deepEqual(await mayOf(north, xa), ['list', 'vote', 'drill', 'hotline'])
  assert.deepEqual(await elsewhere(), before)
  assert.deepEqual((await doors.must('GET', '/communities')).communities.map(({ short_name, members, suspended }: Record<string, unknown>) => [short_name, members, suspended]), [['NORTH', 2, 1], ['SOUTH', 2, 0]])
  assert.deepEqual((await doors.must('GET', `/teams/${xa}`)).memberships.map(({ community, standing }: { community: { short_name: string }; standing: { may: { receive: boolean } } }) => [community.short_name, standing.may.receive]), [['NORTH', false], ['SOUTH', true]])
  assert.deepEqual((await doors.must('GET', `/teams/${xa}?as=partners`)).memberships, [])
  doors.now_ms = Date.parse('2027-02-01T00:00:00Z')
  const { memberships } = await doors.must('GET', `/communities/${north}`)
  assert.equal(memberships[0].standing.suspensions[0].review_due, true)
  assert.equal((await say(north, xa, 'reinstated', { scopes: ['send'], decided_by: 'Steering committee' })).status, 200)
  assert.deepEqual(await mayOf(north, xa), ['send', 'list', 'vote', 'drill', 'hotline'])
})

test('others in the node ask what is open to whom at an instant', async () => {
  const own = await forum('EAST', { founder: xb })
  await say(own, xa, 'joined', { at: '2020-01-01T00:00:00Z' })
  await say(own, xb, 'joined', { at: '2020-01-01T00:00:00Z' })
  await say(own, xa, 'suspended', { ...basis, carve_outs: ['public-advisories'] })
  const open = async (at_ms: number) => (await membershipsAt(doors.tools.db, 1, at_ms)).map(({ community, founder, team, scopes, carve_outs }) => [community === own, founder === xb, team === xa ? 'xa' : 'xb', scopes.length, carve_outs])
  assert.deepEqual(await open(doors.now_ms - 1), [[true, true, 'xa', 6, []], [true, true, 'xb', 6, []]])
  assert.deepEqual(await open(doors.now_ms), [[true, true, 'xa', 4, ['public-advisories']], [true, true, 'xb', 6, []]])
  assert.deepEqual(await open(0), [])
  assert.deepEqual(await membershipsAt(doors.tools.db, await doors.organisation('Third'), doors.now_ms), [])
})

test('the checks say when a suspension is to be looked at again, and no more once it is lifted', async () => {
  const of = async () => (await doors.checks()).find(({ name }) => name === 'directory')!
  await doors.team('US', { own: true })
  await say(north, xa, 'joined')
  await say(north, xa, 'suspended', basis)
  doors.now_ms = Date.parse('2027-01-31T23:59:59Z')
  assert.equal((await of()).attention, undefined)
  doors.now_ms += 1000
  assert.deepEqual([(await of()).attention, (await of()).detail.startsWith('1 suspension is due'), (await of()).detail.includes('XA')], [true, true, false])
  await say(north, xa, 'reinstated')
  assert.equal((await of()).attention, undefined)
})

test('what is heard late holds from when it happened', async () => {
  await say(north, xa, 'joined', { at: '2020-01-01T00:00:00Z' })
  await say(north, xa, 'suspended', { ...basis, at: '2026-11-20T08:00:00Z' })
  await say(north, xa, 'reinstated', { at: '2026-11-20T07:00:00Z' }).then(({ code }) => assert.equal(code, 'membership/wrong-state'))
  assert.ok(!(await mayOf(north, xa)).includes('receive'))
  await say(north, xa, 'left', { at: '2026-12-01T00:00:00Z' })
  assert.deepEqual(await mayOf(north, xa), ['list', 'vote', 'drill', 'hotline'], 'what is to come has not happened')
  doors.now_ms = Date.parse('2026-12-01T00:00:00Z')
  assert.deepEqual(await mayOf(north, xa), [])
  assert.equal((await say(north, xa, 'joined', { at: '2028-01-01T00:00:00Z' })).code, 'request/invalid')
})

test('a suspension says what, on what basis, who decided and when it is looked at again', async () => {
  await say(north, xa, 'joined')
  for (const name of Object.keys(basis)) {
    const answer = await say(north, xa, 'suspended', { ...basis, [name]: undefined })
    assert.deepEqual([answer.code, answer.body.values.what], ['request/invalid', name])
  }
  for (const review_on of ['2026-11-19', '2027-02-30']) assert.equal((await say(north, xa, 'suspended', { ...basis, review_on })).code, 'request/invalid', review_on)
  for (const [kind, more] of [['left', { carve_outs: [] }], ['left', { scopes: ['send'] }], ['reinstated', { review_on: '2027-01-01' }]] as const) assert.equal((await say(north, xa, kind, more)).code, 'request/invalid', kind)
})

test('only what can have happened is recorded', async () => {
  for (const [kind, more] of [['left', {}], ['suspended', basis], ['reinstated', {}]] as const) assert.equal((await say(north, xa, kind, more)).code, 'membership/wrong-state', kind)
  await say(north, xa, 'joined')
  assert.equal((await say(north, xa, 'joined')).code, 'membership/wrong-state')
  assert.equal((await say(north, 'd0000000-0000-4000-8000-000000000000', 'joined')).code, 'team/not-found')
  const answers = await Promise.all(Array.from({ length: 6 }, () => say(north, xb, 'joined')))
  assert.deepEqual(answers.map(({ code }) => code).toSorted(), ['', ...Array.from({ length: 5 }, () => 'membership/wrong-state')])
})

test('the record is only ever added to, in the database too', async () => {
  await say(north, xa, 'joined')
  await say(north, xa, 'suspended', basis)
  for (const statement of ["update directory_membership_event set kind = 'joined'", 'delete from directory_membership_event']) {
    await assert.rejects(doors.postgres.pool.query(statement), /never changed or removed/)
  }
  const first = await doors.must('GET', `/communities/${north}/events?limit=1`)
  const second = await doors.must('GET', `/communities/${north}/events?limit=1&after=${first.next}`)
  assert.deepEqual([...first.events, ...second.events].map(({ kind, scopes, recorded_by }: Record<string, unknown>) => [kind, scopes, recorded_by]), [['suspended', ['receive', 'send'], 'Caller'], ['joined', [], 'Caller']])
  assert.equal(second.next, null)
  assert.deepEqual((await doors.must('GET', `/communities/${north}/events?team=${xb}`)).events, [])
})

test('a member leaves before it is taken out of the directory', async () => {
  await say(north, xa, 'joined')
  const refused = await doors.ask('DELETE', `/teams/${xa}`)
  assert.deepEqual([refused.code, refused.body.values.by], ['team/in-use', 'NORTH'])
  doors.now_ms += 1
  await say(north, xa, 'left')
  await doors.must('DELETE', `/teams/${xa}`)
  assert.equal((await doors.must('GET', `/communities/${north}`)).memberships[0].team.short_name, 'XA-CSIRT')
})

test('a community keeps its own names of economies, by language', async () => {
  const economy_names = { en: { XB: 'Xb Land', XA: 'Xa Islands' }, 'ZH-hant': { XA: '某群島' } }
  const id = await forum('EAST', { founder: xa, economy_names, description: 'Two\nlines' })
  const seen = await doors.must('GET', `/communities/${id}`)
  assert.deepEqual([seen.economy_names, seen.founder.short_name, seen.description], [{ en: { XA: 'Xa Islands', XB: 'Xb Land' }, 'zh-Hant': { XA: '某群島' } }, 'XA-CSIRT', 'Two\nlines'])
  for (const wrong of [{ e: {} }, { 'en-x': {} }, { en: { xa: 'x' } }, { en: {}, EN: {} }, { en: { XA: '' } }]) {
    assert.equal(await doors.refused('PUT', `/communities/${id}`, { version: seen.version, name: 'E', short_name: 'EAST', economy_names: wrong }), 'request/invalid', JSON.stringify(wrong))
  }
  await doors.must('PUT', `/communities/${id}`, { version: seen.version, name: 'E', short_name: 'EAST' })
  assert.equal(await doors.refused('PUT', `/communities/${id}`, { version: seen.version, name: 'E', short_name: 'EAST' }), 'community/changed-meanwhile')
  assert.equal(await doors.refused('POST', '/communities', { name: 'N', short_name: 'north' }), 'community/name-taken')
  assert.equal(await doors.refused('POST', '/communities', { name: 'N', short_name: 'N', founder: north }), 'team/not-found')
})

test('another organisation neither sees nor records', async () => {
  const organisation = await doors.organisation('Other')
  const asking = { organisation }
  assert.deepEqual((await doors.must('GET', '/communities', undefined, asking)).communities, [])
  for (const path of [`/communities/${north}`, `/communities/${north}/events`]) assert.equal(await doors.refused('GET', path, undefined, asking), 'community/not-found')
  assert.equal(await doors.refused('POST', `/communities/${north}/events`, { team: xa, kind: 'joined' }, asking), 'community/not-found')
  const own = await doors.must('POST', '/communities', { name: 'N', short_name: 'NORTH' }, asking)
  assert.equal(await doors.refused('POST', `/communities/${own.id}/events`, { team: xa, kind: 'joined' }, asking), 'team/not-found')
})
