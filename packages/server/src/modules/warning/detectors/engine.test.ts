import assert from 'node:assert/strict'
import { it } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { portKeyOf } from './core/port-key.ts'
import { Engine } from './engine.ts'
import type { Detection, Detector } from './model.ts'
import { sliceOf, type TestFlow } from './testing/slices.ts'

const scene = { addresses: 100, sensors: 3, own: { economies: [], asns: [], networks: [] } }
const detection = (start: number, end: number, packets: number, sources: number): Detection => ({
  kind: 'spike', subject: { protocol: 'tcp', port: 23 }, start, end, open: false, severity: 'record', packets, figures: { sources }, crossed: [], evidence: [],
})

/** Tells all that it was given. */
const echo: Detector<object> = {
  kind: 'spike', version: 1, source: '', defaults: {},
  start: (_, __, saved) => {
    const state = (saved as { minutes: number } | undefined) ?? { minutes: 0 }
    const port = portKeyOf('tcp', 23)
    return {
      shed: {}, save: () => state, end: () => [detection(0, 0, state.minutes, 0)],
      minute: ({ minute }) => {
        state.minutes++
        return [detection(minute, minute + 60, 0, 0)]
      },
      bin: (bin) => [detection(bin.start, bin.start + bin.step_s, bin.ports.get(port)?.packets ?? 0, bin.ports.get(port)?.sources ?? 0)],
      day: (day) => [detection(day.start, day.start + day.step_s, day.ports.get(port)?.packets ?? 0, day.ports.get(port)?.sources ?? 0)],
    }
  },
}
const detectors = [echo]
const flow = fc.record({ source: fc.integer({ min: 1, max: 40 }), port: fc.constantFrom(23, 80), scan: fc.integer({ min: 0, max: 5 }), research: fc.boolean(), sensor: fc.integer({ min: 1, max: 3 }) })
const minutes = fc.array(fc.tuple(fc.integer({ min: 1, max: 700 }), fc.array(flow, { maxLength: 6 })), { maxLength: 40 })
const START = Date.UTC(2026, 0, 1) / 1000

const slices = (given: readonly (readonly [number, readonly TestFlow[]])[]) => {
  let minute = START
  return given.map(([gap, flows]) => sliceOf((minute += gap * 60), flows))
}

it('closes bins and days with the sums of what came, and holes between', () => {
  fc.assert(fc.property(minutes, (given) => {
    const engine = new Engine({ scene, detectors })
    const all = slices(given)
    const found = [...all.flatMap((slice) => engine.push(slice)), ...engine.end()]
    const sum = (from: number, to: number) => all.filter(({ minute }) => minute >= from && minute < to)
      .flatMap(({ flows }) => Array.from({ length: flows.rows }, (_, i) => ({ port: flows.port[i]!, scan: flows.scan[i]!, research: flows.research[i]!, source: flows.source[i]! })))
      .filter((row) => row.port === 23 && row.scan > 0 && row.research === 0)
    for (const one of found.filter(({ start, end }) => end - start >= 600)) {
      const rows = sum(one.start, one.end)
      assert.equal(one.packets, rows.reduce((total, { scan }) => total + scan, 0))
      assert.equal(one.figures.sources, new Set(rows.map(({ source }) => source)).size)
    }
    const bins = found.filter(({ start, end }) => end - start === 600).map(({ start }) => start)
    if (all.length > 0) assert.deepEqual(bins, Array.from({ length: bins.length }, (_, i) => bins[0]! + 600 * i))
  }))
})

it('goes on from what it saved as if nothing had been in between', () => {
  fc.assert(fc.property(minutes, fc.nat(), (given, cut) => {
    const all = slices(given)
    const at = all.length === 0 ? 0 : cut % all.length
    const straight = new Engine({ scene, detectors })
    const expected = [...all.flatMap((slice) => straight.push(slice)), ...straight.end()]
    const first = new Engine({ scene, detectors })
    const before = all.slice(0, at).flatMap((slice) => first.push(slice))
    const second = new Engine({ scene, detectors, saved: deserialize(serialize(first.save())) })
    assert.deepEqual([...before, ...all.slice(at).flatMap((slice) => second.push(slice)), ...second.end()], expected)
  }))
})

it('ends a detector that throws, says why, and lets the others go on', () => {
  const broken: Detector<object> = { ...echo, kind: 'worm', start: () => ({ shed: {}, save: () => 0, end: () => [], minute: () => { throw new Error('cannot') } }) }
  const engine = new Engine({ scene, detectors: [broken, echo] })
  assert.equal(engine.push(sliceOf(START, [])).length, 1)
  assert.equal(engine.push(sliceOf(START + 60, [])).length, 1)
  assert.deepEqual(engine.health.map(({ kind, failed }) => [kind, failed]), [['worm', 'cannot'], ['spike', undefined]])
})

it('says for weeks of a detector that was ended that it began anew', () => {
  let broken = true
  const fragile: Detector<object> = { ...echo, start: () => ({ shed: {}, save: () => 0, end: () => [], minute: () => {
    if (broken) throw new Error('cannot')
    return []
  } }) }
  const first = new Engine({ scene, detectors: [fragile] })
  first.push(sliceOf(START, []))
  first.push(sliceOf(START + 60, []))
  assert.deepEqual(first.health.map(({ failed, failed_before }) => [failed, failed_before]), [['cannot', undefined]])
  broken = false
  const again = (engine: Engine) => new Engine({ scene, detectors: [fragile], saved: deserialize(serialize(engine.save())) })
  const second = again(again(first))
  second.push(sliceOf(START + 120, []))
  assert.deepEqual(second.health.map(({ failed, failed_before }) => [failed, failed_before?.why]), [[undefined, 'cannot']])
  second.advance(START + 29 * 86_400)
  assert.deepEqual(second.health.map(({ failed_before }) => failed_before), [undefined])
})

it('says of a detector how many whole days it knows, as long as they are too few', () => {
  let days = 1.9
  const young: Detector<object> = { ...echo, start: () => ({ shed: {}, save: () => 0, end: () => [], get learning() { return { days, days_needed: 3 } } }) }
  const engine = new Engine({ scene, detectors: [young, { ...echo, kind: 'rsdos' }] })
  assert.deepEqual(engine.health.map(({ learning }) => learning), [{ days: 1, days_needed: 3 }, undefined])
  days = 3
  assert.deepEqual(engine.health[0]!.learning, undefined)
})

it('asks for as many days as its parameters say, and counts days that were watched', () => {
  const engine = new Engine({ scene, only: ['change-point', 'worm', 'new', 'spike'], parameters: { spike: { days_known_min: 4 } } })
  const needed = () => Object.fromEntries(engine.health.flatMap(({ kind, learning }) => (learning ? [[kind, learning]] : [])))
  assert.deepEqual(needed(), { 'change-point': { days: 0, days_needed: 3 }, worm: { days: 0, days_needed: 2 }, new: { days: 0, days_needed: 7 }, spike: { days: 0, days_needed: 4 } })
  for (let minute = 0; minute < 4 * 1440; minute += 5) engine.push(sliceOf(START + minute * 60, [{ source: 1, port: 23, scan: 1, research: false, sensor: 1 }]))
  engine.advance(START + 4 * 86_400)
  assert.deepEqual(needed(), { new: { days: 4, days_needed: 7 } })
})

it('gives what is still open one by one, and goes on where a detector throws meanwhile', () => {
  let made = 0
  const many: Detector<object> = { ...echo, kind: 'worm', start: () => ({ shed: {}, save: () => 0, *end() {
    for (made = 1; made <= 3; made++) yield detection(0, 0, made, 0)
    throw new Error('cannot')
  } }) }
  const engine = new Engine({ scene, detectors: [many, echo] })
  engine.push(sliceOf(START, []))
  const seen: number[] = []
  for (const _ of engine.end()) seen.push(made)
  assert.deepEqual(seen, [0, 0, 1, 2, 3, 4], 'first the open bin and day of the other detector, last what it ends with')
  assert.deepEqual(engine.health.map(({ kind, failed, given }) => [kind, failed, given]), [['worm', 'cannot', 3], ['spike', undefined, 4]])
})

it('leaps over years between captures without closing each bin of them', () => {
  const engine = new Engine({ scene, detectors })
  engine.push(sliceOf(START, []))
  assert.ok(engine.push(sliceOf(START + 20 * 365 * 86_400, [])).length < 10)
  assert.throws(() => engine.push(sliceOf(START, [])), RangeError)
})
