import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { it } from 'node:test'
import { changePoint } from './change-point.ts'
import { portKeyOf } from './core/port-key.ts'
import { Noise, noisePort, region, type NoiseOptions, type Outage, type Plant } from './testing/noise.ts'
import { firstAt, newest, observe, Remembered, type GivenOne } from './testing/observed.ts'
import { sliceOf } from './testing/slices.ts'

const sample = new URL('../../../../../../../shared/data/nict-changefinder/', import.meta.url)
const lines = (name: string): string[] => readFileSync(new URL(name, sample), 'utf8').trim().split('\n')
const jst = (text: string): number => Date.parse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}T${text.slice(8, 10)}:${text.slice(10, 12)}:00+09:00`) / 1000

it('mode nict tells the 15 bins that NICT published for its sample, and no other', { skip: existsSync(sample) ? false : 'the sample lies beside the project' }, () => {
  const rows = lines('nict_changefinder_sensor999_count.csv').slice(1).map((line) => line.split(','))
  const slices = rows.map(([at, packets, hosts]) => {
    const [all, count] = [Number(packets), Number(hosts)]
    // As many sources as hosts, the first with all packets that the others do not have.
    return sliceOf(jst(at!), Array.from({ length: count }, (_, i) => ({ source: i + 1, port: 1 + (i % 900), scan: i === 0 ? all - count + 1 : 1 })))
  })
  const given = observe(slices, { detectors: [changePoint], parameters: { 'change-point': { mode: 'nict' } }, sensors: 1 })
  assert.deepEqual(given.map(({ one }) => one.start), lines('nict_changefinder_sensor999_expected_alerts.txt').map(jst))
  for (const { one } of given) assert.ok(one.figures.score! > 3 && one.end - one.start === 600)
})

const small: NoiseOptions = { ...region, seed: 3, ports: 60, top_rate: 30, strays: 20, sweeps: 40 }
const PORT = portKeyOf('tcp', 60_123)
const DAY = 1440
const event = (day: number): number => small.start + day * 86_400
/** So many sources in ten minutes from a day on, for some hours. */
const burst = (port: number, day: number, hours: number, per_bin: number, source: (draws: { below(end: number): number }) => number = (draws) => 0xfb000000 + draws.below(1 << 20)): Plant => (minute, emit, draws) => {
  if (minute >= event(day) && minute < event(day) + hours * 3600) for (let n = draws.poisson(per_bin / 10); n > 0; n--) emit(port, source(draws), 1 + draws.geometric(0.6))
}
const run = (days: number, plants: readonly Plant[], missing?: Outage, memory = new Remembered()): GivenOne[] =>
  observe(new Noise(small, plants, missing).minutes(days * DAY), { detectors: [changePoint], sensors: 60, see: memory.see })

it('tells a burst within half an hour, while it lasts and when it is over, as one event whose numbers come out again', () => {
  const memory = new Remembered()
  const given = run(6, [burst(PORT, 4.4, 9, 25), burst(noisePort(3), 4.6, 9, 120)], undefined, memory)
  const found = newest(given)
  assert.deepEqual(found.map(({ subject }) => subject).toSorted((a, b) => a.port! - b.port!), [{ protocol: 'tcp', port: 1 + 3 * 7919 }, { protocol: 'tcp', port: 60_123 }])
  for (const one of found) {
    const of = given.filter((other) => other.one.subject.port === one.subject.port)
    assert.ok(of.every((other) => other.one.start === one.start))
    assert.deepEqual(of.map((other) => other.one.open), [...of.slice(1).map(() => true), false])
    assert.ok(of.every((other, i) => i === 0 || i === of.length - 1 || other.at - of[i - 1]!.at >= 600))
    assert.ok(one.crossed.every(({ value, threshold }) => value >= threshold), JSON.stringify(one.crossed))
    assert.ok(Math.abs(one.end - one.start - 9 * 3600) <= 2400, `lasts ${one.end - one.start}`)
  }
  assert.ok(firstAt(given, ({ subject }) => subject.port === 60_123)! - event(4.4) <= 1800)
  for (const { one } of given) memory.check(one)
})

it('one machine, a rack of neighbours, one sensor and research scanners are no change', () => {
  const given = run(6, [
    burst(PORT, 4.2, 6, 60, () => 0xfb000001),
    burst(PORT + 1, 4.2, 6, 60, (draws) => 0xfb000000 + draws.below(32)),
    // Many sources, but one of them sends nine of ten packets.
    (minute, emit, draws) => { if (minute >= event(4.5) && minute < event(4.7)) for (let n = draws.poisson(3); n > 0; n--) { emit(PORT + 4, 0xfb000000 + draws.below(1 << 20), 1); emit(PORT + 4, 0xfa000001, 9) } },
    (minute, emit, draws) => { if (minute >= event(4.5) && minute < event(4.7)) for (let n = draws.poisson(6); n > 0; n--) emit(PORT + 2, 0xfb000000 + draws.below(1 << 20), 1, { sensor: 55 }) },
    (minute, emit, draws) => { if (minute >= event(4.5) && minute < event(4.7)) for (let n = draws.poisson(6); n > 0; n--) emit(PORT + 3, 0xfb000000 + draws.below(1 << 20), 1, { research: true }) },
  ])
  assert.deepEqual(newest(given), [])
})

it('half of the sensors missing, all of them back, and new ones that join are no change', () => {
  const missing: Outage = (minute, sensor) =>
    (minute >= event(3.5) && minute < event(3.7) && sensor % 2 === 0) || (minute >= event(4.2) && minute < event(4.3)) || (minute < event(5) && sensor >= 50)
  assert.deepEqual(newest(run(7, [], missing)), [])
})

it('many ports at once do not flood: beyond the bound of an hour they are records', () => {
  const given = run(5, Array.from({ length: 14 }, (_, i) => burst(PORT - i, 4.2, 3, 40)))
  assert.equal(newest(given).length, 6)
  assert.equal(newest(given, true).length, 14)
})

it('a new level is told once, and again only after the port was back at its baseline', () => {
  const options = { ...small, ports: 10, strays: 5, sweeps: 5 }
  const plants = [burst(PORT, 4, 60, 25), burst(PORT, 9.5, 6, 200)]
  const parameters = { 'change-point': { baseline_days: 5, episode_h_max: 24 } }
  const given = observe(new Noise(options, plants).minutes(10 * DAY), { detectors: [changePoint], parameters, sensors: 60 })
  const found = newest(given)
  assert.equal(found.length, 2, JSON.stringify(found.map(({ start, end }) => [start - small.start, end - small.start])))
  assert.ok(found[0]!.end - found[0]!.start <= 25 * 3600)
  assert.ok(found[1]!.start >= event(9.5) - 600)
})
