import assert from 'node:assert/strict'
import { it } from 'node:test'
import { deserialize, serialize } from 'node:v8'
import * as fc from 'fast-check'
import { portKeyOf, type PortKey } from '../core/port-key.ts'
import type { PortCounts } from '../core/port-bins.ts'
import { sliceOf } from '../testing/slices.ts'
import { PortHistory } from './port-history.ts'
import { PortSums } from './port-sums.ts'
import { PortWatch } from './port-watch.ts'
import { Ring } from './ring.ts'
import { Slots } from './slots.ts'
import { networksOf, sourceNetwork } from './source-network.ts'
import { Watching } from './watching.ts'

const again = <T>(saved: T): T => deserialize(serialize(saved)) as T

it('a ring holds the last times of each slot and nothing else, after a restart too', () => {
  const step = fc.record({ gap: fc.nat(4), slot: fc.nat(3), value: fc.integer({ min: 1, max: 9 }) })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (steps, cut) => {
    let ring = new Ring(5)
    ring.grow(2)
    const naive = new Map<string, number>()
    let time = 100
    steps.forEach(({ gap, slot, value }, i) => {
      if (i === cut) ring = new Ring(5, { saved: again(ring.save()) })
      time += gap
      ring.advance(time)
      ring.grow(slot + 1)
      ring.add(slot, value)
      naive.set(`${slot} ${time}`, (naive.get(`${slot} ${time}`) ?? 0) + value)
      for (let one = time - 9; one <= time + 1; one++) assert.equal(ring.at(slot, one), one > time - 5 && one <= time ? naive.get(`${slot} ${one}`) ?? 0 : 0)
    })
  }))
})

it('slots are given once, at most so many, and in the same order after a restart', () => {
  const steps = fc.array(fc.record({ port: fc.nat(12), drop: fc.boolean() }), { maxLength: 80 })
  fc.assert(fc.property(steps, fc.nat(80), (all, cut) => {
    const straight = new Slots(6)
    let cutting = new Slots(6)
    all.forEach(({ port, drop }, i) => {
      if (i === cut) cutting = new Slots(6, again(cutting.save()))
      for (const slots of [straight, cutting]) {
        if (drop) slots.drop(port)
        else if (slots.get(port) === undefined && !slots.full) slots.take(port)
      }
      assert.deepEqual([...cutting], [...straight])
      assert.equal(new Set([...straight].map(([, slot]) => slot)).size, straight.size)
      assert.ok(straight.size <= 6 && [...straight].every(([, slot]) => slot < straight.capacity))
    })
  }))
})

it('sums forget at the rate they should, and a quotient with exposure is a mean rate', () => {
  const sums = new PortSums([10, 100])
  for (let bin = 0; bin < 2000; bin++) {
    sums.next([50, 50])
    if (bin % 4 === 0) sums.add(80, 12)
  }
  for (const memory of [0, 1]) assert.ok(Math.abs(sums.sum(80, memory) / sums.exposure(memory) - 0.06) < 0.01)
  const before = sums.sum(80, 1)
  for (let bin = 0; bin < 100; bin++) sums.next([50, 50])
  assert.ok(Math.abs(sums.sum(80, 1) / before - Math.exp(-1)) < 1e-6)
})

it('a bin with under half of the usual sensors is a hole, one with fewer sensors does not lower what is expected', () => {
  const watching = new Watching(50)
  for (let i = 0; i < 20; i++) watching.next(60)
  assert.deepEqual(watching.next(29), { hole: true, exposure: 29, expected: 60, usual: 60 })
  assert.deepEqual(watching.next(31), { hole: false, exposure: 31, expected: 60, usual: 60 })
  assert.deepEqual(watching.next(90), { hole: false, exposure: 90, expected: 90, usual: 60 })
  assert.equal(watching.next(0).hole, true)
  // What stays becomes usual.
  for (let i = 0; i < 60; i++) watching.next(20)
  assert.equal(watching.next(20).hole, false)
})

const counts = (sources: number): PortCounts => ({ packets: sources, sources, sensors: 5, source_share_max: 0.1, sensor_share_max: 0.1 })
const tcp = (port: number): PortKey => portKeyOf('tcp', port)
const HOUR_S = 3600

/** Six bins an hour for some days; `level`: sources of a bin. */
function learn(history: PortHistory, days: number, level: (hour: number) => number, exposure: (hour: number) => number = () => 60): void {
  for (let hour = 0; hour < days * 24; hour++) {
    for (let bin = 0; bin < 6; bin++) {
      history.open(hour * HOUR_S + bin * 600)
      if (exposure(hour) > 0) history.add(new Map([[tcp(80), counts(level(hour))], [tcp(81), counts(5)]]), exposure(hour), exposure(hour))
    }
  }
  history.open(days * 24 * HOUR_S)
}

it('what is usual follows the hour of the day; an outlier day and an outage do not move it', () => {
  const history = new PortHistory({ ports_max: 10, days: 14, dispersion_min: 0.02 })
  history.open(0)
  const slot = history.admit(tcp(80), 0)
  learn(history, 10, (hour) => (hour % 24 < 12 ? 20 : 40) * (Math.floor(hour / 24) === 4 ? 50 : 1), (hour) => (hour >= 150 && hour < 157 ? 0 : 60))
  assert.equal(history.usualAt(slot, 10 * 24 + 6, 10 * 24).rate, 20 / 60)
  assert.equal(history.usualAt(slot, 10 * 24 + 18, 10 * 24).rate, 40 / 60)
  assert.ok(history.days > 9.5 && history.days < 10)
})

it('a quiet port keeps a mean that few counts are compared with; it does not become 0', () => {
  const history = new PortHistory({ ports_max: 10, days: 14, dispersion_min: 0.02 })
  history.open(0)
  const slot = history.admit(tcp(80), 0)
  learn(history, 10, (hour) => (hour % 8 === 0 ? 1 / 6 : 0))
  const { rate, dispersion } = history.usual(slot)
  assert.ok(rate > 0.5 / 8 / 6 / 60 && rate < 3 / 8 / 6 / 60, String(rate))
  assert.ok(dispersion > 0.02)
})

it('most ports rising together are a common factor, one port rising is none', () => {
  const history = new PortHistory({ ports_max: 100, days: 14, dispersion_min: 0.02 })
  history.open(0)
  const ports = Array.from({ length: 60 }, (_, i) => tcp(1000 + i))
  for (const port of ports) history.admit(port, 20 / 60)
  const bin = (factor: (i: number) => number) => new Map(ports.map((port, i) => [port, counts(20 * factor(i))]))
  assert.equal(history.common(bin((i) => (i === 7 ? 100 : 1)), 60), 1)
  assert.equal(history.common(bin(() => 3), 60), 3)
  assert.equal(history.common(bin(() => 0.3), 60), 1, 'fewer lower nothing')
})

it('neighbours are one network, of IPv6 a /64 is', () => {
  const text = (number: number): string => (number % 2 === 0 ? `2001:db8::${(number % 1000).toString(16)}` : '3fff::1')
  assert.equal(sourceNetwork(0x0a000001, text), sourceNetwork(0x0a0000ff, text))
  assert.notEqual(sourceNetwork(0x0a000001, text), sourceNetwork(0x0a000101, text))
  assert.equal(sourceNetwork(2 ** 32 + 2, text), sourceNetwork(2 ** 32 + 40, text))
  assert.notEqual(sourceNetwork(2 ** 32 + 2, text), sourceNetwork(2 ** 32 + 3, text))
  assert.equal(networksOf([0x0a000001, 0x0a000002, 0x0a000101, 2 ** 32 + 1, 2 ** 32 + 7]), 3)
})

it('who comes to a watched port is counted exactly, without research, and sources beyond the bound are shed', () => {
  const row = fc.record({ source: fc.integer({ min: 1, max: 2000 }), port: fc.constantFrom(80, 81), sensor: fc.nat(4), scan: fc.nat(3), research: fc.boolean() })
  fc.assert(fc.property(fc.array(fc.array(row, { maxLength: 20 }), { maxLength: 8 }), fc.nat(8), (minutes, cut) => {
    let watch = new PortWatch({ ports_max: 2, sources_max: 1000 })
    watch.begin(tcp(80), 600)
    minutes.forEach((rows, i) => {
      if (i === cut) watch = new PortWatch({ ports_max: 2, sources_max: 1000 }, again(watch.save()))
      watch.take(sliceOf(600 + 60 * i, rows))
    })
    const kept = minutes.flat().filter(({ port, scan, research }) => port === 80 && scan > 0 && !research)
    const seen = watch.seen(tcp(80))!
    assert.equal(seen.packets, kept.reduce((sum, { scan }) => sum + scan, 0))
    assert.equal(seen.sources, new Set(kept.map(({ source }) => source)).size)
    assert.equal(seen.networks, new Set(kept.map(({ source }) => source >> 8)).size)
    assert.equal(seen.sensors, new Set(kept.map(({ sensor }) => sensor)).size)
  }))
  const small = new PortWatch({ ports_max: 1, sources_max: 10 })
  small.begin(tcp(80), 600)
  small.take(sliceOf(600, Array.from({ length: 50 }, (_, i) => ({ source: i, port: 80, scan: 2 }))))
  const seen = small.seen(tcp(80))!
  assert.deepEqual([seen.packets, seen.sources, seen.exact, small.shed], [100, 10, false, 40])
  small.end(tcp(80))
  small.begin(tcp(80), 660)
  small.take(sliceOf(660, [{ source: 5, port: 80 }]))
  assert.equal(small.seen(tcp(80))!.exact, true, 'what was let go is room again')
})
