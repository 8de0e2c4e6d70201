import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sliceOf } from '../testing/slices.ts'
import { comparable } from './comparable.ts'
import { ManyPorts } from './many-ports.ts'
import { PortGrouper } from './port-window.ts'
import { RecentMinutes } from './recent-minutes.ts'

/** Minutes 0 … 59 in which sensors watched for so many seconds. */
function minutes(watched_s: (minute: number, sensor: number) => number) {
  const recent = new RecentMinutes({ minutes_max: 60, rows_minute_max: 1_000, busy_ports: new Set() }, new ManyPorts(16, 1_000))
  for (let minute = 0; minute < 60; minute++) {
    const watched = [1, 2, 3, 4].flatMap((sensor) => (watched_s(minute, sensor) > 0 ? [{ sensor, observed_s: watched_s(minute, sensor) }] : []))
    recent.push(sliceOf(60 * minute, watched.map(({ sensor }) => ({ sensor, source: 0x0a000001 + sensor * 65_536, port: 9 })), { watched }))
  }
  return recent.between(0, 3600)
}
const window = { end: 3600, sample_s: 600, samples: 6 }
const of = (watched_s: (minute: number, sensor: number) => number) => {
  const { starts, sensors } = comparable(minutes(watched_s), window)
  return [starts, [...sensors]]
}
const all = [0, 600, 1200, 1800, 2400, 3000]

test('a sensor that was missing from a sample, or twice there, is left out of the window', () => {
  assert.deepEqual(of(() => 60), [all, [1, 2, 3, 4]])
  assert.deepEqual(of((minute, sensor) => (sensor === 2 && minute >= 20 && minute < 25 ? 0 : 60)), [all, [1, 3, 4]])
  assert.deepEqual(of((minute, sensor) => (sensor === 2 && minute === 20 ? 0 : 60)), [all, [1, 2, 3, 4]], 'a minute of ten is little')
  assert.deepEqual(of((minute, sensor) => (sensor === 3 && minute >= 40 ? 120 : 60)), [all, [1, 2, 4]], 'a clock that jumped back')
  assert.deepEqual(of((minute, sensor) => (sensor === 4 && minute < 30 ? 0 : 60)), [all, [1, 2, 3]], 'one that is new')
})

test('a sample that most sensors were missing from is left out instead', () => {
  assert.deepEqual(of((minute, sensor) => (sensor > 1 && minute >= 10 && minute < 20 ? 0 : 60)), [[0, 1200, 1800, 2400, 3000], [1, 2, 3, 4]])
  assert.deepEqual(of((minute) => (minute < 30 ? 0 : 60)), [[1800, 2400, 3000], [1, 2, 3, 4]])
  assert.deepEqual(of(() => 0), [[], []])
})

test('only rows of comparable sensors and samples are counted', () => {
  const given = minutes((minute, sensor) => (sensor === 2 && minute < 20 ? 0 : minute >= 50 ? 0 : 60))
  const counted: unknown[] = []
  new PortGrouper().each(given, window, comparable(given, window), 1, ({ port, units, counts, samples }) => counted.push([port, units, [...counts.subarray(0, units.length * samples)]]))
  assert.deepEqual(counted, [[9, [0x0a01, 0x0a03, 0x0a04], Array.from({ length: 15 }, () => 10)]])
})

test('of /16 only those count that were kept in all minutes: the others would seem to be silent in some', () => {
  const recent = new RecentMinutes({ minutes_max: 60, rows_minute_max: 100, busy_ports: new Set() }, new ManyPorts(16, 10_000))
  const watched = [{ sensor: 1, observed_s: 60 }]
  const from = (sources: number) => Array.from({ length: sources }, (_, i) => ({ source: (i % 80) * 65_536 + i, port: 9 }))
  for (const [minute, sources] of [[0, 80], [60, 400]] as const) recent.push(sliceOf(minute, from(sources), { watched }))
  const given = recent.between(0, 120)
  const shape = { end: 120, sample_s: 60, samples: 2 }
  const seen: number[][] = []
  new PortGrouper().each(given, shape, comparable(given, shape), 1, ({ units, counts }) => units.forEach((_, u) => seen.push([counts[2 * u]!, counts[2 * u + 1]!])))
  assert.ok(seen.length > 5 && seen.length < 80)
  assert.deepEqual(seen, seen.map(() => [1, 5]))
})
