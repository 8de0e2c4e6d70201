import type { Dimension, TimeRange } from '@hirundo/analytics'
import { fail, formatSeconds, ok, parseAddress, specialPurposeOf, unwrap, type Result } from '@hirundo/base'
import type { Input, Output, TopDimension } from '@hirundo/contract'
import type * as contract from '@hirundo/contract'
import type { Actor, Platform } from '../../../platform/module.ts'
import { envelope } from './envelope.ts'
import { isLocation, keyFields, storeDimension, storeKey, type Names } from './keys.ts'
import { perSensor, scopeOf, watchedBy, type Asked, type Scope } from './scope.ts'
import { watchedSteps } from './watched-steps.ts'
import { asNames } from './store.ts'

export type Tools = Pick<Platform, 'db' | 'world' | 'analytics'>
type Answer<R> = Promise<Result<Output<R>>>

const LIMIT_DEFAULT = 10
const MATRIX_PORTS_DEFAULT = 20
const maybe = (second: number | null): string | null => (second === null ? null : formatSeconds(second))

async function namesFor({ db }: Tools, scope: Scope, dimension: Dimension, keys: readonly string[]): Promise<Names> {
  return { sensors: scope.names, as_names: dimension === 'asn' ? await asNames(db, keys.map(Number)) : new Map() }
}

/** Most packets first. Problems of `scopeOf`; throws StoreError. */
export async function top(tools: Tools, actor: Actor, name: TopDimension, asked: Asked & { limit?: number | undefined }): Answer<typeof contract.topAnswer> {
  const scope = await scopeOf(tools, actor, asked)
  if (!scope.ok) return scope
  const { analytics } = tools
  const dimension = storeDimension[name]
  const [rows, watched, as_of] = await Promise.all([
    analytics.top(dimension, scope.value.question, asked.limit ?? LIMIT_DEFAULT), watchedBy(analytics, scope.value), analytics.networksAsOf(),
  ])
  const names = await namesFor(tools, scope.value, dimension, rows.map(({ key }) => key))
  return ok(envelope(scope.value, watched, as_of, isLocation(dimension), rows.map(({ key, rank, previous_rank, packets, sources, bytes }) => ({
    rank, previous_rank, ...keyFields(dimension, key, names), packets, sources, bytes,
    packets_per_sensor: perSensor(packets, watched.coverage.sensor_equivalents),
  }))))
}

const POINTS_WANTED = 300
const steps = [60, 300, 600, 1800, 3600, 10_800, 21_600, 86_400] as const
/** Seconds of a bin, so that a range has about as many as a chart shows. */
export const stepFor = ({ from, to }: TimeRange): number => steps.find((step) => (to - from) / step <= POINTS_WANTED) ?? 86_400

/** Counts over time. Problems: those of `scopeOf`, `request/invalid` (step or key). */
export async function series(tools: Tools, actor: Actor, query: Input<typeof contract.seriesAnswer>['query']): Answer<typeof contract.seriesAnswer> {
  const scope = await scopeOf(tools, actor, query)
  if (!scope.ok) return scope
  const { question } = scope.value
  const dimension = query.dimension ?? 'total'
  if ((query.key === undefined) !== (dimension === 'total')) return fail('request/invalid', { what: 'key', dimension })
  const step_s = query.step ?? stepFor(question)
  if (86_400 % step_s !== 0 || step_s % 60 !== 0) return fail('request/invalid', { what: 'step', value: step_s })
  const key = dimension === 'total' ? ok(null) : storeKey(dimension, query.key!, { sensors: scope.value.names, as_names: new Map() })
  if (!key.ok) return key
  const [points, watched, as_of] = await Promise.all([
    tools.analytics.series(dimension, key.value, question, step_s), watchedBy(tools.analytics, scope.value), tools.analytics.networksAsOf(),
  ])
  return ok(envelope(scope.value, watched, as_of, isLocation(dimension), {
    dimension, key: query.key ?? null, step_s,
    points: points.map((point) => {
      // Nobody watched and nothing came: unknown, not zero. What was counted stays, also when a sensor was killed
      // between a minute's flows and its row of coverage.
      const hole = point.live_sensors === 0 && point.packets === 0
      return {
        at: formatSeconds(point.at), packets: hole ? null : point.packets, sources: hole ? null : point.sources,
        bytes: hole ? null : point.bytes, live_sensors: point.live_sensors,
        packets_per_sensor: perSensor(point.packets, point.sensor_equivalents),
      }
    }),
  }))
}

/** Who knocks at a port. Problems of `scopeOf`, `request/invalid`. */
export async function port(tools: Tools, actor: Actor, params: { protocol: string; port: string }, asked: Asked): Answer<typeof contract.portAnswer> {
  const scope = await scopeOf(tools, actor, asked)
  if (!scope.ok) return scope
  const key = `${params.protocol.toLowerCase()}/${params.port.replace(/(?<=\d)-(?=\d)/, '/')}`
  const [found, watched, as_of] = await Promise.all([
    tools.analytics.port(key, scope.value.question), watchedBy(tools.analytics, scope.value), tools.analytics.networksAsOf(),
  ])
  const { names } = scope.value
  return ok(envelope(scope.value, watched, as_of, true, {
    ...found, ...keyFields('port', key, { sensors: names, as_names: new Map() }),
    first_seen: maybe(found.first_seen), last_seen: maybe(found.last_seen),
    top_sources: [...found.top_sources], top_economies: [...found.top_economies],
    sensors: found.sensors.map((one) => ({ ...one, sensor: names.get(one.sensor) ?? 'unknown', first_seen: formatSeconds(one.first_seen) })),
  }))
}

/** Everything that one address did. Problems of `scopeOf`, `request/invalid`. */
export async function source(tools: Tools, actor: Actor, address: string, asked: Asked): Answer<typeof contract.sourceAnswer> {
  const scope = await scopeOf(tools, actor, asked)
  if (!scope.ok) return scope
  const [found, watched, as_of] = await Promise.all([
    tools.analytics.source(address, scope.value.question), watchedBy(tools.analytics, scope.value), tools.analytics.networksAsOf(),
  ])
  const times = <T extends { first_seen: number; last_seen: number }>(one: T) =>
    ({ ...one, first_seen: formatSeconds(one.first_seen), last_seen: formatSeconds(one.last_seen) })
  const special = specialPurposeOf(unwrap(parseAddress(found.source)))
  return ok(envelope(scope.value, watched, as_of, true, {
    ...found, first_seen: maybe(found.first_seen), last_seen: maybe(found.last_seen),
    special_purpose: special ? { cidr: special.cidr, name: special.name, rfc: special.rfc } : null,
    ports: found.ports.map(times),
    sensors: found.sensors.map((one) => ({ ...times(one), sensor: scope.value.names.get(one.sensor) ?? 'unknown' })),
    days: found.days.map(({ at, packets }) => ({ at: formatSeconds(at), packets })),
  }))
}

/** Sensors by ports. Problems of `scopeOf`. */
export async function matrix(tools: Tools, actor: Actor, asked: Asked & { limit?: number | undefined }): Answer<typeof contract.matrixAnswer> {
  const scope = await scopeOf(tools, actor, asked)
  if (!scope.ok) return scope
  const [found, watched] = await Promise.all([
    tools.analytics.matrix(scope.value.question, asked.limit ?? MATRIX_PORTS_DEFAULT), watchedBy(tools.analytics, scope.value),
  ])
  return ok(envelope(scope.value, watched, null, false, {
    ports: [...found.ports],
    sensors: found.sensors.map((id) => scope.value.names.get(id) ?? 'unknown'),
    // The store gives a row for each port.
    packets: found.sensors.map((_, sensor) => found.packets.map((row) => row[sensor]!)),
  }))
}

/** How long each sensor watched. Problems: those of `scopeOf`, `request/invalid` (step). */
export async function coverage(tools: Tools, actor: Actor, asked: Asked & { step?: number | undefined }): Answer<typeof contract.coverageAnswer> {
  const scope = await scopeOf(tools, actor, asked)
  if (!scope.ok) return scope
  const { from, to } = scope.value.question
  const [watched, steps] = await Promise.all([watchedBy(tools.analytics, scope.value), watchedSteps(tools, scope.value, asked.step)])
  if (!steps.ok) return steps
  const seen = new Map(watched.by_sensor.map((one) => [one.sensor, one]))
  return ok(envelope(scope.value, watched, null, false, scope.value.sensors.map(({ id, name, simulated, gap_batches }) => {
    const one = seen.get(id)
    return {
      sensor: name, simulated, observed_s: one?.observed_s ?? 0, observed_share: (one?.observed_s ?? 0) / (to - from),
      dropped: one?.dropped ?? 0, gap_batches, last_minute: one ? formatSeconds(one.last_minute) : null,
      ...(steps.value === undefined ? {} : { watched_s: steps.value(id) }),
    }
  })))
}
