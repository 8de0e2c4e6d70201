import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Slice } from './core/slice.ts'
import type { Scene } from './model.ts'
import { scan, scanTimeout, type ScanParameters } from './scan.ts'
import { addPort, portsIn, REGISTERS } from './scan/distinct-ports.ts'
import { lastTold, runOver } from './testing/runs.ts'
import { sliceOf, type TestFlow } from './testing/slices.ts'

const START = 1_767_225_600
const STRANGER = 0xf0000001
type Row = TestFlow & { readonly minute: number }
const scene = { addresses: 65_536 }
const at = (minute: number, packets = 20, more: Partial<TestFlow> = {}): Row => ({ minute, source: STRANGER, port: 23, network: 1, scan: packets, destinations: packets, ...more })

/** Only minutes that hold something: the others change nothing but when an event is said to be over. */
function slices(rows: readonly Row[]): Slice[] {
  return [...Map.groupBy(rows, ({ minute }) => minute)].toSorted(([a], [b]) => a - b).map(([minute, flows]) => sliceOf(START + 60 * minute, flows))
}
const detect = (rows: readonly Row[], parameters: Partial<ScanParameters> = {}, more: Partial<Scene> = scene) => runOver(scan, slices(rows), { parameters, scene: more }).detections
const found = (...given: Parameters<typeof detect>) => lastTold(detect(...given))

test('the time-out is Merit’s for Merit’s telescope, grows as fewer addresses observe, and is never more than a day', () => {
  assert.equal(Math.round(scanTimeout(scan.defaults, 475_136)), 627)
  assert.equal(Math.round(scanTimeout(scan.defaults, 4096) / 3600), 20)
  assert.equal(scanTimeout(scan.defaults, 270), 86_400)
})

test('the time-out and how likely a slow scan is seen within it stand beside each scan', () => {
  const { figures } = found([at(0)])[0]!
  assert.deepEqual([figures.timeout_s, figures.seen_probability], [4543, 0.5])
  const few = found([at(0)], {}, { addresses: 270 })[0]!.figures
  assert.equal(few.timeout_s, 86_400)
  assert.ok(Math.abs(few.seen_probability! - 0.0529) < 0.0001, 'a day of 270 addresses shows one scan in nineteen that sends 10 a second')
})

test('one event per source and port, as long as it is not silent beyond the time-out', () => {
  const timeout_minutes = Math.ceil(scanTimeout(scan.defaults, scene.addresses) / 60)
  assert.equal(found([at(0), at(timeout_minutes)]).length, 1)
  assert.equal(found([at(0), at(timeout_minutes + 2)]).length, 2)
  assert.equal(found([at(0), at(0, 20, { port: 22 }), at(0, 20, { source: STRANGER + 1 }), at(0, 20, { protocol: 17 })]).length, 4)
  assert.deepEqual(found([at(10), at(11)]), [{
    kind: 'scan', start: START + 600, end: START + 720, open: false, severity: 'record', packets: 40, subject: { source: '240.0.0.1', protocol: 'tcp', port: 23 },
    figures: { destinations_at_least: 20, destination_share: 40 / 65_536 / 2, estimated_pps: 21_845, timeout_s: 4543, seen_probability: 0.5, duration_s: 120 },
    crossed: [{ figure: 'destinations_at_least', value: 20, threshold: 10, rule: 'at_least' }, { figure: 'estimated_pps', value: 21_845, threshold: 10, rule: 'at_least' }],
    evidence: [{
      query: { of: 'scans', source: '240.0.0.1', protocol: 'tcp', port: 23, from: '2026-01-01T00:10:00Z', to: '2026-01-01T00:12:00Z', research: 'include' },
      packets: 40, sources: 1, sensors: null,
    }],
  }].map((one) => ({ ...one, figures: { ...one.figures, destination_share: found([at(10), at(11)])[0]!.figures.destination_share } })))
})

test('too few destinations or too slow is no scan; the same destinations again are not more', () => {
  assert.equal(found([at(0, 9)]).length, 0)
  assert.equal(found([at(0, 9), at(1, 9)]).length, 0)
  assert.equal(found([at(0, 9), at(0, 9, { network: 2 })]).length, 1)
  assert.equal(found(Array.from({ length: 9 }, (_, i) => at(i, 1, { network: i }))).length, 0)
  assert.equal(found(Array.from({ length: 10 }, (_, i) => at(i, 1, { network: i }))).length, 1, 'an address in each of ten networks')
  assert.equal(found([at(0, 10)], {}, { addresses: 2 ** 28 }).length, 0, 'slower than 10 a second')
})

test('what answers, and known research scanners, are no scan', () => {
  assert.equal(found([at(0, 0, { packets: 50, destinations: 50 })]).length, 0)
  assert.equal(found([at(0, 50, { research: true })]).length, 0)
})

test('a scan is told once it is one, then each day for it is a record, and when it is over', () => {
  const told = detect(Array.from({ length: 150 }, (_, i) => at(i, i < 5 ? 1 : 20)), { record_update_s: 3600 }).map(({ end, open }) => [(end - START) / 60, open])
  assert.deepEqual(told, [[6, true], [66, true], [126, true], [150, false]])
})

test('who reaches a tenth of the addresses in a day is aggressive: a record, of our own a warning', () => {
  const sweep = (packets: number, more: Partial<TestFlow> = {}) => Array.from({ length: 256 }, (_, i) => at(i, packets, { network: i, ...more }))
  const crossed = (packets: number) => found(sweep(packets)).flatMap((one) => one.crossed.map(({ figure }) => figure)).includes('destination_share')
  assert.deepEqual([crossed(24), crossed(28)], [false, true], '6144 and 7168 of 65,536')
  assert.deepEqual(found(sweep(28)).map(({ severity }) => severity), ['record'])
  assert.deepEqual(found(sweep(28), { aggressive_severity: 'notice' }).map(({ severity }) => severity), ['notice'])
  const own = { economies: [], asns: [], networks: ['240.0.0.0/30'] }
  assert.deepEqual(found(sweep(28), {}, { ...scene, own }).map(({ severity }) => severity), ['warning'])
  assert.deepEqual(found(sweep(24), {}, { ...scene, own }).map(({ severity }) => severity), ['record'], 'that it is ours, own-network says')
  assert.deepEqual(found(sweep(28, { economy: (74 << 8) | 80 }), {}, { ...scene, own: { ...own, networks: [], economies: ['JP'] } }).map(({ severity }) => severity), ['warning'])
  const hammered = [at(0, 1, { network: 1, source: 9 }), at(0, 1, { network: 2, source: 9 }), ...Array.from({ length: 5_000 }, (_, i) => at(i, 200, { network: 0, destinations: 200 }))]
  assert.ok(found(hammered).find(({ packets }) => packets > 10)!.figures.destination_share! <= 1 / 3, 'one network of three is no more than a third')
})

/** A generator with a seed, for tests that draw much. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32)
}

test('a slow scan at even steps is aimed at us and noticed; by chance, a scan of everything is not', () => {
  const few = { addresses: 270 }
  const steps = (seed: number, draw: (random: () => number) => number, count: number): Row[] => {
    const random = randomOf(seed)
    let minute = 0
    return Array.from({ length: count }, () => at(Math.floor((minute += draw(random))), 1, { network: Math.floor(random() * 60) }))
  }
  const even = found(steps(1, (random) => 25 * (0.5 + random()), 160), {}, few)
  assert.deepEqual(even.map(({ severity, crossed }) => [severity, crossed[0]!.figure]), [['notice', 'evenness']])
  const fast = found(steps(2, () => 2, 500), {}, few)
  assert.deepEqual(fast.map(({ severity }) => severity), ['record'], 'a fast scan is even because minutes are')
  let highest = 0
  for (let seed = 1; seed <= 30; seed++) {
    const mean = 12 + (seed % 40)
    for (const { severity, figures } of found(steps(seed, (random) => -mean * Math.log(1 - random()), 400), {}, few)) {
      assert.equal(severity, 'record')
      highest = Math.max(highest, figures.evenness ?? 0)
    }
  }
  assert.equal(highest, 0)
})

test('memory is bounded: a flood of made-up sources, and one source to all ports, drive out none that was told', () => {
  const flood = Array.from({ length: 100_000 }, (_, i) => at(1, 1, { source: 7 * i }))
  const ports = Array.from({ length: 65_536 }, (_, i) => at(2, 1, { source: 3, port: i }))
  const { detections, shed } = runOver(scan, slices([at(0), ...flood, ...ports, at(3)]), { parameters: { scans_max: 1_000 }, scene })
  assert.deepEqual(lastTold(detections).map(({ packets, subject }) => [packets, subject.source, subject.port]), [[40, '240.0.0.1', 23], [65_536, '0.0.0.3', undefined]])
  assert.equal(shed['scans'], 100_000 + 65_536 - 999)
  const bounded = runOver(scan, slices([at(0, 1, { port: 1 }), ...Array.from({ length: 200 }, (_, i) => at(0, 1, { port: i })), ...flood]), { parameters: { sweeps_max: 1_000 }, scene })
  assert.deepEqual([lastTold(bounded.detections).length, bounded.shed['sweeps']], [1, 100_000 - 999], 'who swept is not driven out')
})

test('who tries very many ports in a day is told without a port, whatever it reaches at each', () => {
  const ports = (count: number, from: number, more: Partial<TestFlow> = {}): Row[] => Array.from({ length: count }, (_, i) => at(from + (i % 60), 1, { port: 1 + ((i * 7919) % 65_535), ...more }))
  const [one, ...others] = found(ports(65_535, 0))
  assert.deepEqual(others, [])
  assert.deepEqual([one!.subject, one!.severity, one!.start, one!.end, one!.open], [{ source: '240.0.0.1' }, 'record', START, START + 3600, false])
  assert.ok(Math.abs(one!.figures.ports! / 65_535 - 1) < 0.25, `${one!.figures.ports} ports`)
  assert.deepEqual(one!.evidence[0], {
    query: { of: 'scans', source: '240.0.0.1', from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', research: 'include' }, packets: 65_535, sources: 1, sensors: null,
  })
  assert.equal(found(ports(60, 0)).length, 0, 'few ports')
  assert.equal(found([...ports(60, 1320), ...ports(120, 1440).slice(60)], {}, { addresses: 270 }).length, 0, 'few in each day')
  assert.equal(found(ports(200, 0, { research: true })).length, 0)
  const mixed = found([...ports(60, 0), ...ports(60, 0, { protocol: 17 }), ...ports(500, 0, { protocol: 1, port: 0 })]).find(({ subject }) => subject.protocol === undefined)
  assert.ok(mixed?.packets === 620 && Math.abs(mixed.figures.ports! / 120 - 1) < 0.25, 'of TCP and UDP together, and with what has no port')
  assert.deepEqual(found(ports(200, 0), {}, { ...scene, own: { economies: [], asns: [], networks: ['240.0.0.0/30'] } }).map(({ severity }) => severity), ['warning'])
  const all = slices([...ports(300, 0), ...ports(300, 1441, { source: 7 })])
  const straight = runOver(scan, all, { scene })
  for (const cut of [1, 30, 59, 61, 100]) assert.deepEqual(runOver(scan, all, { scene, cuts: [cut] }).detections, straight.detections)
})

test('ports are estimated within a quarter, and the same ones again change nothing', () => {
  for (const count of [1, 10, 50, 100, 200, 300, 500, 1000, 5000, 20_000, 65_535]) {
    const registers = new Uint8Array(2 * REGISTERS)
    for (const _ of [1, 2]) for (let i = 0; i < count; i++) addPort(registers, 1, (i * 40_503) & 0xffff)
    const estimate = portsIn(registers, 1)
    assert.ok(Math.abs(estimate / count - 1) < 0.25, `${estimate} of ${count}`)
    assert.equal(portsIn(registers, 0), 0)
  }
})

/** Straight from the definition. */
function naive(rows: readonly Row[], parameters: ScanParameters, addresses: number): string[] {
  const timeout_s = scanTimeout(parameters, addresses)
  return [...Map.groupBy(rows.toSorted((a, b) => a.minute - b.minute), ({ source, port }) => `${source} ${port}`)].flatMap(([key, all]) => {
    const events: Row[][] = []
    for (const row of all) {
      const last = events.at(-1)?.at(-1)
      if (last && (row.minute - last.minute - 1) * 60 < timeout_s) events.at(-1)!.push(row)
      else events.push([row])
    }
    return events.flatMap((event) => {
      const [first, last] = [event[0]!.minute, event.at(-1)!.minute]
      const minutes = Map.groupBy(event, ({ minute }) => minute)
      const firsts = new Map<string, number>()
      for (const { sensor, network, destinations } of event) if (!firsts.has(`${sensor} ${network}`)) firsts.set(`${sensor} ${network}`, destinations!)
      const in_places = [...firsts.values()].reduce((sum, one) => sum + one, 0)
      const destinations = Math.max(in_places, ...[...minutes.values()].map((of) => of.reduce((sum, one) => sum + one.destinations!, 0)))
      return destinations >= parameters.destinations_min ? [`${key} ${first} ${last + 1} ${event.reduce((sum, one) => sum + one.scan!, 0)} ${destinations}`] : []
    })
  }).toSorted()
}
const anyRows = fc.array(fc.record({
  step: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(120)), scan: fc.integer({ min: 1, max: 6 }), source: fc.constantFrom(STRANGER, 7), port: fc.constantFrom(22, 23), network: fc.nat(14), sensor: fc.integer({ min: 1, max: 3 }),
}), { maxLength: 150, size: 'max' }).map((rows) => {
  let minute = 0
  const all = rows.map(({ step, ...row }): Row => ({ ...row, destinations: row.scan, minute: (minute += step) }))
  // A sensor gives one row a minute for each source, port and network.
  return [...new Map(all.map((row) => [[row.minute, row.source, row.port, row.network, row.sensor].join(), row])).values()]
})

test('equals the definition on any stream, whatever the order of sensors, cut and resumed anywhere', () => {
  let found = 0
  fc.assert(fc.property(anyRows, fc.array(fc.nat(100), { maxLength: 3 }), fc.boolean(), (rows, cuts, reversed) => {
    const given = slices(reversed ? rows.toReversed() : rows)
    const straight = runOver(scan, given, { scene })
    found += lastTold(straight.detections).length
    const names = lastTold(straight.detections).map(({ subject, start, end, packets, figures }) =>
      `${subject.source === '240.0.0.1' ? STRANGER : 7} ${subject.port} ${(start - START) / 60} ${(end - START) / 60} ${packets} ${figures.destinations_at_least}`)
    assert.deepEqual(names.toSorted(), naive(rows, scan.defaults, scene.addresses))
    assert.ok(lastTold(straight.detections).every(({ open }) => !open))
    assert.deepEqual(runOver(scan, given, { scene, cuts }).detections, straight.detections)
  }), { numRuns: 200 })
  assert.ok(found > 200 / 4, `${found} events were looked at`)
})
