import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import * as fc from 'fast-check'
import { DAY_S } from '@hirundo/base'
import { isTcp, portOf } from './core/port-key.ts'
import type { Slice } from './core/slice.ts'
import type { Detection, Run } from './model.ts'
import { synchronised } from './synchronised.ts'
import { alarms, foundAt, harmless, patterns, runOver, scene, type Given } from './synchrony/testing/evaluate.ts'
import { botnet, fleet, hourly, type Botnet } from './synchrony/testing/plants.ts'
import { smallWorld, World, worldHost, worldPort, type Plant, type WorldOptions } from './synchrony/testing/world.ts'

const { start } = smallWorld
const quiet: WorldOptions = { ...smallWorld, ports: 60, top_rate: 20, strays: 60 }
const net = (more: Partial<Botnet>): Botnet => ({ id: 9_000_000, port: 61_000, bots: 60, start: start + 3 * 3600, end: start + 6 * 3600, pattern: 'half hours', rate: 0.1, ...more })
const run = (options: WorldOptions, plants: readonly Plant[], hours: number, parameters = synchronised.defaults) => runOver(new World(options, plants), hours / 24, parameters)
const text = (address: number) => `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`

/** What a store of these slices says when it is asked. */
class Store {
  readonly #rows: (readonly [minute: number, port: number, source: number, sensor: number, packets: number])[] = []

  add({ minute, flows }: Slice): void {
    for (let i = 0; i < flows.rows; i++) {
      if (flows.scan[i]! > 0 && flows.research[i] === 0 && isTcp(flows.port[i]!)) this.#rows.push([minute, portOf(flows.port[i]!), flows.source[i]!, flows.sensor[i]!, flows.scan[i]!])
    }
  }

  ask({ query: { from, to, port } }: Detection['evidence'][number]) {
    const [first, end] = [Date.parse(from) / 1000, Date.parse(to) / 1000]
    const rows = this.#rows.filter(([minute, of]) => of === port && minute >= first && minute < end)
    return { packets: rows.reduce((sum, row) => sum + row[4], 0), sources: new Set(rows.map((row) => row[2])).size, sensors: new Set(rows.map((row) => row[3])).size }
  }
}

test('finds botnets by each of their patterns while they go on, and says what the store says', () => {
  const nets = patterns.map((pattern, i) => net({ id: 9_000_000 + i, port: 61_000 + i, pattern, rate: 0.2 }))
  // What comes between their turns belongs to the event too.
  const trickle: Plant = { rows: (minute, emit, draws) => {
    if (minute % 240 === 0) for (const { port } of nets) emit(port, worldHost(4, draws.below(500)), 1)
  } }
  const store = new Store()
  const { given } = runOver(new World(smallWorld, [...nets.map(botnet), trickle]), 0.6, undefined, (slice) => store.add(slice))
  assert.deepEqual(alarms(given).map(({ subject }) => subject.port).toSorted(), nets.map(({ port }) => port))
  for (const one of nets) {
    const at = foundAt(given, one)!
    assert.ok(at <= one.start + 3600, `${one.pattern} ${at - one.start}`)
    const all = given.filter(({ detection }) => detection.subject.port === one.port).map(({ detection }) => detection)
    assert.equal(new Set(all.map((detection) => detection.start)).size, 1, 'one event')
    assert.deepEqual(all.map(({ open }) => open), all.map((_, i) => i < all.length - 1), 'open until it is over')
    const bots = new Set(Array.from({ length: one.bots }, (_, i) => text(worldHost(one.id, i))))
    for (const { evidence, start, end, packets, members = [] } of all) {
      const { query, ...numbers } = evidence[0]!
      assert.deepEqual([query.from, query.to].map((when) => Date.parse(when) / 1000), [start, end])
      assert.deepEqual(numbers, store.ask(evidence[0]!))
      assert.equal(packets, numbers.packets)
      assert.ok(members.length > 10 && members.filter((member) => bots.has(member)).length >= 0.75 * members.length)
    }
  }
})

test('each crossed threshold is crossed by its value', () => {
  const { given } = run(quiet, [botnet(net({}))], 5)
  assert.ok(given.length > 0)
  for (const { detection: { crossed } } of given) {
    for (const { figure, value, threshold, rule } of crossed) assert.ok(rule === 'below' ? value < threshold : value >= threshold, `${figure} ${value} ${threshold}`)
  }
})

test('noise, known research scanners, one heavy scanner, a flood of forged sources, sensors that fail and clocks that jump raise nobody', () => {
  for (const seed of [1, 2]) assert.deepEqual(run({ ...smallWorld, seed, ports: 200 }, harmless(start), 24).given, [])
})

test('known research scanners in step are not seen at all', () => {
  const plant = botnet(net({}))
  const known: Plant = { rows: (minute, emit, draws) => plant.rows!(minute, (port, source, packets) => emit(port, source, packets, { research: true }), draws) }
  assert.equal(run(quiet, [known], 5).given.length, 0)
  assert.notEqual(run(quiet, [plant], 5).given.length, 0)
})

test('few sources, and sources that go for one destination, are no group in step', () => {
  assert.equal(run(quiet, [botnet(net({ bots: 15, rate: 1 }))], 5).given.length, 0)
  const plant = botnet(net({}))
  const at = (sensor: (draw: number) => number): Plant => ({ rows: (minute, emit, draws) => plant.rows!(minute, (port, source, packets) => emit(port, source, packets, { sensor: sensor(draws.unit()) }), draws) })
  assert.equal(run(quiet, [at((draw) => (draw < 0.8 ? 50 : Math.floor(draw * 60)))], 5).given.length, 0, 'most at one')
  assert.equal(run(quiet, [at((draw) => (draw < 0.5 ? 50 : 51))], 5).given.length, 0, 'at two sensors')
  assert.notEqual(run(quiet, [at((draw) => 50 + Math.floor(draw * 5))], 5).given.length, 0, 'at five')
})

test('a fleet that walks from port to port raises somebody at most three times, until its sources are known for their many ports', () => {
  const { given } = run(quiet, [fleet(start)], 14)
  assert.equal(alarms(given).length, 3)
  assert.ok(given.length > 10, 'the others are kept')
  assert.deepEqual(given.filter(({ detection }) => detection.start > start + 10 * 3600), [], 'known by then')
})

test('what a port has every day raises nobody after the second day', () => {
  const port = worldPort(150)
  const { given } = run({ ...quiet, ports: 3, strays: 3 }, [hourly(port, 60)], 96)
  const all = alarms(given)
  assert.ok(all.length >= 1 && all.length <= 2, String(all.length))
  assert.ok(all.every((one) => one.start < start + 2 * DAY_S))
})

/** Slices must outlive the world that makes them. */
function slicesOf(options: WorldOptions, plants: readonly Plant[], minutes: number): Slice[] {
  const slices: Slice[] = []
  new World(options, plants).each(minutes, (slice) => {
    const flows = Object.fromEntries(Object.entries(slice.flows).map(([name, column]) => [name, typeof column === 'number' ? column : column.slice(0, slice.flows.rows)]))
    slices.push({ ...slice, flows: flows as unknown as Slice['flows'] })
  })
  return slices
}
const all = (run: Run, slices: readonly Slice[]): Detection[] => slices.flatMap((slice) => run.minute!(slice))

test('goes on from what it saved as if nothing had been in between, and gives the same in every run', () => {
  const plants = [botnet(net({ start: start + 3600, end: start + 3 * 3600 })), fleet(start + 3600, 40), botnet(net({ id: 9_000_001, port: 61_001, pattern: 'onset', start: start + 7200 }))]
  const slices = slicesOf({ ...quiet, ports: 10 }, plants, 300)
  const parameters = { ...synchronised.defaults, hold_s: 1800, port_counted_sources_max: 200, rows_minute_max: 30, graphs_slot_max: 1 }
  const whole = synchronised.start(parameters, scene)
  const expected = [...all(whole, slices), ...whole.end()]
  assert.ok(expected.length > 4)
  assert.ok(whole.shed['rows']! > 0 && whole.shed['port_counted_sources']! > 0)
  fc.assert(fc.property(fc.integer({ min: 0, max: 300 }), (cut) => {
    const first = synchronised.start(parameters, scene)
    const before = all(first, slices.slice(0, cut))
    const saved = deserialize(serialize(first.save())) as unknown
    const rest = [1, 2].map(() => {
      const second = synchronised.start(parameters, scene, saved)
      return [...all(second, slices.slice(cut)), ...second.end()]
    })
    assert.deepEqual([...before, ...rest[0]!], expected)
    assert.deepEqual(rest[1], rest[0], 'what was saved is not changed')
  }), { numRuns: 6 })
})

test('a flood of random sources sheds rows, counts them, and leaves the packets of an event exact', () => {
  const flooded: Plant = { rows: (minute, emit, draws) => {
    if (minute % 1200 < 600) for (let n = 0; n < 3_000; n++) emit(1 + draws.below(65_535), Math.floor(draws.unit() * 2 ** 32), 1)
  } }
  const store = new Store()
  const parameters = { ...synchronised.defaults, rows_minute_max: 1_000, port_counted_sources_max: 10_000 }
  const { given, shed } = runOver(new World(quiet, [botnet(net({ bots: 300 })), flooded]), 5 / 24, parameters, (slice) => store.add(slice))
  assert.ok(shed['rows']! > 100_000 && shed['port_counted_sources']! > 100_000)
  const ours = given.filter(({ detection }) => detection.subject.port === 61_000)
  assert.ok(ours.length > 0)
  for (const { detection: { evidence: [evidence] } } of ours) {
    assert.equal(evidence!.packets, store.ask(evidence!).packets)
    assert.equal(evidence!.sources, null)
  }
})

test('a hole of hours and of years ends what was open', () => {
  for (const gap_s of [12 * 3600, 20 * 365 * DAY_S]) {
    const slices = slicesOf(quiet, [botnet(net({ start: start + 1800, end: start + DAY_S }))], 120)
    const one = synchronised.start(synchronised.defaults, scene)
    assert.ok(all(one, slices).some(({ open }) => open))
    const after = one.minute!({ ...slices[0]!, minute: slices[119]!.minute + gap_s + 180 })
    assert.deepEqual(after.map(({ open, subject }) => [open, subject.port]), [[false, 61_000]])
    assert.deepEqual(one.end(), [])
  }
})

test('with one sensor that watches it works too', () => {
  const { given } = run({ ...quiet, sensors: [254] }, [botnet(net({}))], 5)
  const last: Given | undefined = given.at(-1)
  assert.equal(last?.detection.subject.port, 61_000)
})
