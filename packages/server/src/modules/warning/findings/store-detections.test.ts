import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { StoreError } from '@hirundo/analytics'
import type { Severity } from '@hirundo/contract'
import fc from 'fast-check'
import { platformDb } from '../../../platform/db/tables.ts'
import type { Detection } from '../detectors/model.ts'
import { merge_gap_s, severityOf } from '../model.ts'
import { findingDb } from '../tables.ts'
import type { FindingEvents } from './events.ts'
import { mergeDetections } from './merge.ts'
import { storeDetections, type StoringOptions } from './store-detections.ts'
import { context, DAY, detection, startFindings, T0, type TestFindings } from './testing/findings.ts'

let here: TestFindings
before(async () => {
  here = await startFindings()
})
after(() => here?.stop())
beforeEach(() => here.clear())

const store = (detections: readonly Detection[], options: StoringOptions = {}, more: Parameters<typeof context>[0] = {}, organisation = 1) =>
  storeDetections(here.tools, organisation, detections, context(more), options)
const findings = (organisation = 1) => findingDb(here.db).selectFrom('finding').selectAll().where('organisation_id', '=', organisation)
  .where('merged_into', 'is', null).orderBy('start_at').orderBy('id').execute()
const second = (date: Date) => date.getTime() / 1000
const keyOf = ({ subject }: Pick<Detection, 'subject'>) => JSON.stringify([subject.victim, subject.protocol, subject.port])

/** Events of a few subjects and kinds, close enough together to be merged now and then; each told up to three times. */
const events = fc.array(fc.record({
  kind: fc.constantFrom('rsdos' as const, 'scan' as const), victim: fc.constantFrom('240.0.0.1', '240.0.0.2'), at: fc.integer({ min: 0, max: 60 }),
  lasts: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 3 }), closed: fc.boolean(), severity: fc.integer({ min: 0, max: 3 }), packets: fc.integer({ min: 1, max: 1000 }),
}), { minLength: 1, maxLength: 14 }).map((list) => {
  const byKey = new Map(list.map((one) => [`${one.kind} ${one.victim} ${one.at}`, one]))
  return [...byKey.values()].flatMap(({ kind, victim, at, lasts, closed, severity, packets }) => {
    const start = T0 + at * 6 * 3600
    return lasts.toSorted((a, b) => a - b).map((minutes, i) => detection({
      kind, subject: { victim, protocol: 'tcp' }, start, end: start + minutes * 60, packets, severity: severityOf(severity), open: !(closed && i === lasts.length - 1),
    }))
  })
})

test('findings are those of the detections, in whatever order, however often and up to wherever they were given before', async () => {
  await fc.assert(fc.asyncProperty(events, fc.infiniteStream(fc.nat()), fc.nat(), async (detections, draws, cut) => {
    await here.clear()
    const shuffled = detections.map((one) => [draws.next().value, one] as const).toSorted(([a], [b]) => a - b).map(([, one]) => one)
    const told: string[] = []
    const options = { events: listener(told) }
    await store(shuffled.slice(0, cut % (shuffled.length + 1)), options)
    for (const one of shuffled) await store([one], options)
    await store(detections, options)
    const wanted = mergeDetections(detections, keyOf)
    const summary = (all: readonly { kind: string; start: number; end: number; severity: Severity; packets: number; occurrences: number; open: boolean }[]) =>
      all.map(({ kind, start, end, severity, packets, occurrences, open }) => [kind, start, end, severity, packets, occurrences, open].join(' ')).toSorted()
    const rows = (await findings()).map((row) => ({ ...row, start: second(row.start_at), end: second(row.end_at), severity: severityOf(row.severity) }))
    assert.deepEqual(summary(rows), summary(wanted))
    // Twice more, whole and in part: nothing is new to anybody.
    const before = [await snapshot(), told.length]
    assert.equal((await store(detections, options)).changed, 0)
    await store(detections.slice(0, cut % detections.length), options)
    assert.deepEqual([await snapshot(), told.length], before)
  }), { numRuns: 40 })
})

const snapshot = async () => JSON.stringify([await findings(), await findingDb(here.db).selectFrom('detection').selectAll().orderBy('id').execute()])
function listener(told: string[]): FindingEvents {
  return {
    onFound: async (_, found) => void told.push(...found.map(({ severity }) => `found ${severity}`)),
    onWorse: async (_, worse) => void told.push(...worse.map(({ before, severity }) => `${before} → ${severity}`)),
  }
}

test('the gap of a kind decides to the second whether two events are one finding', async () => {
  const gap = merge_gap_s.rsdos
  const first = detection({ end: T0 + 600 })
  await store([first, detection({ start: T0 + 600 + gap }), detection({ subject: { victim: '240.0.0.2' } })])
  assert.deepEqual((await findings()).map(({ occurrences }) => occurrences), [2, 1])
  await here.clear()
  await store([first, detection({ start: T0 + 601 + gap })])
  assert.deepEqual((await findings()).map(({ occurrences }) => occurrences), [1, 1])
  // What came late closes the gap: the one found first holds all, and the other leads there.
  await store([detection({ start: T0 + 3 * 3600, packets: 7 })])
  const [only, ...others] = await findings()
  assert.deepEqual([only!.occurrences, only!.packets, others.length], [3, 207, 0])
  const merged = await findingDb(here.db).selectFrom('finding').select('merged_into').where('merged_into', 'is not', null).execute()
  assert.deepEqual(merged, [{ merged_into: only!.id }])
})

test('two that turn out to be one are not told as worse than the worse of both was', async () => {
  const told: string[] = []
  const options = { events: listener(told) }
  const gap = merge_gap_s.rsdos
  await store([detection({ end: T0 + 600 }), detection({ start: T0 + 1000 + gap, severity: 'urgent' })], options)
  await store([detection({ start: T0 + 3 * 3600, severity: 'warning' })], options)
  assert.deepEqual((await findings()).map(({ severity, occurrences }) => [severity, occurrences]), [[3, 3]])
  assert.deepEqual(told, ['found notice', 'found urgent'])
})

test('an event within another is the same one seen again: its packets count once', async () => {
  await store([detection({ start: T0 + 60, end: T0 + 300, packets: 40 }), detection({ start: T0, end: T0 + 600, packets: 100 })])
  const { packets, occurrences } = (await findings())[0]!
  assert.deepEqual([packets, occurrences], [100, 1])
})

test('the numbers are of the most severe event, of these the last', async () => {
  const given = [
    detection({ start: T0, severity: 'warning', packets: 1 }), detection({ start: T0 + 3600, severity: 'warning', packets: 2 }), detection({ start: T0 + 7200, severity: 'notice', packets: 4 }),
  ]
  await store(given)
  const { lead, severity, packets } = (await findings())[0]!
  const { figures } = await findingDb(here.db).selectFrom('detection').select('figures').where('id', '=', lead!).executeTakeFirstOrThrow()
  assert.deepEqual([severity, packets, figures['packets']], [2, 7, 2])
})

test('each finding is told as found once and each rise once, in the transaction that stores it', async () => {
  const told: string[] = []
  const options = { events: listener(told) }
  // Entries of the audit outlive the tests before.
  const { last } = await platformDb(here.db).selectFrom('audit').select((e) => e.fn.coalesce(e.fn.max('id'), e.val(0)).as('last')).executeTakeFirstOrThrow()
  const audit = () => platformDb(here.db).selectFrom('audit').select(['action', 'actor']).where('id', '>', last).orderBy('id').execute()
  const open = detection({ open: true, end: T0 + 60, severity: 'record' })
  await store([open], options)
  await store([open], options)
  await store([{ ...open, end: T0 + 120, severity: 'warning' }], options)
  await store([{ ...open, end: T0 + 120, severity: 'warning' }, { ...open, end: T0 + 180, severity: 'warning', open: false }], options)
  await store([detection({ start: T0 + 7200, severity: 'urgent' })], options)
  assert.deepEqual(told, ['found record', 'record → warning', 'warning → urgent'])
  assert.deepEqual((await audit()).map(({ action, actor }) => `${action} ${actor}`), ['finding.worse system', 'finding.worse system'])
  // A hook that fails takes the finding back: nobody would ever be told of it.
  const broken: FindingEvents = { onFound: () => Promise.reject(new Error('no')), onWorse: async () => undefined }
  await assert.rejects(store([detection({ subject: { victim: '240.0.0.9' } })], { events: broken }))
  assert.equal((await findings()).length, 1)
  assert.equal((await audit()).length, 2)
})

test('two lines that store the same at once make one finding of it, told once', async () => {
  const told: string[] = []
  const given = Array.from({ length: 40 }, (_, i) => detection({ start: T0 + i * 3600, subject: { victim: `240.0.0.${i % 4}`, protocol: 'tcp' } }))
  await Promise.all([given, given.toReversed(), given.slice(10), given.slice(0, 30)].map((some) => store(some, { events: listener(told) })))
  assert.deepEqual((await findings()).map(({ occurrences, packets }) => [occurrences, packets]), Array.from({ length: 4 }, () => [10, 1000]))
  assert.deepEqual(told, Array.from({ length: 4 }, () => 'found notice'))
})

test('what is dismissed or closed stays quiet within the gap, unless what comes is stronger', async () => {
  const settle = (state: 'dismissed' | 'closed') => findingDb(here.db).updateTable('finding').set((e) => ({
    state, touched: true, settled_severity: e.ref('severity'), settled_end: e.ref('end_at'),
  })).where('state', '=', 'new').execute()
  for (const state of ['dismissed', 'closed'] as const) {
    await here.clear()
    await store([detection({ end: T0 + 600, open: true })])
    await settle(state)
    await store([detection({ end: T0 + 900 }), detection({ start: T0 + 3600 })])
    assert.deepEqual((await findings()).map((row) => [row.state, row.occurrences, second(row.end_at)]), [[state, 2, T0 + 4200]], 'more of the same joins quietly')
    // The gap counts from where it ended when people were done with it: what goes on and on is shown again.
    await store([detection({ start: T0 + 601 + merge_gap_s.rsdos })])
    assert.deepEqual((await findings()).map((row) => [row.state, row.occurrences]), [[state, 2], ['new', 1]])
    await here.clear()
    await store([detection()])
    await settle(state)
    await store([detection({ start: T0 + 3600, severity: 'warning' })])
    await store([detection({ start: T0 + 5000 })])
    assert.deepEqual((await findings()).map((row) => [row.state, row.occurrences]), [[state, 1], ['new', 2]], 'stronger is new, and what follows joins that')
    // The very event that was dismissed grows.
    const told: string[] = []
    await store([detection({ end: T0 + 1200, severity: 'urgent' })], { events: listener(told) })
    assert.deepEqual((await findings()).map((row) => [row.state, row.severity, row.occurrences]), [[state, 1, 1], ['new', 3, 3]])
    assert.deepEqual(told, ['warning → urgent'])
  }
})

test('two findings that people worked with stay apart, an untouched one joins', async () => {
  const gap = merge_gap_s.rsdos
  const [a, b] = [detection(), detection({ start: T0 + 1000 + gap })]
  await store([a, b])
  await findingDb(here.db).updateTable('finding').set({ touched: true, state: 'triaged' }).where('start_at', '=', new Date(b.start * 1000)).execute()
  await store([detection({ start: T0 + 7200, packets: 5 })])
  assert.deepEqual((await findings()).map((row) => [row.state, row.occurrences, second(row.start_at)]), [['triaged', 3, T0]])
  await here.clear()
  await store([a, b])
  await findingDb(here.db).updateTable('finding').set({ touched: true }).execute()
  await store([detection({ start: T0 + 7200, packets: 5 })])
  assert.deepEqual((await findings()).map((row) => row.occurrences), [2, 1])
})

test('economy, AS and whose network it is are looked up; the tables being away keeps no alarm', async () => {
  here.networks.set('240.0.0.1', { economy: 'XA', asn: 64_500, as_name: 'Example' })
  const scene = (own: object) => ({ scene: { addresses: 1, sensors: 1, own: { economies: [], asns: [], networks: [], ...own } } })
  await store([detection()])
  const placed = async () => (await findings()).map(({ economy, asn, as_name, own }) => [economy, asn, as_name, own])
  assert.deepEqual(await placed(), [['XA', 64_500, 'Example', false]])
  for (const own of [{ economies: ['xa'] }, { asns: [64_500] }, { networks: ['nonsense', '240.0.0.0/24'] }]) {
    await here.clear()
    await store([detection()], {}, scene(own))
    assert.deepEqual((await placed())[0]![3], true, JSON.stringify(own))
  }
  await here.clear()
  await store([detection({ subject: { source: '198.51.100.7', protocol: 'tcp' } }), detection({ kind: 'change-point', subject: { protocol: 'tcp', port: 23 } })])
  assert.deepEqual(await placed(), [[null, null, null, false], [null, null, null, false]])
  await here.clear()
  const away = { ...here.tools, analytics: { networksOf: () => Promise.reject(new StoreError('node/unavailable')) } as never }
  await storeDetections(away, 1, [detection()], context())
  await storeDetections(away, 1, [detection({ kind: 'own-network', subject: { source: '240.0.0.3' } })], context())
  assert.deepEqual(await placed(), [[null, null, null, false], [null, null, null, true]], 'a source of our own network is ours all the same')
  await store([detection({ end: T0 + 900 })])
  assert.deepEqual((await placed())[0], ['XA', 64_500, 'Example', false], 'filled in when they are back')
})

test('what a stranger wrote is stored whatever bytes it has', async () => {
  const value = `GET /\0\ud800${'x'.repeat(2000)}`
  const hostile = detection({ kind: 'new', subject: { novelty: 'url', value, signature: '\0' }, members: ['\0', '\udfff'], figures: { packets: Infinity, sensors: NaN }, packets: NaN, max_ppm: NaN })
  await store([hostile, detection()])
  const [row] = await findingDb(here.db).selectFrom('finding').select('subject').where('kind', '=', 'new').execute()
  assert.equal(row!.subject.value!.length, 600)
  assert.equal(row!.subject.value!.slice(0, 7), 'GET /\ufffd\ufffd')
  assert.equal((await store([hostile])).changed, 0)
})

test('of records a day keeps so many and counts the others once; alarms are all kept', async () => {
  const records = Array.from({ length: 900 }, (_, i) => detection({ kind: 'scan', subject: { source: `240.1.${i >> 8}.${i & 255}` }, start: T0 + i, severity: 'record' }))
  const alarms = Array.from({ length: 300 }, (_, i) => detection({ subject: { victim: `240.2.${i >> 8}.${i & 255}` }, start: T0 + i }))
  const flood = [...records, ...alarms]
  const options = { records_per_day_max: 100 }
  const first = await store(flood, options)
  assert.deepEqual([first.found, first.records_shed], [400, 800])
  const day = () => findingDb(here.db).selectFrom('finding_day').select(['day', 'records', 'shed']).execute()
  const [shown] = await day()
  assert.deepEqual([shown!.day, shown!.records], [T0 / DAY, 100])
  assert.ok(Math.abs(shown!.shed - 800) < 60, `${shown!.shed}`)
  await store(flood, options)
  assert.deepEqual(await day(), [shown], 'a replay counts none of them again')
  // A record that grows into an alarm is one, full day or not.
  await store([{ ...records[500]!, severity: 'urgent' }], options)
  assert.equal((await findings()).filter(({ severity }) => severity > 0).length, 301)
  await store([detection({ kind: 'scan', subject: { source: '240.3.0.1' }, start: T0 + DAY, severity: 'record' })], options)
  assert.equal((await day()).length, 2)
})

test('another organisation has findings of its own, of the same event too', async () => {
  const other = await here.organisation('other')
  await store([detection()])
  await store([detection({ packets: 7 })], {}, {}, other)
  assert.deepEqual([(await findings()).map(({ packets }) => packets), (await findings(other)).map(({ packets }) => packets)], [[100], [7]])
  await store([detection({ start: T0 + 3600, packets: 1 })], {}, {}, other)
  assert.deepEqual([(await findings()).map(({ packets }) => packets), (await findings(other)).map(({ packets }) => packets)], [[100], [8]])
})

test('looked at again, the last telling counts; a newer detector is not undone by an older', async () => {
  const late = { mode: 'late' as const }
  await store([detection({ end: T0 + 900, packets: 100 })])
  await store([detection({ end: T0 + 600, packets: 90 })])
  assert.equal((await findings())[0]!.packets, 100, 'a restart gives older tellings again')
  await store([detection({ end: T0 + 600, open: true, packets: 95 })], {}, late)
  assert.deepEqual((await findings()).map(({ packets, open }) => [packets, open]), [[100, false]], 'on the way there it is told as open')
  await store([detection({ end: T0 + 600, packets: 90 })], {}, late)
  assert.deepEqual((await findings()).map((row) => [row.packets, second(row.end_at)]), [[90, T0 + 600]])
  await store([detection({ end: T0 + 1200, packets: 120, open: true })], {}, late)
  assert.deepEqual((await findings()).map(({ packets, open }) => [packets, open]), [[120, true]], 'late data joined it with what follows')
  await store([detection({ packets: 50 })], {}, { detectors: { rsdos: { version: 2, parameters: {} } } })
  await store([detection({ end: T0 + 9000, packets: 500 })], {}, late)
  assert.equal((await findings())[0]!.packets, 50)
})

test('a second look that changes what was told of an alarm writes it into its history, what goes on by itself does not', async () => {
  const lines = async () => (await findingDb(here.db).selectFrom('finding_change').select(['by', 'what', 'from_value', 'to_value', 'text']).orderBy('id').execute())
    .map(({ by, what, from_value, to_value, text }) => `${by} ${what} ${from_value} ${to_value} ${text}`)
  const late = { mode: 'late' as const }
  const one = detection({ open: true })
  await store([one, detection({ kind: 'scan', subject: { source: '240.0.0.7' }, severity: 'record' })])
  await store([{ ...one, end: T0 + 900, packets: 150 }])
  await store([{ ...one, end: T0 + 1200, packets: 170 }], {}, late)
  assert.deepEqual(await lines(), [], 'it went on')
  await store([{ ...one, end: T0 + 1200, packets: 190, open: false }, detection({ kind: 'scan', subject: { source: '240.0.0.7' }, severity: 'record', packets: 101 })], {}, late)
  await store([{ ...one, end: T0 + 1200, packets: 190, open: false }], {}, late)
  await store([{ ...one, end: T0 + 1100, packets: 180, open: false }], {}, { mode: 'history' })
  assert.deepEqual(await lines(), ['system recounted 170 190 late-data', 'system recounted 190 180 looked-again'])
  assert.equal((await findings()).every(({ touched }) => !touched), true, 'nobody did anything with it')
  await findingDb(here.db).deleteFrom('detection').execute()
  await findingDb(here.db).deleteFrom('finding').execute()
  assert.deepEqual(await lines(), [])
})
