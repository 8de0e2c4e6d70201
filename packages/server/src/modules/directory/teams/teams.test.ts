import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { startDoors, type Doors } from '../testing/doors.ts'

let doors: Doors
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(() => doors.clear())

const whole = {
  name: 'XA National CSIRT', short_name: 'XA-CSIRT', kind: 'national', host: 'Ministry of Examples', economy: 'XA', time_zone: 'Asia/Tokyo', website: 'https://xa-csirt.example/', established: '1999-02', node: 'own', own: true, simulated: false,
}

test('a team is kept as it was entered, and its change needs the version that was seen', async () => {
  const { id, version, ...made } = await doors.must('POST', '/teams', whole)
  assert.deepEqual(made, { ...whole, visibility: {}, changed_at: '2026-11-20T09:00:00.000Z', contacts: [], keys: [], constituencies: [], memberships: [], agreements: [] })
  const changed = await doors.must('PUT', `/teams/${id}`, { ...whole, version, host: null })
  assert.deepEqual([changed.host, changed.version], [null, version + 1])
  assert.equal(await doors.refused('PUT', `/teams/${id}`, { ...whole, version }), 'team/changed-meanwhile')
  assert.equal(await doors.refused('GET', '/teams/d0000000-0000-4000-8000-000000000000'), 'team/not-found')
  const { entries } = await doors.must('GET', '/audit?limit=2')
  assert.deepEqual(entries.map(({ action, detail }: { action: string; detail: object }) => [action, detail]), [['team.change', { fields: ['host'] }], ['team.add', { own: true, simulated: false }]])
})

test('what means nothing is refused by its name', async () => {
  for (const [what, more] of Object.entries({ time_zone: { time_zone: 'Asia/Nowhere' }, established: { established: '1999-02-30' }, website: { website: 'javascript:alert(1)' }, name: { name: ' ' } })) {
    const answer = await doors.ask('POST', '/teams', { ...whole, ...more })
    assert.deepEqual([answer.code, answer.body.values.what], ['request/invalid', what])
  }
  for (const website of ['https://user:secret@xa.example/', 'ftp://xa.example/', 'xa.example']) assert.equal(await doors.refused('POST', '/teams', { ...whole, website }), 'request/invalid', website)
  for (const short_name of ['a\nb', 'x'.repeat(61), '', '\u202eXA']) assert.equal(await doors.refused('POST', '/teams', { ...whole, short_name }), 'request/invalid', short_name)
})

test('short names are given once, in any case and also by those who enter at the same moment', async () => {
  await doors.team('XA-CSIRT')
  assert.equal(await doors.refused('POST', '/teams', { ...whole, short_name: 'xa-csirt' }), 'team/name-taken')
  const at_once = await Promise.all(Array.from({ length: 8 }, () => doors.refused('POST', '/teams', { ...whole, own: false, short_name: 'XB-CERT' })))
  assert.deepEqual(at_once.toSorted(), ['none', ...Array.from({ length: 7 }, () => 'team/name-taken')])
})

test('one team is us, and it stays', async () => {
  const answers = await Promise.all(['A', 'B', 'C', 'D'].map((short_name) => doors.refused('POST', '/teams', { ...whole, short_name })))
  assert.deepEqual(answers.toSorted(), ['none', 'team/own-exists', 'team/own-exists', 'team/own-exists'])
  const { teams } = await doors.must('GET', '/teams')
  assert.equal(await doors.refused('DELETE', `/teams/${teams[0].id}`), 'team/in-use')
  const other = await doors.team('OTHER')
  const seen = await doors.must('GET', `/teams/${other}`)
  assert.equal(await doors.refused('PUT', `/teams/${other}`, { ...whole, short_name: 'OTHER', version: seen.version }), 'team/own-exists')
})

test('a team is seen field by field, by who may; nothing else shows that there is more', async () => {
  const id = (await doors.must('POST', '/teams', { ...whole, visibility: { website: 'public', host: 'us', established: 'partners' } })).id
  await doors.must('POST', `/teams/${id}/contacts`, { purpose: 'press', channel: 'mail', value: 'press@xa.example', visibility: 'public' })
  await doors.must('POST', `/teams/${id}/contacts`, { purpose: 'emergency', channel: 'phone', value: '+999 555 0100' })
  const as = async (audience: string) => doors.must('GET', `/teams/${id}?as=${audience}`)
  const [open, community, partners, us] = [await as('public'), await as('community'), await as('partners'), await as('us')]
  assert.deepEqual([open.website, open.economy, open.host, open.established, open.kind, open.contacts.length], ['https://xa-csirt.example/', null, null, null, null, 1])
  assert.deepEqual([community.economy, community.established, community.host, community.contacts.length], ['XA', null, null, 1])
  assert.deepEqual([partners.established, partners.host, partners.contacts.length], ['1999-02', null, 2])
  assert.deepEqual([us.host, us.visibility.host, partners.visibility], ['Ministry of Examples', 'us', {}])
  assert.ok(!JSON.stringify(open).includes('0100') && !JSON.stringify(await doors.must('GET', '/teams?as=public')).includes('Ministry'))
  assert.deepEqual((await doors.must('GET', '/teams?economy=XA&as=public')).teams, [])
  assert.equal((await doors.must('GET', '/teams?economy=XA')).teams.length, 1)
})

test('the list goes page by page through all, by short name', async () => {
  const names = ['b', 'A', 'd.e', 'C', 'チーム', 'É']
  for (const name of names) await doors.team(name)
  const seen: string[] = []
  for (let next: string | null = ''; next !== null;) {
    const page: { teams: { short_name: string }[]; next: string | null } = await doors.must('GET', `/teams?limit=2${next === '' ? '' : `&after=${encodeURIComponent(next)}`}`)
    seen.push(...page.teams.map(({ short_name }) => short_name))
    next = page.next
  }
  assert.deepEqual(seen.toSorted(), names.toSorted())
  assert.deepEqual(seen.slice(0, 4), ['A', 'b', 'C', 'd.e'])
  assert.equal(await doors.refused('GET', '/teams?after=x'), 'request/invalid')
  assert.equal(await doors.refused('GET', '/teams?after=1.A_'), 'request/invalid')
})

test('a contact has hours where a wall is known, and a calendar that is there', async () => {
  const id = await doors.team('XA-CSIRT')
  const hours = { days: [1, 2], from: '09:00', to: '17:00' }
  const contact = { purpose: 'general', channel: 'mail', value: 'cert@xa.example' }
  assert.equal(await doors.refused('POST', `/teams/${id}/contacts`, { ...contact, hours }), 'request/invalid')
  assert.equal(await doors.refused('POST', `/teams/${id}/contacts`, { ...contact, hours: { ...hours, from: '24:30' }, time_zone: 'UTC' }), 'request/invalid')
  assert.equal(await doors.refused('POST', `/teams/${id}/contacts`, { ...contact, time_zone: 'UTC', calendar: 'd0000000-0000-4000-8000-000000000000' }), 'calendar/not-found')
  const made = await doors.must('POST', `/teams/${id}/contacts`, { ...contact, hours, time_zone: 'Asia/Tokyo', person: 'Mio' })
  assert.deepEqual([made.open, made.hours, made.visibility, made.person], [false, hours, 'partners', 'Mio'])
  for (let i = 1; i < 50; i++) await doors.must('POST', `/teams/${id}/contacts`, contact)
  assert.equal(await doors.refused('POST', `/teams/${id}/contacts`, contact), 'directory/too-many')
  await doors.must('DELETE', `/contacts/${made.id}`)
  assert.equal(await doors.refused('DELETE', `/contacts/${made.id}`), 'contact/not-found')
})

test('calendars hold each date once, in order, and go when nobody follows them', async () => {
  const day = (date: string) => ({ date, name: 'A day' })
  assert.equal(await doors.refused('POST', '/calendars', { name: 'XA', days: [day('2026-02-30')] }), 'request/invalid')
  assert.equal(await doors.refused('POST', '/calendars', { name: 'XA', days: [day('2026-02-01'), day('2026-02-01')] }), 'request/invalid')
  const { id, days, last_day } = await doors.must('POST', '/calendars', { name: 'XA', days: [day('2026-05-01'), day('2026-02-01')] })
  assert.deepEqual([days.map(({ date }: { date: string }) => date), last_day], [['2026-02-01', '2026-05-01'], '2026-05-01'])
  assert.equal(await doors.refused('POST', '/calendars', { name: 'xa', days: [] }), 'calendar/name-taken')
  const team = await doors.team('XA-CSIRT', { time_zone: 'UTC' })
  const contact = await doors.must('POST', `/teams/${team}/contacts`, { purpose: 'general', channel: 'mail', value: 'a@xa.example', calendar: id })
  assert.equal((await doors.must('GET', '/calendars')).calendars[0].contacts, 1)
  assert.equal(await doors.refused('DELETE', `/calendars/${id}`), 'calendar/in-use')
  await doors.must('DELETE', `/contacts/${contact.id}`)
  await doors.must('DELETE', `/calendars/${id}`)
})

test('an organisation sees, changes and numbers its own directory only', async () => {
  const other = await doors.organisation('Other')
  const id = await doors.team('XA-CSIRT', { own: true })
  await doors.team('XA-CSIRT', { own: true }, { organisation: other })
  assert.equal(await doors.refused('GET', `/teams/${id}`, undefined, { organisation: other }), 'team/not-found')
  assert.equal(await doors.refused('DELETE', `/teams/${id}`, undefined, { organisation: other }), 'team/not-found')
  assert.equal(await doors.refused('POST', `/teams/${id}/contacts`, { purpose: 'press', channel: 'mail', value: 'a@b.example' }, { organisation: other }), 'team/not-found')
  const contact = await doors.must('POST', `/teams/${id}/contacts`, { purpose: 'press', channel: 'mail', value: 'a@b.example' })
  assert.equal(await doors.refused('DELETE', `/contacts/${contact.id}`, undefined, { organisation: other }), 'contact/not-found')
  const calendar = await doors.must('POST', '/calendars', { name: 'XA', days: [] })
  assert.equal(await doors.refused('DELETE', `/calendars/${calendar.id}`, undefined, { organisation: other }), 'calendar/not-found')
  assert.equal((await doors.must('GET', '/teams', undefined, { organisation: other })).teams.length, 1)
})

test('readers read and coordinators write', async () => {
  assert.equal(await doors.refused('POST', '/teams', whole, { role: 'analyst' }), 'auth/forbidden')
  assert.equal(await doors.refused('GET', '/teams', undefined, { role: 'viewer' }), 'none')
})
