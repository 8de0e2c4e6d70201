import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatSeconds, HOUR_S } from '@hirundo/base'
import type { Label, Subject } from '@hirundo/contract'
import type { Found } from './alarms.ts'
import { because_of_max, Harmless } from './harmless.ts'
import { isBecauseOf, readLabel } from './match.ts'
import { score } from './score.ts'

const FROM = Date.UTC(2026, 0, 8) / 1000
const TO = FROM + 1_000 * HOUR_S
const harmless = (id: string, subjects: Subject[], start: number, hours: number): Label =>
  ({ id, event: 'outage', kinds: [], subjects, start: formatSeconds(start), end: formatSeconds(start + hours * HOUR_S), strength: 'faint' })
const alarm = (port: number, raised: readonly number[]): Found => ({
  kind: 'change-point', subject: { protocol: 'tcp', port }, start: raised[0]!, end: raised.at(-1)! + 60, severity: 'notice', found_at: raised[0]!,
  occurrences: raised.map((raised_at) => ({ start: raised_at, end: raised_at + 60, raised_at })),
})

const hour = fc.integer({ min: 0, max: 100 })
const subjects: fc.Arbitrary<Subject[]> = fc.oneof(fc.constant<Subject[]>([]), fc.constant<Subject[]>([{}]), fc.constant<Subject[]>([{ protocol: 'tcp' }]), fc.integer({ min: 1, max: 3 }).map((port) => [{ protocol: 'tcp', port }]))
const someLabels = fc.array(fc.tuple(subjects, hour, fc.integer({ min: 0, max: 30 })), { maxLength: 40 })
  .map((all) => all.map(([of, start, hours], i) => harmless(`l${i}`, of, FROM + start * HOUR_S, hours)))
const someAlarms = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.uniqueArray(hour, { minLength: 1, maxLength: 4 })), { maxLength: 20 })
  .map((all) => all.map(([port, hours]) => alarm(port, hours.toSorted((a, b) => a - b).map((one) => FROM + one * HOUR_S))))

test('finds what holding each alarm against each event finds', () => {
  fc.assert(fc.property(someLabels, someAlarms, (labels, alarms) => {
    const read = labels.map(readLabel)
    const index = new Harmless(read)
    for (const one of alarms) assert.deepEqual(new Set(index.note(one)), new Set(read.filter((label) => isBecauseOf(one, label)).map(({ label }) => label.id)))
    assert.deepEqual(read.filter(index.blamed()), read.filter((label) => alarms.some((one) => isBecauseOf(one, label))))
  }))
})

test('an alarm in the time of very many events names some, and all are counted', () => {
  const labels = Array.from({ length: 3 * because_of_max }, (_, i) => harmless(`l${i}`, i % 2 ? [] : [{ protocol: 'tcp' }], FROM, 2))
  const { alarms, result } = score({ from_s: FROM, to_s: TO, synthetic: true, found: [alarm(23, [FROM + 60])], labels, shed: {} })
  assert.deepEqual([alarms[0]!.because_of.length, result.by_event[0]!.found], [because_of_max, labels.length])
})

test('thousands of harmless events are not held against each of hundreds of alarms', () => {
  let looked = 0
  const labels = Array.from({ length: 3_000 }, (_, i) => {
    const label = harmless(`l${i}`, i % 2 ? [] : [{ victim: `240.0.${i >> 8}.${i & 255}` }], FROM, i % 3 ? 0 : 1_000)
    return { ...label, get kinds() {
      looked++
      return []
    } }
  })
  const found = Array.from({ length: 300 }, (_, i) => alarm(1 + i, [FROM + (10 + i) * HOUR_S]))
  const { result } = score({ from_s: FROM, to_s: TO, synthetic: true, found, labels, shed: {} })
  assert.deepEqual([result.false_alarms, result.by_event[0]!.found], [300, 500])
  assert.ok(looked <= 10 * labels.length, `${looked} times`)
})
