import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Change, FindingRow, FindingView, Mute } from '@hirundo/contract'
import { platformDb } from '../../../platform/db/tables.ts'
import type { Detection } from '../detectors/model.ts'
import { findingDb } from '../tables.ts'
import { noteBulletin } from './commands.ts'
import { forgetRecords } from './forget.ts'
import { mutes_max } from './mutes.ts'
import { precisionOf } from './precision.ts'
import { findingRecords } from './records.ts'
import { storeDetections } from './store-detections.ts'
import { startDoors, type Doors } from './testing/doors.ts'
import { context, DAY, detection, T0 } from './testing/findings.ts'

let doors: Doors
before(async () => {
  doors = await startDoors()
})
after(() => doors?.stop())
beforeEach(async () => {
  await doors.clear()
  doors.now = T0 * 1000
})

const store = (detections: readonly Detection[], more: Parameters<typeof context>[0] = {}) => storeDetections(doors.tools, 1, detections, context({ found_at_ms: doors.now, ...more }))
const victim = (address: string, part: Partial<Detection> = {}) => detection({ ...part, subject: { victim: address, protocol: 'tcp' } })
const rows = async (query = '') => (await doors.ask('GET', `/findings?${query}`)).body.findings as FindingRow[]
const act = (id: string, what: string, body: object, options = {}) => doors.ask('POST', `/findings/${id}/${what}`, { body, ...options })
const one = async (part: Partial<Detection> = {}): Promise<string> => {
  await store([detection(part)])
  return (await rows())[0]!.id
}
const auditSince = async (from: number) => platformDb(doors.db).selectFrom('audit').select(['action', 'actor', 'subject', 'detail']).where('id', '>', from).orderBy('id').execute()
const auditNow = async () => (await platformDb(doors.db).selectFrom('audit').select((e) => e.fn.coalesce(e.fn.max('id'), e.val(0)).as('id')).executeTakeFirstOrThrow()).id

test('who did what and when is in the history and in the audit, which holds no words of people', async () => {
  const id = await one()
  const from = await auditNow()
  doors.now += 60_000
  await act(id, 'state', { state: 'triaged' })
  await act(id, 'state', { state: 'dismissed', dismissal: 'false-alarm', text: 'our own scan, ask Ai' })
  assert.equal((await act(id, 'comments', { text: 'tell Ai' })).body.what, 'comment')
  await act(id, 'label', { tlp: 'TLP:GREEN' })
  const view = (await act(id, 'state', { state: 'triaged', text: 'seen again' })).body as FindingView
  const done = view.changes.slice(1).map(({ by, what, from, to, text }: Change) => [by, what, from, to, text])
  assert.deepEqual(done, [
    ['Caller', 'state', 'new', 'triaged', null], ['Caller', 'state', 'triaged', 'dismissed', 'our own scan, ask Ai'], ['Caller', 'comment', null, null, 'tell Ai'],
    ['Caller', 'label', 'TLP:AMBER+STRICT', 'TLP:GREEN', null], ['Caller', 'state', 'dismissed', 'triaged', 'seen again'],
  ])
  assert.deepEqual([view.state, view.dismissal, view.tlp, view.changes.at(-1)!.at], ['triaged', null, 'TLP:GREEN', '2026-01-05T00:01:00.000Z'])
  const audit = await auditSince(from)
  assert.deepEqual(audit.map(({ action, actor, subject, detail }) => [action, actor, subject, detail]), [
    ['finding.state', 'caller', id, { kind: 'rsdos', from: 'new', to: 'triaged' }], ['finding.state', 'caller', id, { kind: 'rsdos', from: 'triaged', to: 'dismissed', dismissal: 'false-alarm' }],
    ['finding.comment', 'caller', id, { kind: 'rsdos' }], ['finding.label', 'caller', id, { kind: 'rsdos', from: 'TLP:AMBER+STRICT', to: 'TLP:GREEN' }],
    ['finding.state', 'caller', id, { kind: 'rsdos', from: 'dismissed', to: 'triaged' }],
  ])
  // What is so already is not done again.
  await act(id, 'state', { state: 'triaged' })
  await act(id, 'label', { tlp: 'TLP:GREEN' })
  assert.equal((await auditSince(from)).length, 5)
})

test('moves that are none are refused and leave nothing behind', async () => {
  const id = await one()
  const refused = async (body: object) => (await act(id, 'state', body)).code
  assert.equal(await refused({ state: 'closed' }), 'finding/wrong-state')
  assert.equal(await refused({ state: 'dismissed' }), 'request/invalid')
  assert.equal(await refused({ state: 'confirmed', dismissal: 'duplicate' }), 'request/invalid')
  assert.equal((await act(id, 'state', { state: 'triaged' }, { role: 'viewer' })).status, 403)
  const { body } = await doors.ask('GET', `/findings/${id}`)
  assert.deepEqual([body.state, body.changes.length], ['new', 1])
})

test('who judges what somebody else judged meanwhile is told so, and overrules nobody unseen', async () => {
  const id = await one()
  const both = await Promise.all([act(id, 'state', { state: 'confirmed', from: 'new' }), act(id, 'state', { state: 'dismissed', dismissal: 'false-alarm', from: 'new' })])
  assert.deepEqual(both.map(({ status, code }) => [status, code]).toSorted(), [[200, ''], [409, 'finding/changed-meanwhile']])
  const { body } = await doors.ask('GET', `/findings/${id}`)
  assert.deepEqual([body.state, body.changes.length], [both[0]!.status === 200 ? 'confirmed' : 'dismissed', 2])
  // What is so already is nobody's fault; who saw what is now may judge again.
  await act(id, 'state', { state: 'triaged', text: 'once more', from: body.state })
  assert.equal((await act(id, 'state', { state: 'triaged', from: 'new' })).status, 200)
  assert.equal((await act(id, 'state', { state: 'triaged', from: 'new', text: 'me too' })).code, 'finding/changed-meanwhile')
  assert.equal((await act(id, 'state', { state: 'closed', from: 'confirmed' })).code, 'finding/changed-meanwhile')
  assert.equal((await act(id, 'state', { state: 'confirmed', from: 'triaged' })).body.state, 'confirmed')
})

test('what a person dismissed stays quiet while it is no stronger, and takes in events again once it is opened', async () => {
  const id = await one()
  await act(id, 'state', { state: 'dismissed', dismissal: 'not-significant' })
  await store([detection({ start: T0 + 3600 })])
  assert.deepEqual(await rows(), [])
  await store([detection({ start: T0 + 7200, severity: 'warning' })])
  const [stronger] = await rows()
  assert.notEqual(stronger!.id, id)
  await act(stronger!.id, 'state', { state: 'confirmed' })
  await act(stronger!.id, 'state', { state: 'closed' })
  await store([detection({ start: T0 + 10_800, severity: 'warning' })])
  assert.deepEqual(await rows(), [])
  await act(id, 'state', { state: 'triaged', text: 'after all' })
  await store([detection({ start: T0 + 14_400 })])
  assert.deepEqual((await rows()).map((row) => [row.id, row.occurrences]), [[id, 3]])
})

test('two people who judge at once: one of them learns that it was judged', async () => {
  const id = await one()
  const answers = await Promise.all([act(id, 'state', { state: 'confirmed' }), act(id, 'state', { state: 'dismissed', dismissal: 'duplicate' })])
  const { body } = await doors.ask('GET', `/findings/${id}`)
  // Confirmed then dismissed is a correction; dismissed then confirmed is none.
  assert.ok(body.state === 'dismissed', body.state)
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), answers[0]!.status === 200 ? [200, 200] : [200, 409])
})

test('who can own a finding: active people of the organisation who may judge it', async () => {
  const id = await one()
  const [analyst, viewer, gone] = [await doors.actor('analyst'), await doors.actor('viewer'), await doors.actor('coordinator')]
  const foreign = await doors.actor('analyst', { organisation: await doors.organisation('elsewhere') })
  await platformDb(doors.db).updateTable('person').set({ state: 'disabled' }).where('id', '=', gone.person_id!).execute()
  const owners = (await doors.ask('GET', '/findings/owners')).body.people
  assert.deepEqual(owners, [{ id: analyst.person_id, name: 'a analyst' }])
  for (const person of [viewer, gone, foreign]) assert.equal((await act(id, 'owner', { person: person.person_id })).code, 'person/not-found')
  const owned = (await act(id, 'owner', { person: analyst.person_id }, { as: analyst })).body as FindingView
  assert.deepEqual([owned.owner, owned.changes.at(-1)!.by, owned.changes.at(-1)!.to], [{ id: analyst.person_id, name: 'a analyst' }, 'a analyst', 'a analyst'])
  assert.deepEqual((await rows(`owner=${analyst.person_id}`)).map((row) => row.id), [id])
  assert.deepEqual(await rows('owner=nobody'), [])
  const freed = (await act(id, 'owner', { person: null })).body as FindingView
  assert.deepEqual([freed.owner, freed.changes.at(-1)!.from, freed.changes.at(-1)!.to], [null, 'a analyst', null])
})

test('false alarms and what is not significant count against precision, harmless and known ones do not', async () => {
  const judge = async (address: string, body: object) => {
    await store([victim(address)])
    await act((await rows(`subject=${address}`))[0]!.id, 'state', body)
  }
  assert.deepEqual(await precisionOf(doors.db, 1, 'rsdos'), { confirmed: 0, dismissed: 0, precision: null })
  await judge('240.0.1.1', { state: 'dismissed', dismissal: 'known-scanner' })
  assert.equal((await precisionOf(doors.db, 1, 'rsdos')).precision, null)
  await judge('240.0.1.2', { state: 'confirmed' })
  await judge('240.0.1.3', { state: 'confirmed' })
  await judge('240.0.1.4', { state: 'confirmed' })
  await judge('240.0.1.5', { state: 'dismissed', dismissal: 'false-alarm' })
  for (const dismissal of ['own-test', 'duplicate']) await judge(`240.0.2.${dismissal.length}`, { state: 'dismissed', dismissal })
  assert.deepEqual(await precisionOf(doors.db, 1, 'rsdos'), { confirmed: 3, dismissed: 1, precision: 0.75 })
  await judge('240.0.1.6', { state: 'dismissed', dismissal: 'not-significant' })
  const closed = (await rows('subject=240.0.1.2'))[0]!.id
  await act(closed, 'state', { state: 'closed' })
  assert.deepEqual(await precisionOf(doors.db, 1, 'rsdos'), { confirmed: 3, dismissed: 2, precision: 0.6 }, 'a closed one stays judged')
  await act(closed, 'state', { state: 'triaged', text: 'wrong' })
  assert.equal((await precisionOf(doors.db, 1, 'rsdos')).confirmed, 2)
  const records = findingRecords(doors.tools)
  const kinds = await records.byKind(1)
  assert.deepEqual([kinds.rsdos!.findings_30_days, kinds.rsdos!.precision.confirmed, kinds.scan!.findings_30_days], [8, 2, 0])
  const { labels, judged } = await records.judged(1, { from: T0, to: T0 + DAY })
  assert.equal(judged, labels.length + 2, 'with those that were dismissed as wrong')
  assert.deepEqual(labels.map(({ strength, subjects: [subject] }) => `${subject!.victim} ${strength}`).toSorted(), [
    '240.0.1.1 background', '240.0.1.3 medium', '240.0.1.4 medium', '240.0.2.8 background', '240.0.2.9 background',
  ])
  assert.deepEqual(await records.judged(1, { from: T0 + DAY, to: T0 + 2 * DAY }), { labels: [], judged: 0 })
})

const mute = (body: object, options = {}) => doors.ask('POST', '/mutes', { body: { kind: null, subject: {}, why: 'known', until: new Date(doors.now + 3_600_000).toISOString(), ...body }, ...options })

test('a rule hides what it names while it holds, and shows it at once when it ends', async () => {
  await store([
    victim('240.0.0.1'), victim('240.0.0.200'), victim('240.0.1.1'), detection({ kind: 'scan', subject: { source: '240.0.0.1' } }),
    detection({ kind: 'change-point', subject: { protocol: 'tcp', port: 23 } }), detection({ kind: 'change-point', subject: { protocol: 'udp', port: 23 } }), detection({ kind: 'own-network', subject: { source: '2001:db8::1' } }),
  ])
  const all = await rows('limit=100')
  const hidden = async () => {
    const left = new Set((await rows()).map(({ id }) => id))
    return all.filter(({ id }) => !left.has(id)).map(({ kind, subject: { victim, source, protocol, port } }) => `${kind} ${victim ?? source ?? `${protocol}/${port}`}`).toSorted()
  }
  const cases: [object, string[]][] = [
    [{ subject: { victim: '240.0.0.0/24' } }, ['rsdos 240.0.0.1', 'rsdos 240.0.0.200']], [{ subject: { source: '240.0.0.1' } }, ['scan 240.0.0.1']],
    [{ subject: { protocol: 'TCP', port: 23 } }, ['change-point tcp/23']], [{ subject: { port: 23 } }, ['change-point tcp/23', 'change-point udp/23']],
    [{ kind: 'rsdos', subject: { victim: '240.0.1.1' } }, ['rsdos 240.0.1.1']], [{ kind: 'scan', subject: { victim: '240.0.0.1' } }, []],
    [{ subject: { source: '2001:db8::/32' } }, ['own-network 2001:db8::1']], [{ kind: 'change-point' }, ['change-point tcp/23', 'change-point udp/23']],
    [{ subject: { source: '240.0.0.0/8' } }, ['scan 240.0.0.1']], [{ subject: { source: '2001::/16' } }, ['own-network 2001:db8::1']],
  ]
  for (const [body, wanted] of cases) {
    const made = await mute(body)
    assert.equal(made.status, 200, made.text)
    assert.equal((made.body as Mute).muted_findings, wanted.length, JSON.stringify(body))
    assert.deepEqual(await hidden(), wanted)
    assert.deepEqual((await rows('muted=true')).filter(({ muted }) => muted).length, wanted.length)
    assert.equal((await doors.ask('DELETE', `/mutes/${made.body.id}`)).status, 200)
    assert.deepEqual(await hidden(), [])
  }
  const { body: rule } = await mute({ subject: { victim: '240.0.0.1' }, why: 'pen test until noon' })
  const muted = (await rows('muted=true')).find(({ muted }) => muted)!
  const { body: view } = await doors.ask('GET', `/findings/${muted.id}`)
  assert.deepEqual(view.changes.at(-1), { at: rule.created_at, by: 'Caller', what: 'muted', from: null, to: rule.until, text: 'pen test until noon' }, 'it says why it is not on the board')
  doors.now += 3_600_000
  assert.deepEqual(await hidden(), [], 'it expired')
  assert.deepEqual((await doors.ask('GET', '/mutes')).body.mutes, [])
  assert.equal((await doors.ask('DELETE', `/mutes/${rule.id}`)).code, 'mute/not-found')
})

test('rules are bounded and say nothing that the audit must not keep; another organisation has its own', async () => {
  const now = () => doors.now
  const wrong: object[] = [
    {}, { subject: { victim: '240.0.0.1/24' } }, { subject: { source: 'x' } }, { subject: { victim: '::ffff:0:0/90' } }, { subject: { victim: '0.0.0.0/0' } }, { subject: { source: '::/0' } }, { subject: { victim: '128.0.0.0/1' } }, { kind: 'scan', subject: { source: '2000::/3' } }, { kind: 'rsdos', until: new Date(now()).toISOString() },
    { kind: 'rsdos', until: new Date(now() + 400 * DAY * 1000).toISOString() }, { kind: 'rsdos', until: 'tomorrow' }, { subject: { port: 70_000 } },
  ]
  for (const body of wrong) assert.equal((await mute(body)).code, 'request/invalid', JSON.stringify(body))
  const from = await auditNow()
  const { body: first } = await mute({ subject: { victim: '240.9.9.9' }, why: 'it is theirs' })
  const [entry] = await auditSince(from)
  assert.deepEqual([entry!.action, entry!.subject, JSON.stringify(entry).includes('240.9')], ['mute.add', first.id, false])
  const organisation = await doors.organisation('a second')
  assert.deepEqual((await doors.ask('GET', '/mutes', { organisation })).body.mutes, [])
  assert.equal((await doors.ask('DELETE', `/mutes/${first.id}`, { organisation })).code, 'mute/not-found')
  await mute({ kind: 'rsdos' }, { organisation })
  await store([detection()])
  assert.equal((await rows()).length, 1, 'a rule of another organisation hides nothing here')
  for (let i = 1; i < mutes_max; i++) assert.equal((await mute({ subject: { port: i } })).status, 200)
  assert.equal((await mute({ subject: { port: 9999 } })).code, 'mute/too-many')
  doors.now += 3_600_000
  assert.equal((await mute({ subject: { port: 9999 } })).status, 200, 'expired ones make room')
})

test('the id of a finding that turned out to be part of another leads to that one', async () => {
  await store([detection(), detection({ start: T0 + 2 * DAY, end: T0 + 2 * DAY + 60 })])
  const [later, first] = await rows('order=newest')
  await store([detection({ start: T0 + DAY, packets: 9 })])
  const { body } = await doors.ask('GET', `/findings/${later!.id}`)
  assert.deepEqual([body.id, body.occurrences], [first!.id, 3])
  assert.equal((await act(later!.id, 'state', { state: 'confirmed' })).body.id, first!.id)
  assert.deepEqual((await rows()).map(({ id }) => id), [first!.id])
})

test('ids lead on when what they led to turns out to be part of yet another', async () => {
  for (const days of [0, 2, 4]) await store([detection({ start: T0 + days * DAY, end: T0 + days * DAY + 60 })])
  const [third, second, first] = await rows('order=newest')
  await store([detection({ start: T0 + 3 * DAY })])
  assert.equal((await doors.ask('GET', `/findings/${third!.id}`)).body.id, second!.id)
  await store([detection({ start: T0 + DAY })])
  for (const { id } of [first!, second!, third!]) assert.equal((await doors.ask('GET', `/findings/${id}`)).body.id, first!.id)
})

test('a bulletin about a finding stands in its history', async () => {
  const id = await one()
  await noteBulletin(doors.db, doors.tools, { organisation_id: 1, finding: id, by: 'Ai', number: 'HB-2026-0001', state: 'released' })
  await noteBulletin(doors.db, doors.tools, { organisation_id: 2, finding: id, by: 'Eve', number: 'HB-2026-0002', state: 'released' })
  const { body } = await doors.ask('GET', `/findings/${id}`)
  assert.deepEqual(body.changes.slice(1).map(({ by, what, from, to }: Change) => [by, what, from, to]), [['Ai', 'bulletin', 'HB-2026-0001', 'released']])
})

test('old records go, alarms and what people touched stay', async () => {
  await store([victim('240.0.0.1', { severity: 'record' }), victim('240.0.0.2', { severity: 'record' }), victim('240.0.0.3'), victim('240.0.0.4', { severity: 'record', start: T0 + DAY })])
  const [touched] = await rows('severity=record&subject=240.0.0.2')
  await act(touched!.id, 'comments', { text: 'keep' })
  assert.equal(await forgetRecords(doors.db, 1, new Date((T0 + 3600) * 1000)), 1)
  const left = await findingDb(doors.db).selectFrom('finding').select('victim').orderBy('victim').execute()
  assert.deepEqual(left.map((row) => row.victim), ['240.0.0.2', '240.0.0.3', '240.0.0.4'])
})
