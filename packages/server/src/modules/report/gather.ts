import { formatSeconds, ok, type Result } from '@hirundo/base'
import type { CallOutput, coverageAnswer, QuarterReport, ReportSensor, TopEntry, topAnswer } from '@hirundo/contract'
import type { Actor } from '../../platform/module.ts'
import type { ObservatoryAnswers } from '../observatory/index.ts'
import { eachInTurns, inTurns } from './in-turns.ts'
import type { Period, Reported } from './quarter.ts'
import { drawnOf, longestSilence, moversOf, perDay, pointsOf, rankedOf, RANKS_BEFORE, RANKS_LOOKED_AT, sensorDays, type Compared, type Drawn } from './rates.ts'

/** What the report says in no language: everything but its sentences. */
export type QuarterFacts = Omit<QuarterReport, 'title' | 'summary' | 'language' | 'written_at' | 'organisation'>

/** Questions at a time: a report must not keep the observatory from answering readers. */
const AT_ONCE = 2
const SENSORS_MAX = 50
const SERVICES = 5
const ECONOMIES = 10
const ECONOMY_LINES = 5
const ALL = 1000
const DAY_S = 86_400

type Coverage = CallOutput<typeof coverageAnswer>
type Top = CallOutput<typeof topAnswer>

interface Asking {
  readonly answers: ObservatoryAnswers
  readonly actor: Actor
  readonly reported: Reported
}

const asked = ({ from, to }: Period) => ({ from: formatSeconds(from), to: formatSeconds(to) })
const sum = (rows: readonly TopEntry[]): number => rows.reduce((total, { packets }) => total + packets, 0)

/** What the whole is made of. Ranks of the quarter before are asked for it alone: quarters differ in length. */
const wholes = ({ answers, actor, reported: { now, before } }: Asking) => inTurns({
  coverage: () => answers.coverage(actor, asked(now)),
  coverage_before: () => answers.coverage(actor, asked(before)),
  days: () => answers.series(actor, { ...asked(now), step: DAY_S }),
  protocols: () => answers.top(actor, 'protocols', { ...asked(now), limit: ALL }),
  protocols_before: () => answers.top(actor, 'protocols', { ...asked(before), limit: ALL }),
  researched: () => answers.top(actor, 'protocols', { ...asked(now), limit: ALL, research: 'only' }),
  ports: () => answers.top(actor, 'ports', { ...asked(now), limit: RANKS_LOOKED_AT }),
  ports_before: () => answers.top(actor, 'ports', { ...asked(before), limit: RANKS_BEFORE }),
  ports_without_research: () => answers.top(actor, 'ports', { ...asked(now), limit: RANKS_LOOKED_AT, research: 'exclude' }),
  economies: () => answers.top(actor, 'economies', { ...asked(now), limit: ALL }),
  economies_before: () => answers.top(actor, 'economies', { ...asked(before), limit: ALL }),
  sensors: () => answers.top(actor, 'sensors', { ...asked(now), limit: ALL }),
  sensors_before: () => answers.top(actor, 'sensors', { ...asked(before), limit: ALL }),
}, AT_ONCE)
type Wholes = Extract<Awaited<ReturnType<typeof wholes>>, { ok: true }>['value']

async function lines({ answers, actor, reported: { now: { to } } }: Asking, { from, step_s }: Drawn, dimension: 'port' | 'economy', keys: readonly string[]) {
  const found = await eachInTurns(keys, AT_ONCE, (key) => answers.series(actor, { ...asked({ from, to }), step: step_s, dimension, key }))
  return found.ok ? ok(new Map(keys.map((key, i) => [key, pointsOf(found.value[i]!.data.points, to, step_s)]))) : found
}

/** All packets over time, as fine as the figures draw them. */
async function total({ answers, actor, reported: { now: { to } } }: Asking, { from, step_s }: Drawn) {
  const found = await answers.series(actor, { ...asked({ from, to }), step: step_s })
  return found.ok ? ok(pointsOf(found.value.data.points, to, step_s)) : found
}

interface SensorPast { readonly ports: Top, readonly live: readonly boolean[] }

/** What one sensor saw most, and on which whole days it watched. */
const pastOf = ({ answers, actor, reported: { now } }: Asking) => async (name: string): Promise<Result<SensorPast>> => {
  const found = await inTurns({
    ports: () => answers.top(actor, 'ports', { ...asked(now), sensor: [name], limit: 10 }),
    days: () => answers.series(actor, { ...asked(now), sensor: [name], step: DAY_S }),
  }, 1)
  if (!found.ok) return found
  const whole = found.value.days.data.points.filter(({ at }) => Date.parse(at) / 1000 + DAY_S <= now.to)
  return ok({ ports: found.value.ports, live: whole.map(({ live_sensors }) => live_sensors > 0) })
}

function sensorOf(row: Coverage['data'][number], packets: number, before: number | null, past: SensorPast): ReportSensor {
  return {
    sensor: row.sensor, simulated: row.simulated, packets, packets_per_day: perDay(packets, row.observed_s / DAY_S), previous_packets_per_day: before,
    observed_share: row.observed_share, dropped: row.dropped, gap_batches: row.gap_batches,
    top_ports: past.ports.data.map(({ key, service }) => ({ key, service: service ?? null })),
  }
}

/** Packets per day of watching in the quarter before, by sensor. */
function meansBefore({ coverage_before, sensors_before }: Wholes): ReadonlyMap<string, number | null> {
  const packets = new Map(sensors_before.data.map((row) => [row.key, row.packets]))
  return new Map(coverage_before.data.map(({ sensor, observed_s }) => [sensor, perDay(packets.get(sensor) ?? 0, observed_s / DAY_S)]))
}

async function sensorsOf(asking: Asking, whole: Wholes) {
  const { coverage, coverage_before, sensors } = whole
  const { from } = asking.reported.now
  const packets = new Map(sensors.data.map((row) => [row.key, row.packets]))
  const had = new Map(coverage_before.data.map((row) => [row.sensor, row.observed_s > 0]))
  const watched = coverage.data.filter((row) => row.observed_s > 0 || (packets.get(row.sensor) ?? 0) > 0 || had.get(row.sensor))
    .toSorted((a, b) => (packets.get(b.sensor) ?? 0) - (packets.get(a.sensor) ?? 0))
  const listed = watched.slice(0, SENSORS_MAX).toSorted((a, b) => (a.sensor < b.sensor ? -1 : 1))
  const means = meansBefore(whole)
  const pasts = await eachInTurns(listed.map(({ sensor }) => sensor), AT_ONCE, pastOf(asking))
  if (!pasts.ok) return pasts
  const silences = listed.flatMap(({ sensor }, i) => {
    const silence = longestSilence(pasts.value[i]!.live, had.get(sensor) ?? false)
    if (!silence) return []
    const begin = from + silence.first * DAY_S
    return [{ sensor, from: formatSeconds(begin), to: formatSeconds(begin + silence.days * DAY_S), days: silence.days }]
  })
  return ok({
    sensors: listed.map((row, i) => sensorOf(row, packets.get(row.sensor) ?? 0, means.get(row.sensor) ?? null, pasts.value[i]!)),
    sensors_left_out: watched.length - listed.length,
    silences: silences.toSorted((a, b) => b.days - a.days),
  })
}

function headOf({ reported: { quarter, now, before, complete } }: Asking, whole: Wholes, { step_s }: Drawn) {
  const packets = sum(whole.protocols.data)
  return {
    ...quarter, ...asked(now), complete, step_s,
    previous_from: formatSeconds(before.from), previous_to: formatSeconds(before.to),
    coverage: whole.coverage.coverage, previous_coverage: whole.coverage_before.coverage,
    simulated: whole.coverage.simulated || whole.ports.simulated || whole.coverage_before.simulated,
    research: 'include' as const,
    research_share: packets > 0 ? Math.min(1, sum(whole.researched.data) / packets) : null,
    tables_as_of: whole.economies.tables_as_of, note: 'location-of-address-not-of-actor' as const,
    sources_error: whole.ports.method.sources_error,
    packets,
    packets_per_sensor_day: perDay(packets, sensorDays(whole.coverage.data)),
    previous_packets_per_sensor_day: perDay(sum(whole.protocols_before.data), sensorDays(whole.coverage_before.data)),
  }
}

/** Everything that a report of the quarter tells, by bounded questions put two at a time. Problems: those of the questions. */
export async function gather(answers: ObservatoryAnswers, actor: Actor, reported: Reported): Promise<Result<QuarterFacts>> {
  const asking = { answers, actor, reported }
  const found = await wholes(asking)
  if (!found.ok) return found
  const whole = found.value
  const [services, economies] = [whole.ports.data.slice(0, SERVICES), whole.economies.data.slice(0, ECONOMIES)]
  const drawn = drawnOf(whole.days.data.points, reported.now)
  const parts = await inTurns({
    total: () => total(asking, drawn),
    ports: () => lines(asking, drawn, 'port', services.map(({ key }) => key)),
    economies: () => lines(asking, drawn, 'economy', economies.slice(0, ECONOMY_LINES).map(({ key }) => key)),
    sensors: () => sensorsOf(asking, whole),
  }, 1)
  if (!parts.ok) return parts
  const head = headOf(asking, whole, drawn)
  const days = { days: sensorDays(whole.coverage.data), days_before: sensorDays(whole.coverage_before.data) }
  const byPort: Compared = { now: whole.ports.data, before: whole.ports_before.data, ...days }
  const byEconomy: Compared = { now: whole.economies.data, before: whole.economies_before.data, ...days }
  const without = new Map(whole.ports_without_research.data.map(({ key, rank }) => [key, rank]))
  return ok({
    ...head, ...moversOf(byPort), ...parts.value.sensors, series: parts.value.total,
    services: services.map((entry) => ({
      ...rankedOf(entry, byPort), service: entry.service ?? null, rank_without_research: without.get(entry.key) ?? null,
      series: parts.value.ports.get(entry.key) ?? [],
    })),
    economies: economies.map((entry) => ({
      ...rankedOf(entry, byEconomy), share: head.packets > 0 ? Math.min(1, entry.packets / head.packets) : 0,
      series: parts.value.economies.get(entry.key) ?? [],
    })),
    economy_packets: whole.economies.data.map(({ key, packets }) => ({ economy: key, packets })),
  })
}
