import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { portKeyOf } from './core/port-key.ts'
import type { Heard, Slice } from './core/slice.ts'
import { drdos, type DrdosParameters } from './drdos.ts'
import type { Scene } from './model.ts'
import { heardOf } from './testing/heard.ts'
import { lastTold, runOver } from './testing/runs.ts'
import { sliceOf } from './testing/slices.ts'

const START = 1_767_225_600

/** Each comes with the minute in which it was over, as on a node: that after its begin. */
function slices(heard: readonly Heard[]): Slice[] {
  const byMinute = Map.groupBy(heard, ({ at }) => Math.floor((at - START) / 60) + 1)
  return Array.from({ length: Math.max(0, ...byMinute.keys()) + 1 }, (_, i) => sliceOf(START + 60 * i, [], { heard: byMinute.get(i) ?? [] }))
}
const detect = (heard: readonly Heard[], parameters: Partial<DrdosParameters> = {}, scene: Partial<Scene> = {}) => runOver(drdos, slices(heard), { parameters, scene }).detections
const found = (...given: Parameters<typeof detect>) => lastTold(detect(...given))
/** One record a minute. */
const attack = (from: number, minutes: number, requests: number, more: Partial<Heard> = {}) =>
  Array.from({ length: minutes }, (_, i) => heardOf(START + from + 60 * i, { requests, bytes_in: 8 * requests, bytes_out: 40 * requests, ...more }))

test('a hundred requests in a victim’s name are an attack on it, with the question that gives them again', () => {
  assert.equal(found(attack(0, 3, 33)).length, 0)
  assert.deepEqual(found([...attack(5, 4, 30), ...attack(5, 4, 10, { sensor: 2, src_port: 443 })]), [{
    kind: 'drdos', subject: { victim: '240.0.0.1', protocol: 'ntp' }, start: START, end: START + 240, open: false, severity: 'notice', packets: 160, max_ppm: 40,
    figures: { requests: 160, bytes: 1280, sensors: 2, victim_ports: 2, duration_s: 240, amplification: 5 },
    crossed: [{ figure: 'requests', value: 160, threshold: 100, rule: 'at_least' }, { figure: 'sensor_ppm', value: 30, threshold: 5, rule: 'at_least' }],
    evidence: [{
      query: { of: 'requests', victim: '240.0.0.1', protocol: 'ntp', from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:04:00Z', research: 'include' },
      packets: 160, sources: 1, sensors: 2,
    }],
  }])
})

test('who searches amplifiers asks many sensors a few times, and is no victim', () => {
  const search = Array.from({ length: 400 }, (_, i) => heardOf(START + 20 * i, { sensor: i % 60, requests: 1 + (i % 4) }))
  assert.deepEqual(found(search), [])
  assert.equal(found(search, { sensor_ppm_min: 4 }).length, 1, 'so much hangs on the threshold')
})

test('records of several minutes that come together, in any order, make the same attack', () => {
  const together = (heard: readonly Heard[]) => lastTold(runOver(drdos, [sliceOf(START + 1800, [], { heard })]).detections)
  const heard = [...attack(0, 5, 30), ...attack(1000, 5, 40)]
  assert.deepEqual(together(heard).map(({ packets, start }) => [packets, start - START]), [[150, 0], [200, 960]])
  assert.deepEqual(together(heard.toReversed()), together(heard))
})

test('only datagrams for protocols that amplify count: no handshakes, no SIP, no research scanner', () => {
  assert.deepEqual(found([
    ...attack(0, 5, 50, { port: portKeyOf('tcp', 123) }), ...attack(0, 5, 50, { handshake: 'completed' }), ...attack(0, 5, 50, { protocol: 'sip' }), ...attack(0, 5, 50, { research: true }),
  ]), [])
})

test('protocols are attacks of their own; a silence longer than the gap begins another', () => {
  assert.deepEqual(found([...attack(0, 5, 30), ...attack(0, 5, 30, { protocol: 'dns' })]).map(({ subject }) => subject.protocol), ['dns', 'ntp'])
  assert.equal(found([...attack(0, 5, 30), ...attack(840, 5, 30)]).length, 1)
  assert.equal(found([...attack(0, 5, 30), ...attack(960, 5, 30)]).length, 2)
})

test('it is told while it goes on, not more often than every ten minutes, and when it is over', () => {
  assert.deepEqual(detect(attack(0, 25, 40)).map(({ end, open }) => [(end - START) / 60, open]), [[3, true], [13, true], [23, true], [25, false]])
})

test('an own victim is a warning, and urgent when much is asked in its name', () => {
  const own = (more: Partial<Scene['own']>) => ({ own: { economies: [], asns: [], networks: [], ...more } })
  assert.equal(found(attack(0, 5, 50), {}, own({ networks: ['240.0.0.0/30'] }))[0]!.severity, 'warning')
  assert.equal(found(attack(0, 5, 50, { economy: (74 << 8) | 80 }), {}, own({ economies: ['JP'] }))[0]!.severity, 'warning')
  assert.equal(found(attack(0, 5, 50, { asn: 64_500 }), {}, own({ asns: [64_501] }))[0]!.severity, 'notice')
  assert.equal(found(attack(0, 5, 6000), {}, own({ networks: ['240.0.0.0/30'] }))[0]!.severity, 'urgent')
})

test('memory is bounded: a flood of made-up victims drives out none that was told', () => {
  const flood = Array.from({ length: 20_000 }, (_, i) => heardOf(START + 300, { source: 5 * i }))
  const { detections, shed } = runOver(drdos, slices([...attack(0, 12, 30), ...flood]), { parameters: { victims_max: 50 } })
  assert.deepEqual(lastTold(detections).map(({ packets }) => packets), [360])
  assert.equal(shed['victims'], 20_000 - 49)
})

/** Straight from the definition. */
function naive(heard: readonly Heard[], { requests_min, gap_s, sensor_ppm_min }: DrdosParameters): string[] {
  return [...Map.groupBy(heard.toSorted((a, b) => a.at - b.at), ({ source, protocol }) => `${source} ${protocol}`)].flatMap(([key, all]) => {
    const attacks: Heard[][] = []
    for (const one of all) {
      const last = attacks.at(-1)?.at(-1)
      if (last && one.at - (last.at - (last.at % 60)) <= gap_s + 60) attacks.at(-1)!.push(one)
      else attacks.push([one])
    }
    return attacks.flatMap((of) => {
      const requests = of.reduce((sum, one) => sum + one.requests, 0)
      const minutes = [...Map.groupBy(of, ({ at }) => Math.floor(at / 60)).values()].map((one) => one.reduce((sum, { requests }) => sum + requests, 0))
      if (requests < requests_min || !of.some((one) => one.requests >= sensor_ppm_min)) return []
      return [`${key} ${Math.floor((of[0]!.at - START) / 60)} ${Math.floor((of.at(-1)!.at - START) / 60) + 1} ${requests} ${Math.max(...minutes)} ${new Set(of.map(({ sensor }) => sensor)).size}`]
    })
  }).toSorted()
}
const anyHeard = fc.array(fc.record({
  step: fc.oneof(fc.constant(0), fc.nat(60), fc.nat(900)), requests: fc.integer({ min: 1, max: 40 }), source: fc.constantFrom(7, 0xf0000001), protocol: fc.constantFrom('ntp', 'dns'), sensor: fc.integer({ min: 1, max: 3 }),
}), { maxLength: 80, size: 'max' }).map((all) => {
  let at = START
  return all.map(({ step, ...one }) => heardOf((at += step), one))
})

test('equals the definition on any stream, whatever the order of sensors, cut and resumed anywhere', () => {
  let found = 0
  fc.assert(fc.property(anyHeard, fc.array(fc.nat(200), { maxLength: 3 }), fc.boolean(), (heard, cuts, reversed) => {
    const given = slices(reversed ? heard.toReversed() : heard)
    const straight = runOver(drdos, given)
    found += lastTold(straight.detections).length
    const names = lastTold(straight.detections).map(({ subject, start, end, packets, max_ppm, figures }) =>
      `${subject.victim === '240.0.0.1' ? 0xf0000001 : 7} ${subject.protocol} ${(start - START) / 60} ${(end - START) / 60} ${packets} ${max_ppm} ${figures.sensors}`)
    assert.deepEqual(names.toSorted(), naive(heard, drdos.defaults))
    assert.ok(lastTold(straight.detections).every(({ open }) => !open))
    assert.deepEqual(runOver(drdos, given, { cuts }).detections, straight.detections)
  }), { numRuns: 200 })
  assert.ok(found > 200 / 4, `${found} events were looked at`)
})
