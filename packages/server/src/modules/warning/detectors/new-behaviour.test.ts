import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Heard } from './core/slice.ts'
import { portKeyOf } from './core/port-key.ts'
import type { Detection } from './model.ts'
import { newBehaviour } from './new-behaviour.ts'
import { Noise, region, type NoiseOptions, type Plant } from './testing/noise.ts'
import { firstAt, newest, observe, Remembered, type GivenOne } from './testing/observed.ts'
import { sliceOf, type TestFlow } from './testing/slices.ts'

const small: NoiseOptions = { ...region, seed: 9, ports: 40, top_rate: 20, strays: 30, sweeps: 60 }
const DAY = 1440
const PORT = portKeyOf('tcp', 60_123)
const event = (day: number): number => small.start + day * 86_400
const parameters = { new: { port: { ...newBehaviour.defaults.port, days_known_min: 3 }, string: { ...newBehaviour.defaults.string, days_known_min: 3 } } }
const run = (days: number, plants: readonly Plant[], see?: Remembered['see']): GivenOne[] =>
  observe(new Noise(small, plants).minutes(days * DAY), { detectors: [newBehaviour], parameters, sensors: 60, ...(see ? { see } : {}) })
/** Each of so many sources comes so often a day. */
const tried = (port: number, day: number, days: number, sources: number, visits: number, source: (i: number) => number = (i) => 0xfb000000 + i * 4099): Plant => (minute, emit, draws) => {
  if (minute >= event(day) && minute < event(day + days)) for (let n = draws.poisson((sources * visits) / 1440); n > 0; n--) emit(port, source(draws.below(sources)), 1)
}

it('tells a port on which something spreads, within hours and with numbers that come out again', () => {
  const memory = new Remembered()
  const given = run(6, [tried(PORT, 4.1, 1.5, 30, 3)], memory.see)
  const found = newest(given)
  assert.deepEqual(found.map(({ subject }) => subject), [{ protocol: 'tcp', port: 60_123, novelty: 'port' }])
  assert.ok(firstAt(given, () => true)! - event(4.1) < 5 * 3600)
  assert.ok(given.every(({ one }) => one.start === found[0]!.start && one.crossed.every(({ value, threshold }) => value >= threshold)))
  assert.deepEqual(given.map(({ one }) => one.open), [...given.slice(1).map(() => true), false])
  for (const { one } of given) memory.check(one)
})

it('says nothing before the days are known, and nothing of what was known then', () => {
  assert.deepEqual(newest(run(5, [tried(PORT, 1.2, 1, 30, 3), tried(PORT, 3.5, 1, 30, 3), tried(PORT + 1, 0.5, 4.5, 40, 1)]), true), [])
})

it('a few regulars, one machine, a rack, a sweep, one sensor and research scanners are no spread', () => {
  assert.deepEqual(newest(run(6, [
    tried(PORT, 4, 2, 4, 12),
    tried(PORT + 1, 4, 1, 1, 400),
    tried(PORT + 2, 4, 1, 32, 10, (i) => 0xfb000000 + i),
    // Twenty machines that each try 400 quiet ports.
    (minute, emit, draws) => { if (minute >= event(4) && minute < event(5)) for (let n = draws.poisson(10); n > 0; n--) emit(portKeyOf('tcp', 50_000 + draws.below(400)), 0xfa000000 + draws.below(20) * 4099, 1) },
    (minute, emit, draws) => { if (minute >= event(4) && minute < event(5)) for (let n = draws.poisson(1); n > 0; n--) emit(PORT + 3, 0xfb000000 + draws.below(300) * 4099, 1, { sensor: 3 }) },
    (minute, emit, draws) => { if (minute >= event(4) && minute < event(5)) for (let n = draws.poisson(1); n > 0; n--) emit(PORT + 4, 0xfb000000 + draws.below(300) * 4099, 1, { research: true }) },
  ]), true), [])
})

const heardAt = (at: number, source: number, sensor: number, more: Partial<Heard>): Heard => ({
  at, sensor, source, src_port: 1, port: portKeyOf('tcp', 23), handshake: 'dialogue', protocol: 'telnet', requests: 1, bytes_in: 1, bytes_out: 1, payload_sha256: '', ja4: '',
  credentials: [], urls: [], research: false, economy: 0, asn: 0, ...more,
})
const START = small.start
/** One slice an hour for some days; `say`: what is heard in an hour since the start. */
const hours = (days: number, say: (hour: number) => readonly Heard[]) =>
  Array.from({ length: days * 24 }, (_, hour) => sliceOf(START + hour * 3600, [], { heard: say(hour) }))
const stringsOf = (given: readonly GivenOne[]): Detection['subject'][] => newest(given, true).map(({ subject }) => subject)
const listen = (days: number, say: (hour: number) => readonly Heard[]): GivenOne[] => observe(hours(days, say), { detectors: [newBehaviour], parameters, sensors: 3 })
const usual = (hour: number): Heard[] => [heardAt(START + hour * 3600, 1000 + hour * 512, 1 + (hour % 3), { credentials: ['root\nroot'], payload_sha256: 'aa', urls: ['/'] })]

it('tells payloads, JA4s, credentials and URLs that spread, each once, and not the usual ones', () => {
  const given = listen(7, (hour) => [...usual(hour), ...(hour < 100 ? [] : [heardAt(START + hour * 3600, 9_000_000 + hour * 512, 1 + (hour % 3), { credentials: ['root\nnew'], payload_sha256: 'bb', ja4: 't13d', urls: ['/new'] })])])
  assert.deepEqual(stringsOf(given).map(({ novelty, value }) => `${novelty} ${value}`).toSorted(), ['credential root\nnew', 'ja4 t13d', 'payload bb', 'url /new'])
  for (const { one } of given) assert.ok(one.figures.sources! >= 8 && one.crossed.every(({ value, threshold }) => value >= threshold))
  // Evidence counts the interactions of its port that began in its hours: one of each kind an hour.
  const of = given.at(-1)!.one.evidence[0]!
  assert.deepEqual([of.query.of, of.packets], ['interactions', 2 * ((Date.parse(of.query.to) - Date.parse(of.query.from)) / 3_600_000)])
})

it('one source, neighbours, one sensor of many and research scanners spread nothing', () => {
  assert.deepEqual(stringsOf(listen(7, (hour) => [...usual(hour), ...(hour < 100 ? [] : [
    heardAt(START + hour * 3600, 5, 1, { credentials: ['a\na'] }), heardAt(START + hour * 3600, 2048 + (hour % 200), 2, { credentials: ['b\nb'] }),
    heardAt(START + hour * 3600, 9_000_000 + hour * 512, 3, { credentials: ['c\nc'], research: true }),
  ])])), [])
})

it('a flood of unique strings is shed and counted, and pushes out nothing that is known', () => {
  const bounds = { new: { ...parameters.new, string: { ...parameters.new.string, singles_max: 500, candidates_max: 20, known_max: 50, strings_per_source_max: 10 } } }
  let unique = 0
  const flood = (hour: number): Heard[] => Array.from({ length: 400 }, () => heardAt(START + hour * 3600, unique * 512, 1, { payload_sha256: `flood ${unique++}` }))
  const one_source = (hour: number): Heard[] => Array.from({ length: 100 }, (_, i) => heardAt(START + hour * 3600, 77, 1, { payload_sha256: `mine ${hour} ${i}` }))
  const slices = hours(6, (hour) => [...usual(hour), ...(hour < 90 ? [] : [...flood(hour), ...one_source(hour)])])
  const run = newBehaviour.start({ ...newBehaviour.defaults, ...bounds.new }, { addresses: 1, sensors: 3, own: { economies: [], asns: [], networks: [] } })
  const found = slices.flatMap((slice) => {
    const given = [...run.minute!(slice)]
    const day = { start: slice.minute - (slice.minute % 86_400), step_s: 86_400, sensor_equivalents: 3, sensors: 3, exact: true, ports: new Map(), sourcesOf: () => [] }
    return (slice.minute + 3600) % 86_400 === 0 ? [...given, ...run.day!(day)] : given
  })
  assert.deepEqual(found, [])
  assert.ok(run.shed['strings']! > 10_000 && run.shed['strings_of_one_source']! > 4_000, JSON.stringify(run.shed))
  const { strings } = run.save() as { strings: { singles: unknown[][]; candidates: unknown[]; known: unknown[] } }
  assert.ok(strings.singles.every((one) => one.length <= 500) && strings.candidates.length <= 20 && strings.known.length <= 50)
})

it('goes on when more ports are new at once than can be followed, and tells a port that comes after them', () => {
  const memory = new Remembered()
  const from = 4 * 24
  let made = 0
  /** So many made-up networks come to a port, each to one port only. */
  const comeTo = (port: number, networks: number): TestFlow[] => Array.from({ length: networks }, () => ({ source: 0x64000000 + made++ * 256, port, sensor: made % 10 }))
  const flood = Array.from({ length: 40 }, (_, i) => comeTo(40_000 + i, 20)).flat()
  const watched = Array.from({ length: 10 }, (_, sensor) => ({ sensor, observed_s: 60 }))
  const slices = Array.from({ length: from + 24 }, (_, hour) => sliceOf(
    START + hour * 3600, [...comeTo(23, 20), ...(hour === from ? flood : []), ...(hour === from + 2 ? comeTo(8291, 30) : []), ...(hour === from + 3 ? comeTo(8292, 9) : [])], { watched },
  ))
  const bounds = { new: { ...parameters.new, followed_max: 8, raised_per_hour_max: 2 } }
  const given = observe(slices, { detectors: [newBehaviour], parameters: bounds, sensors: 10, see: memory.see })
  const ports = (severity: string) => new Set(newest(given, true).filter((one) => one.severity === severity).map(({ subject }) => subject.port))
  assert.deepEqual([ports('notice').has(8291), ports('notice').has(8292), ports('record').size], [true, true, 6])
  assert.deepEqual(newest(given, true).filter(({ open }) => open), [], 'what had to make room is over')
  for (const { one } of given) memory.check(one)
})

it('takes the place of a record to which fewer came, and counts what found none', () => {
  const run = newBehaviour.start({ ...newBehaviour.defaults, ...parameters.new, followed_max: 3, raised_per_hour_max: 0 }, { addresses: 1, sensors: 10, own: { economies: [], asns: [], networks: [] } })
  const watched = Array.from({ length: 10 }, (_, sensor) => ({ sensor, observed_s: 60 }))
  const days = Array.from({ length: 4 }, (_, day) => ({ start: START + day * 86_400, step_s: 86_400, sensor_equivalents: 10, sensors: 10, exact: true, ports: new Map(), sourcesOf: () => [] }))
  for (const day of days) run.day!(day)
  let made = 0
  const came = (minute: number, networks: readonly number[]) => run.minute!(sliceOf(START + 4 * 86_400 + 60 * minute, networks.flatMap((many, i) =>
    Array.from({ length: many }, () => ({ source: 0x64000000 + made++ * 256, port: 100 * minute + i, sensor: made % 10 }))), { watched }))
  const told = (minute: number, networks: readonly number[]) => came(minute, networks).map(({ subject, open }) => [subject.port, open])
  assert.deepEqual(told(1, [20, 40, 30, 25]), [[101, true], [102, true], [103, true]], 'those to which most came')
  assert.deepEqual(told(2, [24, 26]), [[103, false], [201, true]])
  assert.equal(run.shed['followed'], 3)
})
