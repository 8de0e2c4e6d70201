import type { Question, Store, TimeRange } from '@hirundo/analytics'
import { DAY_S, fail, formatMillis, HOUR_S, MINUTE_S, ok, parseInstant, type Result } from '@hirundo/base'
import type { Research } from '@hirundo/analytics'
import type { Kysely } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import { readFloors, readFreshness } from '../rollups/freshness.ts'
import { askedSensors, type AskedSensor } from './store.ts'

/** What a request says of range, sensors and research scanners. */
export interface Asked {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly sensor?: readonly string[] | undefined
  readonly research?: Research | undefined
}

/** A question that can be put to the store, and whom it is about. */
export interface Scope {
  readonly question: Question
  readonly sensors: readonly AskedSensor[]
  /** Of all sensors of the organisation, by their number. */
  readonly names: ReadonlyMap<number, string>
}

const second = (millis: number) => Math.floor(millis / 1000)

/** The range asked for in whole minutes, `to` exclusive; without bounds the last 24 hours. Problem: `request/invalid`. */
export function rangeOf({ from, to }: Pick<Asked, 'from' | 'to'>, now_ms: number): Result<TimeRange> {
  const end = to === undefined ? ok(Math.ceil(now_ms / 60_000) * 60_000) : parseInstant(to)
  if (!end.ok) return end
  const start = from === undefined ? ok(end.value - DAY_S * 1000) : parseInstant(from)
  if (!start.ok) return start
  const range = {
    from: Math.floor(Math.max(0, second(start.value)) / MINUTE_S) * MINUTE_S,
    to: Math.ceil(second(end.value) / MINUTE_S) * MINUTE_S,
  }
  return range.from < range.to ? ok(range) : fail('request/invalid', { what: 'range', from: formatMillis(start.value), to: formatMillis(end.value) })
}

/** The sensors of these names; without names all. Problem: `sensor/not-found`. */
export function chosen(all: readonly AskedSensor[], names: readonly string[] | undefined): Result<readonly AskedSensor[]> {
  if (!names || names.length === 0) return ok(all)
  const unknown = names.find((name) => !all.some((sensor) => sensor.name === name))
  if (unknown !== undefined) return fail('sensor/not-found', { name: unknown.slice(0, 64) })
  return ok(all.filter(({ name }) => names.includes(name)))
}

/** Problem: `request/invalid` (range, or a sensor that the organisation does not have). */
export async function scopeOf(
  { db, world }: Pick<Platform, 'db' | 'world'>, actor: Pick<Actor, 'organisation_id'>, asked: Asked, range?: TimeRange,
): Promise<Result<Scope>> {
  const wanted = range ? ok(range) : rangeOf(asked, world.now())
  if (!wanted.ok) return wanted
  const all = await askedSensors(db, actor.organisation_id)
  const sensors = chosen(all, asked.sensor)
  if (!sensors.ok) return sensors
  const kept = await keptRange(db, wanted.value)
  const question = await questionOf(db, actor, kept, asked, sensors.value.length < all.length ? sensors.value : undefined)
  return ok({ question, sensors: sensors.value, names: new Map(all.map(({ id, name }) => [id, name])) })
}

/** The period before has the same length, and is looked at for the previous ranks. */
const withPrevious = ({ from, to }: TimeRange): TimeRange => ({ from: Math.max(0, 2 * from - to), to })

/** The range widened to whole hours or days where nothing finer is kept of it or of the period before. */
async function keptRange(db: Kysely<unknown>, range: TimeRange): Promise<TimeRange> {
  const { from } = withPrevious(range)
  const { raw_from, hours_from } = await readFloors(db)
  const unit = from < hours_from ? DAY_S : from < raw_from ? HOUR_S : MINUTE_S
  return { from: Math.floor(range.from / unit) * unit, to: Math.ceil(range.to / unit) * unit }
}

async function questionOf(
  db: Kysely<unknown>, actor: Pick<Actor, 'organisation_id'>, range: TimeRange, asked: Asked, only: readonly AskedSensor[] | undefined,
): Promise<Question> {
  const fresh = await readFreshness(db, withPrevious(range))
  return {
    ...range, organisation: actor.organisation_id, research: asked.research ?? 'include', fresh,
    ...(only ? { sensors: only.map(({ id }) => id) } : {}),
  }
}

/** What stands beside every figure, and what each sensor watched. */
export interface Watched {
  readonly coverage: { readonly sensors_live: number; readonly sensors_total: number; readonly sensor_equivalents: number; readonly watched_s: number; readonly dropped: number }
  readonly simulated: boolean
  readonly by_sensor: Awaited<ReturnType<Store['coverage']>>
}

/** Whether a sensor was to watch at some time of the range. */
export const inService = (sensor: Pick<AskedSensor, 'kind' | 'approved_at' | 'revoked_at'>, { from, to }: TimeRange): boolean =>
  sensor.kind === 'live' && second(sensor.approved_at!.getTime()) < to && (!sensor.revoked_at || second(sensor.revoked_at.getTime()) > from)

/** Sensors count as asked when they were in service in the range, or watched in it (history of an import). */
export async function watchedBy(analytics: Pick<Store, 'coverage'>, { question, sensors }: Scope): Promise<Watched> {
  const by_sensor = await analytics.coverage(question)
  const live = new Set(by_sensor.filter(({ observed_s }) => observed_s > 0).map(({ sensor }) => sensor))
  const counted = sensors.filter((sensor) => live.has(sensor.id) || inService(sensor, question))
  const observed_s = by_sensor.reduce((sum, one) => sum + one.observed_s, 0)
  // Over the time of the sensor that watched longest, not over the range: a mean must not be blown up by the months
  // before the first sensor came.
  const longest_s = by_sensor.reduce((longest, one) => Math.max(longest, one.observed_s), 0)
  return {
    coverage: {
      sensors_live: counted.filter(({ id }) => live.has(id)).length,
      sensors_total: counted.length,
      sensor_equivalents: longest_s > 0 ? observed_s / longest_s : 0,
      watched_s: Math.round(longest_s),
      dropped: by_sensor.reduce((sum, one) => sum + one.dropped, 0),
    },
    simulated: counted.some(({ simulated }) => simulated),
    by_sensor,
  }
}

/** Packets divided by the sensors that watched, on average over the time watched; null where none did. */
export const perSensor = (packets: number, sensor_equivalents: number): number | null =>
  sensor_equivalents > 0 ? Math.round((packets / sensor_equivalents) * 1000) / 1000 : null
