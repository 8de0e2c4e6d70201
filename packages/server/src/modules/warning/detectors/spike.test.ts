import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { PortBin, PortCounts } from './core/port-bins.ts'
import { portKeyOf, type PortKey } from './core/port-key.ts'
import type { Detection } from './model.ts'
import { spike, type SpikeParameters } from './spike.ts'
import { Noise, region, type NoiseOptions, type Outage, type Plant } from './testing/noise.ts'
import { firstAt, newest, observe, Remembered } from './testing/observed.ts'

const DAY_S = 86_400
const START = Date.UTC(2026, 0, 1) / 1000
const PORT = portKeyOf('tcp', 60_123)
const scene = { addresses: 270, sensors: 60, own: { economies: [], asns: [], networks: [] } }

const counts = (sources: number, more: Partial<PortCounts> = {}): PortCounts => ({ packets: 2 * sources, sources, sensors: 20, source_share_max: 0.1, sensor_share_max: 0.1, ...more })
const dayOf = (day: number, ports: readonly (readonly [PortKey, PortCounts])[], sensors = 60, apart = 256): PortBin => ({
  start: START + day * DAY_S, step_s: DAY_S, sensor_equivalents: sensors, sensors, exact: true, ports: new Map(ports),
  sourcesOf: (port, limit) => Array.from({ length: Math.min(limit, new Map(ports).get(port)?.sources ?? 0) }, (_, i) => i * apart),
})
/** What closed days alone give. */
function judge(days: readonly PortBin[], more: Partial<SpikeParameters> = {}): Detection[][] {
  const run = spike.start({ ...spike.defaults, ...more }, scene)
  return days.map((day) => {
    run.bin!({ ...day, start: day.start + DAY_S - 600, step_s: 600, ports: new Map() })
    return [...run.day!(day)]
  })
}
const history = [40, 44, 38, 42, 41, 39, 43, 40, 45, 37]

it('keeps a day as a record when it is above both bounds of the publication, not when it is at one', () => {
  // Median 40.5, quartiles 39.25 and 42.75; mean 40.9 and deviation 2.6: the bounds are 47.5 and 46.1.
  const last = (sources: number): Detection[] => judge([...history, sources].map((one, day) => dayOf(day, [[PORT, counts(one)]]))).at(-1)!
  assert.deepEqual(last(47), [])
  const [one] = last(48)
  assert.equal(one?.severity, 'record')
  assert.deepEqual([one.figures.median, one.figures.interquartile_range, one.figures.spike_threshold], [40.5, 3.5, 48])
  assert.deepEqual(one.crossed, [{ figure: 'sources', value: 48, threshold: 48, rule: 'at_least' }])
  assert.deepEqual([one.start, one.end, one.packets, one.open], [START + 10 * DAY_S, START + 11 * DAY_S, 96, false])
})

it('a notice asks for more, for many networks and sensors; quiet ports need a least number', () => {
  const last = (value: PortCounts, apart?: number): string | undefined =>
    judge([...history.map((one, day) => dayOf(day, [[PORT, counts(one)]])), dayOf(10, [[PORT, value]], 60, apart)]).at(-1)![0]?.severity
  assert.equal(last(counts(400)), 'notice')
  assert.equal(last(counts(100)), 'record')
  assert.equal(last(counts(400, { sensors: 3 })), 'record')
  assert.equal(last(counts(400, { source_share_max: 0.6 })), 'record')
  assert.equal(last(counts(400, { sensor_share_max: 0.6 })), 'record')
  assert.equal(last(counts(400), 1), 'record', 'neighbours are two networks')
  const quiet = (sources: number) => judge([...history.map((_, day) => dayOf(day, [])), dayOf(10, [[PORT, counts(sources)]])]).at(-1)![0]?.severity
  assert.deepEqual([quiet(19), quiet(20), quiet(29), quiet(60)], [undefined, 'record', 'record', 'notice'])
})

it('says nothing before the days are known; a day of an outage neither counts nor is judged', () => {
  const days = history.map((one, day) => dayOf(day, [[PORT, counts(one)]]))
  assert.deepEqual(judge([...days.slice(0, 6), dayOf(6, [[PORT, counts(4000)]])]).flat(), [])
  const outage = judge([...days, dayOf(10, [[PORT, counts(4000)]], 20), dayOf(11, [[PORT, counts(41)]]), dayOf(12, [[PORT, counts(48)]])])
  assert.deepEqual(outage.map((found) => found.length).slice(10), [0, 0, 1])
})

it('sensors that join, and all ports rising together, are no spike', () => {
  const ports = Array.from({ length: 80 }, (_, i) => portKeyOf('tcp', 2000 + i))
  const day = (number: number, factor: number, sensors: number): PortBin => dayOf(number, ports.map((port, i) => [port, counts(Math.round(factor * (100 + ((i * 7 + number * 3) % 9))))]), sensors)
  const usual = history.map((_, number) => day(number, 1, 60))
  assert.deepEqual(judge([...usual, day(10, 2, 120)]).at(-1), [], 'twice the sensors')
  assert.deepEqual(judge([...usual, day(10, 4, 60)]).at(-1), [], 'the same sensors, but larger')
})

it('keeps at most so many records and ports, the most above first, and counts the others', () => {
  const ports = Array.from({ length: 100 }, (_, i) => portKeyOf('tcp', 2000 + i))
  const run = spike.start({ ...spike.defaults, records_per_day_max: 5, ports_max: 20, notices_per_day_max: 2 }, scene)
  for (let day = 0; day < 8; day++) run.day!(dayOf(day, ports.map((port) => [port, counts(10)])))
  run.bin!({ ...dayOf(8, []), step_s: 600 })
  const asked: PortKey[] = []
  const day = dayOf(8, ports.map((port, i) => [port, counts(i < 30 ? 200 + i : 10)]))
  const found = run.day!({ ...day, sourcesOf: (port, limit) => (asked.push(port), day.sourcesOf(port, limit)) })
  assert.deepEqual(found.filter(({ severity }) => severity === 'notice').map(({ subject }) => subject.port), [2029, 2028])
  assert.deepEqual(asked.toSorted(), [portKeyOf('tcp', 2028), portKeyOf('tcp', 2029)], 'sources are looked at only where a notice may come of it')
  assert.equal(found.filter(({ severity }) => severity === 'record').length, 5)
  assert.ok(run.shed['records'] === 23 && run.shed['ports']! > 0, JSON.stringify(run.shed))
})

const small: NoiseOptions = { ...region, seed: 11, ports: 40, top_rate: 20, strays: 20, sweeps: 20 }
const event = (day: number): number => small.start + day * DAY_S
it('tells it while the day lasts, once, and with the whole day’s numbers when it is over', () => {
  const memory = new Remembered()
  const burst: Plant = (minute, emit, draws) => { if (minute >= event(8.2) && minute < event(9.2)) for (let n = draws.poisson(1.5); n > 0; n--) emit(PORT, 0xfb000000 + draws.below(1 << 20), 1) }
  const given = observe(new Noise(small, [burst]).minutes(10 * 1440), { detectors: [spike], sensors: 60, see: memory.see })
  const of = given.filter(({ one }) => one.subject.port === 60_123 && one.start === event(8))
  assert.ok(firstAt(of, () => true)! < event(8.2) + 3 * 3600)
  assert.deepEqual([of.at(-1)!.one.open, of.at(-1)!.one.end, of.at(-1)!.one.severity, of.at(-1)!.at], [false, event(9), 'notice', event(9)])
  assert.ok(of.length <= 3)
  for (const { one } of given) memory.check(one)
})

it('an outage of half of the sensors raises nobody', () => {
  const missing: Outage = (minute, sensor) => minute >= event(8.3) && minute < event(8.6) && sensor % 2 === 1
  assert.deepEqual(newest(observe(new Noise(small, [], missing).minutes(10 * 1440), { detectors: [spike], sensors: 60 })), [])
})

it('says of all that it told while the day lasted that it is over, however many records the day has', () => {
  const quiet: NoiseOptions = { ...small, ports: 5, strays: 2, sweeps: 0 }
  const bursts: Plant = (minute, emit, draws) => { if (minute >= event(8.2) && minute < event(8.9)) for (let port = 0; port < 6; port++) for (let n = draws.poisson(0.2); n > 0; n--) emit(PORT + port, 0xfb000000 + draws.below(1 << 20), 1, { sensor: 1 }) }
  const given = observe(new Noise(quiet, [bursts]).minutes(9 * 1440), { detectors: [spike], parameters: { spike: { records_per_day_max: 0 } }, sensors: 60 })
  assert.ok(given.filter(({ one }) => one.open).length >= 6)
  assert.deepEqual(newest(given, true).filter(({ open }) => open), [])
})
