import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Slice } from './core/slice.ts'
import type { Detection, Scene } from './model.ts'
import { rsdos, type RsdosParameters } from './rsdos.ts'
import { lastTold, runOver } from './testing/runs.ts'
import { sliceOf, type TestBackscatter, type TestFlow } from './testing/slices.ts'

const START = 1_767_225_600
const VICTIM = 0xf0000001

/** Rows as minutes, with all minutes between; bins count from START. */
function slices(rows: readonly TestBackscatter[], flows: readonly TestFlow[] = []): Slice[] {
  const byMinute = Map.groupBy(rows, ({ bin }) => Math.floor(bin / 60))
  const last = Math.max(0, ...byMinute.keys())
  return Array.from({ length: last + 1 }, (_, i) => sliceOf(START + 60 * i, flows, { backscatter: (byMinute.get(i) ?? []).map((row) => ({ ...row, bin: START + row.bin })) }))
}
const detect = (rows: readonly TestBackscatter[], parameters: Partial<RsdosParameters> = {}, scene: Partial<Scene> = {}) => runOver(rsdos, slices(rows), { parameters, scene }).detections
const found = (...given: Parameters<typeof detect>) => lastTold(detect(...given)).filter(({ open }) => !open)
const at = (bin: number, packets: number, more: Partial<TestBackscatter> = {}): TestBackscatter => ({ bin, packets, victim: VICTIM, ...more })
const steady = (from: number, bins: number, packets: number, more: Partial<TestBackscatter> = {}) => Array.from({ length: bins }, (_, i) => at(from + 10 * i, packets, more))

test('the three thresholds each decide alone, and what was crossed is told with the question that gives the numbers again', () => {
  assert.equal(found(steady(0, 7, 50)).length, 0, '51 s can touch seven bins')
  assert.equal(found(steady(0, 8, 5)).length, 1, '60 s at least')
  assert.equal(found(steady(0, 40, 4)).length, 0, '24 a minute')
  assert.equal(found([at(0, 20), at(80, 4)]).length, 0, '24 packets')
  assert.deepEqual(found(steady(600, 8, 5), {}, { addresses: 2 ** 24 }), [{
    kind: 'rsdos', start: START + 600, end: START + 680, open: false, severity: 'notice', subject: { victim: '240.0.0.1', protocol: 'tcp' }, packets: 40, max_ppm: 30,
    figures: { bytes: 1600, ports: 1, duration_s: 61, sensors: 1, estimated_ppm: 7680 },
    crossed: [
      { figure: 'packets', value: 40, threshold: 25, rule: 'at_least' }, { figure: 'duration_s', value: 61, threshold: 60, rule: 'at_least' },
      { figure: 'max_ppm', value: 30, threshold: 30, rule: 'at_least' },
    ],
    evidence: [{
      query: { of: 'backscatter', victim: '240.0.0.1', protocol: 'tcp', from: '2026-01-01T00:10:00Z', to: '2026-01-01T00:11:20Z', research: 'include' },
      packets: 40, sources: null, sensors: 1,
    }],
  }])
})

test('with bins of a second the duration is that of the seconds', () => {
  const each = (seconds: number) => Array.from({ length: seconds + 1 }, (_, i) => at(7 + i, 1))
  assert.equal(found(each(59), { bin_s: 1 }).length, 0)
  assert.deepEqual(found(each(60), { bin_s: 1 }).map(({ start, end, figures }) => [start - START, end - START, figures.duration_s]), [[7, 68, 60]])
})

test('an attack is told once it is one, every ten minutes while it goes on, and when it is over', () => {
  const told = detect(steady(0, 6 * 25, 5)).map(({ end, open }) => [(end - START) / 60, open])
  assert.deepEqual(told, [[2, true], [12, true], [22, true], [25, false]])
  const starts = new Set(detect(steady(0, 6 * 25, 5)).map(({ start }) => start))
  assert.equal(starts.size, 1)
})

test('a silence longer than the gap ends an attack, a shorter one does not', () => {
  assert.equal(found([...steady(0, 8, 5), ...steady(70 + 300, 8, 5)]).length, 1)
  assert.equal(found([...steady(0, 8, 5), ...steady(70 + 310, 8, 5)]).length, 2)
  assert.equal(found([...steady(0, 8, 5), ...steady(70 + 310, 8, 5)], { gap_s: 600 }).length, 1)
})

test('an own victim is a warning, by network, economy or AS; one that is hit hard is urgent', () => {
  const severity = (own: Partial<Scene['own']>, packets = 5, addresses = 2 ** 24, flows: readonly TestFlow[] = []) => {
    const scene = { addresses, own: { economies: [], asns: [], networks: [], ...own } }
    return lastTold(runOver(rsdos, slices(steady(0, 8, packets), flows), { scene }).detections)[0]!.severity
  }
  const answers: TestFlow = { source: VICTIM, port: 1024, packets: 5, scan: 0, economy: (74 << 8) | 80, asn: 64_500 }
  assert.equal(severity({}), 'notice')
  assert.equal(severity({ networks: ['240.0.0.0/24'] }), 'warning')
  assert.equal(severity({ networks: ['240.0.1.0/24'] }), 'notice')
  assert.equal(severity({ economies: ['JP'] }, 5, 2 ** 24, [answers]), 'warning')
  assert.equal(severity({ economies: ['KR'] }, 5, 2 ** 24, [answers]), 'notice')
  assert.equal(severity({ asns: [64_500] }, 5, 2 ** 24, [answers]), 'warning')
  assert.equal(severity({ asns: [64_500] }, 5, 2 ** 24, [{ ...answers, scan: 5 }]), 'notice', 'what scans is no victim')
  assert.equal(severity({ networks: ['240.0.0.0/24'] }, 1_000, 2 ** 20), 'urgent', '6000 a minute of a 4096th: some 400,000 a second')
  assert.equal(severity({ networks: ['240.0.0.0/24'] }, 50, 0), 'urgent', 'ten times the threshold where addresses are not known')
  assert.equal(severity({ networks: ['240.0.0.0/24'] }, 49, 0), 'warning')
})

test('memory is bounded: made-up victims drive out only others of their kind, and are counted', () => {
  const rows = [...steady(0, 12, 10)]
  for (let bin = 0; bin < 120; bin += 10) for (let i = 0; i < 500; i++) rows.push(at(bin, 1, { victim: 1_000_000 * bin + i }))
  const { detections, shed } = runOver(rsdos, slices(rows), { parameters: { victims_max: 100 } })
  assert.deepEqual(lastTold(detections).map(({ subject, packets }) => [subject.victim, packets]), [['240.0.0.1', 120]])
  assert.equal(shed['victims'], 12 * 500 - 99)
})

/** Straight from the definition: split at silences, slide over every minute. */
function naive(rows: readonly TestBackscatter[], { packets_min, duration_s_min, ppm_min, gap_s }: RsdosParameters): string[] {
  const byVictim = Map.groupBy(rows.toSorted((a, b) => a.bin - b.bin), ({ victim, protocol }) => `${protocol} ${victim}`)
  return [...byVictim].flatMap(([key, all]) => {
    const attacks: TestBackscatter[][] = []
    for (const row of all) {
      const last = attacks.at(-1)?.at(-1)
      if (last && row.bin - last.bin < gap_s + 10) attacks.at(-1)!.push(row)
      else attacks.push([row])
    }
    return attacks.flatMap((attack) => {
      const packets = attack.reduce((sum, row) => sum + row.packets, 0)
      const ppm = Math.max(...attack.map(({ bin }) => attack.filter((row) => row.bin <= bin && row.bin > bin - 60).reduce((sum, row) => sum + row.packets, 0)))
      const [first, last] = [attack[0]!.bin, attack.at(-1)!.bin]
      const sensors = new Set(attack.map(({ sensor }) => sensor)).size
      return packets >= packets_min && last - first - 9 >= duration_s_min && ppm >= ppm_min ? [`${key} ${first} ${last + 10} ${packets} ${ppm} ${sensors}`] : []
    })
  }).toSorted()
}
const nameOf = ({ subject, start, end, packets, max_ppm, figures }: Detection): string => {
  const [protocol, victim] = [subject.protocol === 'tcp' ? 6 : 1, subject.victim!.split('.').reduce((number, part) => number * 256 + Number(part), 0)]
  return `${protocol} ${victim} ${start - START} ${end - START} ${packets} ${max_ppm} ${figures.sensors}`
}
const anyRow = fc.record({
  step: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 8, arbitrary: fc.constant(1) }, { weight: 4, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(80) }),
  packets: fc.integer({ min: 1, max: 12 }), victim: fc.constantFrom(VICTIM, VICTIM, VICTIM, 7), protocol: fc.constantFrom(6, 6, 6, 1),
  sensor: fc.integer({ min: 1, max: 3 }),
})
const anyRows = fc.array(anyRow, { maxLength: 120, size: 'max' }).map((rows) => {
  let bin = 0
  return rows.map(({ step, ...row }): TestBackscatter => ({ ...row, bin: (bin += 10 * step) }))
})

test('sensors are told apart across a pause', () => {
  const given = slices([...steady(0, 12, 5, { sensor: 1 }), ...steady(120, 12, 5, { sensor: 2 })])
  assert.deepEqual(runOver(rsdos, given, { cuts: [2] }).detections.map(({ figures }) => figures.sensors), [1, 2])
})

test('a row that comes late counts in the sums and not in the densest minute; one of before the begin of what was told does not', () => {
  const on_time = slices(steady(60, 12, 5))
  const late = (bin: number, packets: number) => sliceOf(START + 600, [], { backscatter: [{ ...at(bin, packets), bin: START + bin }] })
  const told = (...more: Slice[]) => lastTold(runOver(rsdos, [...on_time, ...more], { parameters: { gap_s: 900 } }).detections).map(({ start, packets, max_ppm }) => [start - START, packets, max_ppm])
  assert.deepEqual(told(), [[60, 60, 30]])
  assert.deepEqual(told(late(100, 40)), [[60, 100, 30]])
  assert.deepEqual(told(late(20, 40)), [[60, 60, 30]])
  assert.equal(runOver(rsdos, [...on_time, late(20, 40)], { parameters: { gap_s: 900 } }).shed['late_rows'], 1)
})

test('equals the definition on any stream, whatever the order of sensors, cut and resumed anywhere', () => {
  let found = 0
  fc.assert(fc.property(anyRows, fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(200), { maxLength: 3 }), fc.boolean(), (rows, gap, cuts, reversed) => {
    const parameters = { ...rsdos.defaults, gap_s: 30 * gap }
    const given = reversed ? slices(rows.toReversed()) : slices(rows)
    const straight = runOver(rsdos, given, { parameters })
    found += lastTold(straight.detections).length
    assert.deepEqual(lastTold(straight.detections).map(nameOf).toSorted(), naive(rows, parameters))
    assert.ok(lastTold(straight.detections).every(({ open }) => !open))
    assert.deepEqual(runOver(rsdos, given, { parameters, cuts }).detections, straight.detections)
  }), { numRuns: 300 })
  assert.ok(found > 300 / 4, `${found} events were looked at`)
})
