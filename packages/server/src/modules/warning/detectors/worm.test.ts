import assert from 'node:assert/strict'
import { it } from 'node:test'
import { portKeyOf } from './core/port-key.ts'
import { Noise, noisePort, region, type NoiseOptions, type Outage, type Plant } from './testing/noise.ts'
import { firstAt, newest, observe, Remembered, type GivenOne } from './testing/observed.ts'
import { worm } from './worm.ts'

const small: NoiseOptions = { ...region, seed: 5, ports: 60, top_rate: 30, strays: 20, sweeps: 40 }
const DAY = 1440
const PORT = portKeyOf('tcp', 60_123)
const ADDRESSES = 270
const event = (day: number): number => small.start + day * 86_400

interface Outbreak { readonly day: number; readonly hosts: number; readonly pps: number; readonly doubling_h: number; readonly port?: number }
const infected = ({ day, hosts, doubling_h }: Outbreak, second: number): number => {
  if (second < event(day)) return 0
  const grown = 10 * 2 ** ((second - event(day)) / 3600 / doubling_h)
  return (hosts * grown) / (hosts + grown)
}
/** What the addresses see of hosts that send to all of IPv4 at random. */
const outbreak = (of: Outbreak): Plant => (minute, emit, draws) => {
  const hosts = infected(of, minute)
  for (let n = draws.poisson((hosts * of.pps * 60 * ADDRESSES) / 2 ** 32); n > 0; n--) emit(of.port ?? PORT, 0xfb000000 + draws.below(Math.max(1, Math.floor(hosts))) * 97, 1)
}
const run = (days: number, plants: readonly Plant[], missing?: Outage, see?: Remembered['see']): GivenOne[] =>
  observe(new Noise(small, plants, missing).minutes(days * DAY), { detectors: [worm], sensors: 60, ...(see ? { see } : {}) })

it('warns of an outbreak before one in a hundred is infected, with a doubling time that holds the true one', () => {
  const memory = new Remembered()
  const of: Outbreak = { day: 4, hosts: 200_000, pps: 100, doubling_h: 4 }
  const given = run(6, [outbreak(of)], undefined, memory.see)
  const at = firstAt(given, ({ subject }) => subject.port === 60_123)
  assert.ok(at !== undefined && infected(of, at) < of.hosts / 100, `warned with ${at && infected(of, at)} infected`)
  const first = given.find(({ at: when }) => when === at)!.one
  const { doubling_time_low_s, doubling_time_high_s, kalman_rate_per_hour } = first.figures
  assert.ok(doubling_time_low_s! <= 4 * 3600 && doubling_time_high_s! >= 4 * 3600, `${doubling_time_low_s} … ${doubling_time_high_s}`)
  assert.ok(Math.abs(kalman_rate_per_hour! - Math.LN2 / 4) < 0.12, String(kalman_rate_per_hour))
  assert.equal(newest(given).length, 1, 'one event')
  assert.deepEqual(given.map(({ one }) => one.open), [...given.slice(1).map(() => true), false])
  assert.ok(first.severity === 'urgent' && first.crossed.every(({ value, threshold, rule }) => (rule === 'below' ? value < threshold : value >= threshold)))
  for (const { one } of given) memory.check(one)
})

it('sees one that grows on a port that many look for anyway, and a slow one', () => {
  const given = run(8, [
    outbreak({ day: 3, hosts: 200_000, pps: 200, doubling_h: 5, port: noisePort(20) }),
    outbreak({ day: 2.5, hosts: 100_000, pps: 100, doubling_h: 14 }),
  ])
  assert.deepEqual(new Set(newest(given).map(({ subject }) => subject.port)), new Set([1 + 20 * 7919 % 60_000, 60_123]))
})

it('a burst, a new steady level, a daily rhythm, and a rack or a few machines that work ever harder are no worm', () => {
  const steady = (port: number, from: number, to: number, per_bin: number): Plant => (minute, emit, draws) => {
    if (minute >= event(from) && minute < event(to)) for (let n = draws.poisson(per_bin / 10); n > 0; n--) emit(port, 0xfb000000 + draws.below(1 << 20), 1)
  }
  const given = run(8, [
    steady(PORT, 4, 5, 11), steady(PORT + 1, 4.5, 5.5, 60), steady(PORT + 2, 5, 8, 6),
    (minute, emit, draws) => { for (let n = draws.poisson(3 * Math.max(0, Math.sin((2 * Math.PI * minute) / 86_400))); n > 0; n--) emit(PORT + 3, 0xfb000000 + draws.below(1 << 20), 1) },
    (minute, emit, draws) => { for (let n = draws.poisson(minute < event(4) ? 0 : 0.02 * 2 ** ((minute - event(4)) / 14_400)) % 400; n > 0; n--) emit(PORT + 4, 0xfb000000 + draws.below(30), 1) },
    // Six machines far from each other that come ever more often.
    (minute, emit, draws) => { for (let n = draws.poisson(minute < event(4) ? 0 : 0.02 * 2 ** ((minute - event(4)) / 14_400)) % 400; n > 0; n--) emit(PORT + 5, 0xfb000000 + draws.below(6) * 4099, 1) },
  ])
  assert.deepEqual(newest(given, true).map(({ subject }) => subject), [])
})

it('sensors that are missing, come back or join are no growth', () => {
  const missing: Outage = (minute, sensor) => (minute >= event(3.5) && minute < event(3.8) && sensor % 2 === 0) || (sensor >= 30 && minute < event(4 + (sensor - 30) / 40))
  assert.deepEqual(newest(run(6, [], missing), true), [])
})
