import type { Dimension, SeriesPoint, Store, TimeRange, TopRow } from '@hirundo/analytics'
import { formatMillis, formatSeconds, MINUTE_S, unwrap } from '@hirundo/base'
import type { LiveOverview, LiveSensor } from '@hirundo/contract'
import type { Platform } from '../../../platform/module.ts'
import { withoutOwnDecoys } from '../answers/decoys.ts'
import { keyFields, type Names } from '../answers/keys.ts'
import { perSensor, scopeOf, watchedBy, type Scope, type Watched } from '../answers/scope.ts'
import { isLive } from '../sensors/view.ts'
import { liveSensorRows, type LiveSensorRow } from './store.ts'
import { climbersOf, LATE_S, newestWhole, RANKS_LOOKED_AT, STRIP_MINUTES, windowOf } from './window.ts'

export type Tools = Pick<Platform, 'db' | 'world' | 'analytics'>
type Minutes = Awaited<ReturnType<Store['sensorMinutes']>>

const PORTS = 10
const ECONOMIES = 8
const SOURCES = 5
const sensors_max = 200

/** What the analytics store says: the same until something new is queryable, or the window moves. */
interface Observed {
  readonly scope: Scope
  readonly newest: number | undefined
  /** Newest minute that came whole. */
  readonly whole: number | undefined
  readonly minutes: Minutes
  /** Newest minute of each sensor, of both hours. */
  readonly last: ReadonlyMap<number, number>
  readonly part: Omit<LiveOverview, 'at' | 'generation' | 'lag_s' | 'sensors' | 'sensors_total' | 'sensors_pending'>
}

function entries(dimension: Dimension, rows: readonly TopRow[], names: Names, watched: Watched) {
  return rows.map(({ key, rank, previous_rank, packets, sources, bytes }) => ({
    rank, previous_rank, ...keyFields(dimension, key, names), packets, sources, bytes,
    packets_per_sensor: perSensor(packets, watched.coverage.sensor_equivalents),
  }))
}

const minuteOf = ({ at, packets, sources, live_sensors, sensor_equivalents }: SeriesPoint): LiveOverview['minutes'][number] => {
  const hole = live_sensors === 0 && packets === 0
  return {
    at: formatSeconds(at), packets: hole ? null : packets, sources: hole ? null : sources, live_sensors,
    packets_per_sensor: perSensor(packets, sensor_equivalents),
  }
}

const previousOf = ({ question }: Scope, watched: Watched, packets: number): LiveOverview['previous'] =>
  watched.coverage.sensors_live === 0 ? null : {
    from: formatSeconds(question.from), to: formatSeconds(question.to), coverage: watched.coverage, packets,
    packets_per_sensor: perSensor(packets, watched.coverage.sensor_equivalents),
  }

/** Newest minute of each sensor in what is looked at. */
function lastMinutes(minutes: Minutes, ...periods: readonly Watched[]): ReadonlyMap<number, number> {
  const last = new Map<number, number>()
  const see = (sensor: number, at: number) => last.set(sensor, Math.max(at, last.get(sensor) ?? 0))
  for (const { sensor, at } of minutes) see(sensor, at)
  for (const { by_sensor } of periods) for (const { sensor, last_minute } of by_sensor) see(sensor, last_minute)
  return last
}

const newestOf = (last: ReadonlyMap<number, number>): number | undefined => (last.size === 0 ? undefined : Math.max(...last.values()))

/** Newest minutes of all sensors, from a little more than the strip shows, so that the window can end before now. */
async function recentMinutes(tools: Tools, organisation_id: number): Promise<Minutes> {
  const to = Math.floor(tools.world.now() / 60_000) * MINUTE_S
  const range = { from: to - STRIP_MINUTES * MINUTE_S - LATE_S, to }
  const scope = unwrap(await scopeOf(tools, { organisation_id }, {}, range))
  return tools.analytics.sensorMinutes(scope.question)
}

/** One after the other where it can be: people's questions must not wait behind a document that makes itself. */
async function observe(tools: Tools, organisation_id: number): Promise<Observed> {
  const { analytics } = await withoutOwnDecoys(tools, organisation_id)
  const minutes = await recentMinutes(tools, organisation_id)
  const whole = newestWhole(minutes)
  const range = windowOf(tools.world.now(), whole)
  const before: TimeRange = { from: 2 * range.from - range.to, to: range.from }
  const [scope, base] = (await Promise.all([range, before].map((one) => scopeOf(tools, { organisation_id }, {}, one)))).map(unwrap) as [Scope, Scope]
  const { question } = scope
  const [watched, watched_before] = await Promise.all([watchedBy(analytics, scope), watchedBy(analytics, base)])
  const [points, total] = await Promise.all([analytics.series('total', null, question, MINUTE_S), analytics.total(question)])
  const [research, total_before] = await Promise.all([analytics.total({ ...question, research: 'only' }), analytics.total(base.question)])
  const ports = await analytics.top('port', question, RANKS_LOOKED_AT)
  const economies = await analytics.top('economy', question, ECONOMIES)
  const sources = await analytics.top('source', question, SOURCES)
  const names: Names = { sensors: scope.names, as_names: new Map() }
  const last = lastMinutes(minutes, watched, watched_before)
  const newest = newestOf(last)
  const previous = previousOf(base, watched_before, total_before.packets)
  return {
    scope, newest, whole, minutes, last,
    part: {
      from: formatSeconds(range.from), to: formatSeconds(range.to), newest_minute: newest === undefined ? null : formatSeconds(newest),
      coverage: watched.coverage, simulated: watched.simulated, tables_as_of: await analytics.networksAsOf(), note: 'location-of-address-not-of-actor',
      packets: total.packets, sources: total.sources, packets_per_sensor: perSensor(total.packets, watched.coverage.sensor_equivalents),
      research: { packets: research.packets, sources: research.sources },
      previous,
      minutes: points.map(minuteOf),
      ports: entries('port', ports.slice(0, PORTS), names, watched),
      economies: entries('economy', economies, names, watched),
      sources_top: entries('source', sources, names, watched),
      // Without an hour before everything would be new.
      climbers: previous === null ? [] : entries('port', climbersOf(ports), names, watched),
    },
  }
}

function strip(minutes: Minutes, to: number): (number | null)[] {
  const packets = new Map(minutes.map((one) => [one.at, one.observed_s > 0 || one.packets > 0 ? one.packets : null]))
  return Array.from({ length: STRIP_MINUTES }, (_, i) => packets.get(to - (STRIP_MINUTES - i) * MINUTE_S) ?? null)
}

function sensorsOf(rows: readonly LiveSensorRow[], { scope, minutes, last: newest }: Observed, now_ms: number, live_within_ms: number): LiveSensor[] {
  const byId = Map.groupBy(minutes, ({ sensor }) => sensor)
  return rows.slice(0, sensors_max).map((row) => {
    const last = newest.get(row.id)
    return {
      id: row.uuid, name: row.name, live: isLive(row, now_ms, live_within_ms), simulated: row.simulated,
      last_seen_at: row.last_seen_at === null ? null : row.last_seen_at.toISOString(),
      last_minute: last === undefined ? null : formatSeconds(last),
      packets: strip(byId.get(row.id) ?? [], scope.question.to),
      spool_batches: row.spool_batches, gap_batches: row.gap_batches,
    }
  })
}

/** Makes the overview of one organisation again and again, asking the analytics store only when it has something new. */
export class OverviewMaker {
  readonly #tools: Tools
  readonly #organisation_id: number
  readonly #live_within_ms: number
  #observed: Observed | undefined
  #generation = 0

  constructor(tools: Tools, organisation_id: number, live_within_ms: number) {
    this.#tools = tools
    this.#organisation_id = organisation_id
    this.#live_within_ms = live_within_ms
  }

  /** Rejects with StoreError when the store does not answer. */
  async make(data: boolean): Promise<LiveOverview> {
    const observed = data || !this.#observed || this.#moved(this.#observed) ? await observe(this.#tools, this.#organisation_id) : this.#observed
    this.#observed = observed
    const rows = await liveSensorRows(this.#tools.db, this.#organisation_id)
    const approved = rows.filter(({ state }) => state === 'approved')
    const now = this.#tools.world.now()
    return {
      at: formatMillis(now), generation: ++this.#generation, ...observed.part,
      lag_s: observed.newest === undefined ? null : Math.max(0, Math.floor(now / 1000) - observed.newest - MINUTE_S),
      sensors: sensorsOf(approved, observed, now, this.#live_within_ms), sensors_total: approved.length,
      sensors_pending: rows.length - approved.length,
    }
  }

  #moved({ scope, whole }: Observed): boolean {
    return windowOf(this.#tools.world.now(), whole).to !== scope.question.to
  }
}
