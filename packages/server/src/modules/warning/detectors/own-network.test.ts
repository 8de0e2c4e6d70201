import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { portKeyOf } from './core/port-key.ts'
import type { Heard, Slice } from './core/slice.ts'
import type { Scene } from './model.ts'
import { ownNetwork, type OwnNetworkParameters } from './own-network.ts'
import { heardOf } from './testing/heard.ts'
import { lastTold, runOver } from './testing/runs.ts'
import { sliceOf, type TestFlow } from './testing/slices.ts'

const START = 1_767_225_600
const OWN = 0xc6336401
const scene = { own: { economies: [], asns: [], networks: ['198.51.100.0/24'] } }
type Row = TestFlow & { readonly minute: number }
const at = (minute: number, scan = 1, more: Partial<TestFlow> = {}): Row => ({ minute, source: OWN, port: 23, scan, ...more })
const spoke = (minute: number, handshake: Heard['handshake'], more: Partial<Heard> = {}): Heard =>
  heardOf(START + 60 * minute + 7, { source: OWN, port: portKeyOf('tcp', 23), protocol: 'telnet', handshake, ...more })

function slices(rows: readonly Row[], heard: readonly Heard[] = []): Slice[] {
  const minutes = [...new Set([...rows.map(({ minute }) => minute), ...heard.map(({ at }) => Math.floor((at - START) / 60))])].toSorted((a, b) => a - b)
  return minutes.map((minute) => sliceOf(START + 60 * minute, rows.filter((row) => row.minute === minute), { heard: heard.filter(({ at }) => Math.floor((at - START) / 60) === minute) }))
}
const detect = (rows: readonly Row[], heard: readonly Heard[] = [], more: Partial<Scene> = scene, parameters: Partial<OwnNetworkParameters> = {}) =>
  runOver(ownNetwork, slices(rows, heard), { parameters, scene: more }).detections
const found = (...given: Parameters<typeof detect>) => lastTold(detect(...given))

test('an own source that scans is a warning with the questions that give its numbers again', () => {
  assert.deepEqual(found([at(1, 2), at(2, 1, { sensor: 2, port: 2323 })], [spoke(2, 'none'), spoke(2, 'completed', { sensor: 3 })]), [{
    kind: 'own-network', subject: { source: '198.51.100.1' }, start: START + 60, end: START + 180, open: false, severity: 'warning', packets: 3,
    figures: { handshakes: 1, dialogues: 0, sensors: 3, ports: 2, duration_s: 120 },
    crossed: [{ figure: 'handshakes', value: 1, threshold: 1, rule: 'at_least' }, { figure: 'packets', value: 3, threshold: 3, rule: 'at_least' }],
    members: ['tcp/23', 'tcp/2323'],
    evidence: [
      { query: { of: 'scans', source: '198.51.100.1', research: 'include', from: '2026-01-01T00:01:00Z', to: '2026-01-01T00:03:00Z' }, packets: 3, sources: 1, sensors: null },
      { query: { of: 'interactions', source: '198.51.100.1', research: 'include', protocol: 'tcp', from: '2026-01-01T00:02:00Z', to: '2026-01-01T00:03:00Z' }, packets: 2, sources: 1, sensors: null },
    ],
  }])
})

test('evidence makes it stronger: a lone packet is a record, a handshake a warning, a dialogue urgent', () => {
  assert.deepEqual(detect([at(0)]).map(({ severity, open }) => [severity, open]), [['record', true], ['record', false]])
  assert.equal(found([at(0, 3)])[0]!.severity, 'warning')
  assert.equal(found([], [spoke(0, 'completed')])[0]!.severity, 'warning')
  assert.deepEqual(detect([at(0, 3)], [spoke(2, 'dialogue')]).map(({ severity }) => severity), ['warning', 'urgent', 'urgent'])
  assert.deepEqual(found([], [spoke(0, 'none')]), [])
})

test('who only answers is a victim, a stranger is none of ours, and without own networks there is nothing', () => {
  assert.deepEqual(found([at(0, 0, { packets: 50 })]), [])
  assert.deepEqual(found([at(0, 50, { source: 7 })], [spoke(0, 'dialogue', { source: 7 })]), [])
  assert.deepEqual(found([at(0, 50, { research: true })]), [])
  assert.deepEqual(found([at(0, 50)], [spoke(0, 'dialogue')], {}), [])
  assert.deepEqual(found([], [heardOf(START, { source: OWN, requests: 500 })]), [], 'a datagram in its name')
})

test('what answers does not prolong a scan, and what came over UDP is no interaction of the evidence', () => {
  const [one] = found([at(0, 5), at(30, 0, { packets: 9 })], [heardOf(START + 7, { source: OWN, requests: 500 }), spoke(0, 'none')])
  assert.deepEqual([one!.end - START, one!.evidence.map(({ query, packets }) => [query.of, packets])], [60, [['scans', 5], ['interactions', 1]]])
})

test('ours is by economy and AS too', () => {
  const row = at(0, 5, { source: 7, economy: (75 << 8) | 82, asn: 64_500 })
  const own = (more: Partial<Scene['own']>) => ({ own: { economies: [], asns: [], networks: [], ...more } })
  assert.equal(found([row], [], own({ economies: ['KR'] })).length, 1)
  assert.equal(found([row], [], own({ economies: ['JP'] })).length, 0)
  assert.equal(found([row], [], own({ asns: [64_500] })).length, 1)
  assert.equal(found([at(0, 5, { source: 7 })], [], own({ economies: [''], asns: [0] })).length, 0, 'what is not known is not ours')
})

test('one event per source until it was silent for a day; told again not more often than every ten minutes', () => {
  assert.equal(found([at(0, 5), at(1440, 5)]).length, 1)
  assert.equal(found([at(0, 5), at(1441, 5)]).length, 2)
  assert.deepEqual(detect(Array.from({ length: 25 }, (_, i) => at(i, 3))).map(({ end, open }) => [(end - START) / 60, open]), [[1, true], [11, true], [21, true], [25, false]])
})

test('memory is bounded and what was left out is counted', () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => at(0, 3, { source: 0x0a000000 + i }))
  const { detections, shed } = runOver(ownNetwork, slices([at(0, 3), ...rows]), { parameters: { sources_max: 100 }, scene: { own: { economies: [], asns: [], networks: ['10.0.0.0/8', '198.51.100.0/24'] } } })
  assert.equal(lastTold(detections).length, 100)
  assert.equal(shed['sources'], 19_901)
})

const anyRow = fc.record({ minute: fc.nat(6000), scan: fc.integer({ min: 0, max: 3 }), source: fc.constantFrom(OWN, OWN + 1, 7), port: fc.constantFrom(22, 23), sensor: fc.integer({ min: 1, max: 4 }) })
const anyHeard = fc.record({ minute: fc.nat(6000), handshake: fc.constantFrom<Heard['handshake'][]>('none', 'completed', 'dialogue'), source: fc.constantFrom(OWN, 7), sensor: fc.integer({ min: 1, max: 4 }) })

test('sums are those of the rows, whatever the order of sensors, cut and resumed anywhere', () => {
  let found = 0
  fc.assert(fc.property(fc.array(anyRow, { maxLength: 60, size: 'max' }), fc.array(anyHeard, { maxLength: 20, size: 'max' }), fc.array(fc.nat(80), { maxLength: 3 }), (rows, visits, cuts) => {
    const given = slices(rows, visits.map(({ minute, ...more }) => spoke(minute, more.handshake, more)))
    const straight = runOver(ownNetwork, given, { scene })
    found += lastTold(straight.detections).length
    assert.deepEqual(runOver(ownNetwork, given, { scene, cuts }).detections, straight.detections)
    const other = runOver(ownNetwork, slices(rows.toReversed(), visits.map(({ minute, ...more }) => spoke(minute, more.handshake, more)).toReversed()), { scene })
    assert.deepEqual(lastTold(other.detections), lastTold(straight.detections))
    for (const { start, end, packets, subject, figures } of lastTold(straight.detections)) {
      const mine = rows.filter(({ minute, source }) => subject.source === `198.51.100.${source & 255}` && source !== 7 && START + 60 * minute >= start && START + 60 * minute < end)
      assert.equal(packets, mine.reduce((sum, { scan }) => sum + scan!, 0))
      assert.ok(figures.sensors! >= new Set(mine.filter(({ scan }) => scan! > 0).map(({ sensor }) => sensor)).size)
    }
  }), { numRuns: 200 })
  assert.ok(found > 200 / 4, `${found} events were looked at`)
})
