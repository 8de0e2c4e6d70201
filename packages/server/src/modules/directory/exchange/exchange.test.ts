import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { startDoors, type Doors } from '../testing/doors.ts'

let doors: Doors
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(() => doors.clear())

const hex = '0123456789ABCDEF0123456789ABCDEF01234567'
const xa = { id: 'xa-csirt', team: 'XA-CSIRT', 'team-full': 'XA National CSIRT', host: 'Ministry', country: 'XA', email: 'cert@xa.example', 'phone-emergency': '+999 1 555 0199', address: '1 Street', 'pgp-fingerprint': hex, membership: 'Full Member' }
const xb = { id: 'xb-cert', team: 'XB-CERT', country: 'XB', 'country-other': ['XC'] }
const take = (teams: readonly unknown[], { dry_run = false, ...more }: { dry_run?: boolean; access?: string } = {}) =>
  doors.must('POST', `/directory/imports/first?dry_run=${dry_run}`, undefined, { raw: JSON.stringify({ status: 'OK', access: 'public', data: teams, ...more }) })
const team = async (name: string) => {
  const { teams } = await doors.must('GET', `/teams?name=${name}`)
  return doors.must('GET', `/teams/${teams[0].id}`)
}

test('a dry run says what would change and changes nothing; the import then does just that', async () => {
  const tables = ['directory_team', 'directory_contact', 'directory_key', 'directory_constituency', 'directory_profile', 'directory_source']
  const rows = async () => Promise.all(tables.map(async (table) => (await doors.postgres.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n))
  const dry = await take([xa, xb], { dry_run: true })
  assert.deepEqual(await rows(), [0, 0, 0, 0, 0, 0])
  const { entries } = await doors.must('GET', '/audit?limit=1&action=directory.import')
  assert.deepEqual(entries, [])
  const done = await take([xa, xb])
  assert.deepEqual({ ...done, dry_run: true }, dry)
  assert.deepEqual([done.created, done.added, done.unread.map(({ field, why }: Record<string, string>) => `${field} ${why}`)], [['XA-CSIRT', 'XB-CERT'], { contacts: 2, keys: 1, constituencies: 3, sections: 1 }, ['membership no-place']])
  assert.deepEqual(await rows(), [2, 2, 1, 3, 1, 2])
})

test('nothing that is imported counts as verified', async () => {
  await take([xa, xb])
  const seen = await team('XA-CSIRT')
  assert.deepEqual([seen.keys.map(({ standing }: { standing: string }) => standing), seen.constituencies.map(({ kind, value, state }: Record<string, string>) => `${kind} ${value} ${state}`)], [['unverified'], ['economy XA claimed']])
  assert.deepEqual((await doors.must('GET', '/constituencies/owner?address=203.0.113.9&economy=XA')).owners, [])
})

test('the same list again changes nothing; a newer one changes what people here have not', async () => {
  await take([xa, xb])
  const again = await take([xa, xb])
  assert.deepEqual([again.same, again.created, again.changed, again.added], [2, [], [], { contacts: 0, keys: 0, constituencies: 0, sections: 0 }])
  const before = await team('XA-CSIRT')
  await doors.must('PUT', `/teams/${before.id}`, { version: before.version, name: 'As we call it', short_name: before.short_name, kind: 'national', host: before.host, economy: 'XA' })
  const newer = await take([{ ...xa, 'team-full': 'XA CSIRT renamed', host: 'Agency', email: 'new@xa.example' }, xb])
  assert.deepEqual(newer.changed, [{ team: 'XA-CSIRT', field: 'host', from: 'Ministry', to: 'Agency' }])
  assert.deepEqual(newer.kept, [{ team: 'XA-CSIRT', field: 'name', from: 'As we call it', to: 'XA CSIRT renamed' }])
  const now = await team('XA-CSIRT')
  assert.deepEqual([now.name, now.host, now.kind, now.contacts.map(({ value }: { value: string }) => value)], ['As we call it', 'Agency', 'national', ['cert@xa.example', '+999 1 555 0199', 'new@xa.example']])
})

test('a team that people entered is not taken over by its name, nor a key by its fingerprint', async () => {
  const own = await doors.team('xa-csirt', { own: true })
  await doors.must('POST', `/teams/${own}/keys`, { kind: 'openpgp', fingerprint: hex })
  const { conflicts, created } = await take([xa, { ...xb, 'pgp-fingerprint': hex }])
  assert.deepEqual([created, conflicts], [['XB-CERT'], [{ team: 'XA-CSIRT', why: 'another team has this short name' }, { team: 'XB-CERT', why: `key/exists: ${hex}` }]])
  assert.equal((await doors.must('GET', `/teams/${own}`)).contacts.length, 0)
})

test('what only members of FIRST may read is for us alone', async () => {
  const { unread } = await take([xa], { access: 'members' })
  assert.ok(unread.some(({ field, why }: Record<string, string>) => field === 'section 2.2' && why === 'no-place'))
  const { id } = await team('XA-CSIRT')
  const partners = await doors.must('GET', `/teams/${id}?as=partners`)
  assert.deepEqual([partners.contacts, partners.keys, partners.constituencies], [[], [], []])
  assert.ok(!(await doors.must('GET', `/teams/${id}/profile`)).text.includes('1 Street'))
})

test('what is no list is refused, and only coordinators import', async () => {
  for (const raw of ['', '{}', '{"status":"OK","data":7}']) assert.equal(await doors.refused('POST', '/directory/imports/first', undefined, { raw }), 'import/unreadable')
  assert.equal(await doors.refused('POST', '/directory/imports/first', undefined, { raw: '{}', role: 'analyst' }), 'auth/forbidden')
})

const profile = ['1. Document Information', '   Of XA-CSIRT', '2.1 Name of the Team', '   XA-CSIRT', '2.2 Address', '   1 Street', '   XA', '2.3 Time Zone', '   Asia/Tokyo (UTC+0900)', '2.4 Telephone Number', '   Office: +999 1 555 0100', '2.7 Electronic Mail Address', '   <cert@xa.example>, abuse at xa',
  '2.8 Public Keys and Encryption Information', '   Fingerprint: 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567', '3.1 Mission Statement', '   To help.'].join('\r\n')

test('a profile is taken over section by section, and what it names is unverified', async () => {
  const id = await doors.team('XA-CSIRT')
  const put = (dry_run: boolean, raw = profile) => doors.must('PUT', `/teams/${id}/profile?dry_run=${dry_run}`, undefined, { raw })
  const dry = await put(true)
  assert.equal((await doors.must('GET', `/teams/${id}`)).time_zone, null)
  assert.deepEqual({ ...await put(false), dry_run: true }, dry)
  const seen = await doors.must('GET', `/teams/${id}`)
  assert.deepEqual([seen.time_zone, seen.contacts.map(({ channel, value }: Record<string, string>) => `${channel} ${value}`), seen.keys[0].standing], ['Asia/Tokyo', ['mail cert@xa.example', 'phone +999 1 555 0100'], 'unverified'])
  assert.equal((await put(false)).same, 1)
  assert.deepEqual((await put(true, `Hello\n${profile.replace('Asia/Tokyo', 'Local time')}`)).unread.map(({ field, why }: Record<string, string>) => `${field} ${why}`), ['preamble no-place', 'section 2.3 not-understood'])
  assert.equal(await doors.refused('PUT', `/teams/${id}/profile`, undefined, { raw: 'Just a text' }), 'import/unreadable')
  assert.equal(await doors.refused('PUT', '/teams/d0000000-0000-4000-8000-000000000000/profile', undefined, { raw: profile }), 'team/not-found')
})

test('an exported profile holds what its reader may see, and no imported text says the rest', async () => {
  const id = await doors.team('XA-CSIRT')
  await doors.must('PUT', `/teams/${id}/profile`, undefined, { raw: profile })
  const as = async (audience: string): Promise<string> => (await doors.must('GET', `/teams/${id}/profile?as=${audience}`)).text
  const open = await as('public')
  assert.match(open, /\n2\.1 Name of the Team\n\n {3}XA-CSIRT: XA-CSIRT of the invented\n/)
  assert.match(open, /\n2\.7 Electronic Mail Address\n\n {3}general: cert@xa\.example\n/)
  assert.match(open, /0123456789ABCDEF0123456789ABCDEF01234567 \(unverified\)/)
  assert.match(open, /\n3\.1 Mission Statement\n\n {3}To help\.\n/)
  assert.ok(!open.includes('Asia/Tokyo'), 'the zone is for the community')
  assert.match(await as('community'), /Asia\/Tokyo/)
  const { contacts } = await doors.must('GET', `/teams/${id}`)
  for (const { id: contact, channel } of contacts) if (channel === 'phone') await doors.must('DELETE', `/contacts/${contact}`)
  assert.ok(!(await as('partners')).includes('0100'))
  assert.ok((await as('us')).includes('0100'))
})
