import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatSeconds, HOUR_S } from '@hirundo/base'
import type { Label, Subject } from '@hirundo/contract'
import type { Detection } from '../detectors/model.ts'
import { FoundBook } from './alarms.ts'
import { score, subjectLine } from './score.ts'

const FROM = Date.UTC(2026, 0, 8) / 1000
const TO = FROM + 10 * 24 * HOUR_S

const detection = (kind: Detection['kind'], subject: Subject, start: number, more: Partial<Detection> = {}): Detection =>
  ({ kind, subject, start, end: start + HOUR_S, open: false, severity: 'notice', packets: 1, figures: {}, crossed: [], evidence: [], ...more })

const labelled = (id: string, subject: Subject | undefined, start: number, more: Partial<Label> = {}): Label => ({
  id, event: 'burst', kinds: ['change-point'], subjects: subject ? [subject] : [], start: formatSeconds(start), end: formatSeconds(start + 2 * HOUR_S), strength: 'medium', ...more,
})

/** Given when they begin, unless told. */
function judge(detections: readonly (Detection | readonly [Detection, number])[], labels: readonly Label[]) {
  const book = new FoundBook()
  for (const one of detections) {
    const [what, at] = 'kind' in one ? [one, one.start] : one
    book.add({ detection: what, at })
  }
  return score({ from_s: FROM, to_s: TO, synthetic: true, found: book.found(), labels, shed: {} })
}

const tcp = (port: number): Subject => ({ protocol: 'tcp', port })

test('an alarm of the right kind, subject and time finds a label; each of the three being wrong makes it false', () => {
  const label = labelled('a', tcp(23), FROM + HOUR_S)
  const right = judge([[detection('change-point', tcp(23), FROM + HOUR_S), FROM + HOUR_S + 700]], [label]).result
  assert.deepEqual([right.recall, right.precision, right.false_alarms, right.by_event[0]!.median_delay_s], [1, 1, 0, 700])
  for (const wrong of [detection('spike', tcp(23), FROM + HOUR_S), detection('change-point', tcp(22), FROM + HOUR_S), detection('change-point', tcp(23), FROM + 30 * HOUR_S)]) {
    const { result } = judge([wrong], [label])
    assert.deepEqual([result.recall, result.precision, result.false_alarms, result.false_alarms_per_day], [0, 0, 1, 0.1])
    assert.equal(result.missed[0]!.id, 'a')
  }
})

test('a label that names less than the finding fits it; one that names more does not', () => {
  const named = { source: '240.0.0.1', ...tcp(23) }
  assert.equal(judge([detection('change-point', named, FROM)], [labelled('a', tcp(23), FROM)]).result.recall, 1)
  assert.equal(judge([detection('change-point', tcp(23), FROM)], [labelled('a', named, FROM)]).result.recall, 0)
  assert.equal(judge([detection('change-point', { novelty: 'url', value: 'x' }, FROM)], [labelled('a', { novelty: 'url', value: 'x' }, FROM)]).result.recall, 1)
})

test('where nothing is labelled no alarm is right or false, and nothing stored is no quiet period', () => {
  const book = new FoundBook()
  book.add({ detection: detection('spike', tcp(23), FROM + HOUR_S), at: FROM + HOUR_S })
  const of = (more: object) => score({ from_s: FROM, to_s: TO, synthetic: true, found: book.found(), labels: [], shed: {}, ...more }).result
  const { alarms, precision, false_alarms, false_alarms_per_day, unlabelled_alarms, unlabelled_list, by_kind } = of({ labelled: false })
  assert.deepEqual([alarms, precision, false_alarms, false_alarms_per_day, unlabelled_alarms, unlabelled_list.length], [1, null, 0, 0, 1, 1])
  assert.deepEqual(by_kind.filter((one) => one.alarms > 0).map((one) => [one.kind, one.false_alarms, one.precision]), [['spike', 0, null]])
  assert.deepEqual([of({}).precision, of({}).false_alarms, of({}).unlabelled_alarms], [0, 1, 0], 'labels that say that nothing happened')
  assert.deepEqual([of({}).synthetic, of({ observed: false }).synthetic, of({ observed: false }).observed], [true, false, false])
})

test('records are no alarms, what was raised or began in the warm-up does not count', () => {
  const { result } = judge([
    detection('change-point', tcp(1), FROM + HOUR_S, { severity: 'record' }), detection('change-point', tcp(2), FROM - 9 * HOUR_S),
  ], [labelled('a', tcp(1), FROM + HOUR_S), labelled('b', tcp(2), FROM - 9 * HOUR_S)])
  assert.deepEqual([result.alarms, result.labels, result.found, result.precision], [0, 1, 0, null])
  assert.equal(result.by_kind.find(({ kind }) => kind === 'change-point')!.records, 1)
})

test('an alarm of before an event is not what found it; one of background only has to overlap', () => {
  const early = detection('scan', { source: '240.0.0.1' }, FROM + HOUR_S, { end: FROM + 50 * HOUR_S })
  const label = (strength: Label['strength']) => labelled('a', { source: '240.0.0.1' }, FROM + 20 * HOUR_S, { kinds: ['scan'], strength })
  assert.deepEqual([judge([early], [label('medium')]).result.found, judge([early], [label('medium')]).result.false_alarms], [0, 1])
  assert.deepEqual([judge([early], [label('background')]).result.labels, judge([early], [label('background')]).result.true_alarms], [0, 1])
})

test('events within the gap of their kind are one alarm, told again it stays one', () => {
  const again = detection('change-point', tcp(23), FROM, { open: true })
  const { result } = judge([again, { ...again, end: again.end + HOUR_S }, detection('change-point', tcp(23), FROM + 5 * HOUR_S), detection('change-point', tcp(23), FROM + 99 * HOUR_S)], [])
  assert.deepEqual([result.alarms, result.false_alarms], [2, 2])
})

test('an alarm counts from when its severity made it one', () => {
  const quiet = detection('worm', tcp(9530), FROM, { severity: 'record', open: true, end: FROM + HOUR_S })
  const label = labelled('w', tcp(9530), FROM, { kinds: ['worm'], end: formatSeconds(FROM + 99 * HOUR_S) })
  const { result } = judge([[quiet, FROM + 60], [{ ...quiet, severity: 'warning', end: FROM + 2 * HOUR_S }, FROM + 2 * HOUR_S]], [label])
  assert.equal(result.by_event[0]!.median_delay_s, 2 * HOUR_S)
})

test('lead is measured back from disclosure', () => {
  const label = labelled('c', tcp(4444), FROM, { event: 'new-cve', kinds: ['new'], disclosed_at: formatSeconds(FROM + 72 * HOUR_S), end: formatSeconds(FROM + 90 * HOUR_S) })
  const { result } = judge([[detection('new', tcp(4444), FROM + 20 * HOUR_S), FROM + 24 * HOUR_S]], [label])
  assert.equal(result.median_lead_s, 48 * HOUR_S)
})

test('false alarms in the time of a harmless event are counted by it, and what a research scanner does is never right', () => {
  const outage = labelled('o', undefined, FROM + 10 * HOUR_S, { event: 'outage', kinds: [] })
  const research = labelled('r', { source: '240.0.1.1' }, FROM, { event: 'research', kinds: [], end: formatSeconds(TO) })
  const everybody = labelled('s', tcp(23), FROM, { event: 'strain', kinds: ['scan'], strength: 'background', end: formatSeconds(TO) })
  const { result, alarms } = judge([
    detection('change-point', tcp(80), FROM + 11 * HOUR_S), detection('spike', tcp(80), FROM + 40 * HOUR_S), detection('scan', { source: '240.0.1.1', ...tcp(23) }, FROM + HOUR_S),
    detection('scan', { source: '240.9.9.9', ...tcp(23) }, FROM + 11 * HOUR_S),
  ], [outage, research, everybody])
  const found = Object.fromEntries(result.by_event.map(({ event, found }) => [event, found]))
  assert.deepEqual(found, { outage: 1, research: 1 })
  assert.deepEqual([result.true_alarms, result.false_alarms, result.labels], [1, 3, 0])
  assert.deepEqual(alarms.filter(({ because_of }) => because_of.length > 0).length, 2)
})

const hour = fc.integer({ min: 2, max: 230 })
const someLabels = fc.uniqueArray(fc.record({ port: fc.integer({ min: 1, max: 20 }), hour }), { selector: ({ port }) => port, minLength: 1, maxLength: 12 })
  .map((all) => all.map(({ port, hour }) => labelled(`l${port}`, tcp(port), FROM + hour * HOUR_S)))
const someDetections = fc.array(fc.record({ port: fc.integer({ min: 1, max: 25 }), hour }), { maxLength: 20 })
  .map((all) => all.map(({ port, hour }) => detection('change-point', tcp(port), FROM + hour * HOUR_S)))
const perfect = (labels: readonly Label[]) => labels.map(({ subjects, start }) => detection('change-point', subjects[0]!, Date.parse(start) / 1000))

test('who finds all labels and nothing else has recall 1 and precision 1', () => {
  fc.assert(fc.property(someLabels, (labels) => {
    const { result } = judge(perfect(labels), labels)
    assert.deepEqual([result.recall, result.precision, result.false_alarms], [1, 1, 0])
  }))
})

test('an alarm that belongs to nothing lowers precision and leaves recall; one that finds a missed label raises recall', () => {
  fc.assert(fc.property(someLabels, someDetections, (labels, detections) => {
    const before = judge(detections, labels).result
    const worse = judge([...detections, detection('spike', tcp(999), FROM + HOUR_S)], labels).result
    assert.equal(worse.recall, before.recall)
    assert.equal(worse.false_alarms, before.false_alarms + 1)
    assert.ok(worse.precision! < (before.precision ?? 1) || before.true_alarms === 0)
    const better = judge([...detections, ...perfect(before.missed)], labels).result
    assert.equal(better.recall, 1)
    assert.ok(better.false_alarms <= before.false_alarms)
  }))
})

test('the order and repetition of what is given changes nothing but when it was known', () => {
  fc.assert(fc.property(someLabels, someDetections, fc.infiniteStream(fc.nat()), (labels, detections, keys) => {
    const shuffled = detections.map((one) => ({ one, key: keys.next().value as number })).toSorted((a, b) => a.key - b.key).map(({ one }) => one)
    assert.deepEqual(judge([...shuffled, ...detections], labels).result, judge(detections, labels).result)
  }))
})

test('every alarm is right or false, every label found or missed', () => {
  fc.assert(fc.property(someLabels, someDetections, (labels, detections) => {
    const { result } = judge(detections, labels)
    assert.equal(result.true_alarms + result.false_alarms, result.alarms)
    assert.equal(result.found + result.missed.length, result.labels)
    assert.equal(result.by_kind.reduce((sum, { alarms }) => sum + alarms, 0), result.alarms)
    assert.equal(result.false_list.length, result.false_alarms)
  }))
})

test('what strangers wrote stands in no list of false alarms', () => {
  assert.equal(subjectLine({ protocol: 'tcp', port: 23, novelty: 'credential', value: 'root\nsecret' }), 'tcp/23 credential')
  assert.equal(subjectLine({ protocol: 'tcp', port: 443, novelty: 'ja4', value: 't13d' }), 'tcp/443 ja4 t13d')
})
