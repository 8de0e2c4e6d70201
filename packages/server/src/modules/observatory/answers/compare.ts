import type { TimeRange, TopRow } from '@hirundo/analytics'
import { formatSeconds, ok, type Result } from '@hirundo/base'
import type { compareAnswer, Input, Output, TopDimension } from '@hirundo/contract'
import type { Actor } from '../../../platform/module.ts'
import { envelope } from './envelope.ts'
import { isLocation, keyFields, storeDimension } from './keys.ts'
import type { Tools } from './queries.ts'
import { perSensor, rangeOf, scopeOf, watchedBy, type Scope, type Watched } from './scope.ts'
import { asNames } from './store.ts'

const LIMIT_DEFAULT = 10
/** Of each period so many ranks are looked at for one that is asked for; what is below in one of them is unknown there. */
const LOOKED_AT = 5
const ranks_max = 1000

interface Period {
  readonly scope: Scope
  readonly watched: Watched
  readonly rows: ReadonlyMap<string, TopRow>
}

async function periodOf(tools: Tools, scope: Scope, name: TopDimension, ranks: number): Promise<Period> {
  const [rows, watched] = await Promise.all([
    tools.analytics.top(storeDimension[name], scope.question, ranks), watchedBy(tools.analytics, scope),
  ])
  return { scope, watched, rows: new Map(rows.map((row) => [row.key, row])) }
}

function side({ rows, watched }: Period, key: string) {
  const row = rows.get(key)
  return {
    rank: row?.rank ?? null, packets: row?.packets ?? null, sources: row?.sources ?? null,
    per_sensor: row ? perSensor(row.packets, watched.coverage.sensor_equivalents) : null,
    // Per second watched as well: an hour with ten minutes in which nobody watched is no quieter hour.
    rate: row && watched.coverage.sensor_equivalents > 0 && watched.coverage.watched_s > 0
      ? row.packets / watched.coverage.sensor_equivalents / watched.coverage.watched_s : null,
  }
}

function baseRange(query: { base_from?: string | undefined; base_to?: string | undefined }, { from, to }: TimeRange, now_ms: number): Result<TimeRange> {
  if (query.base_from === undefined && query.base_to === undefined) return ok({ from: Math.max(0, 2 * from - to), to: from })
  return rangeOf({ from: query.base_from, to: query.base_to ?? formatSeconds(from) }, now_ms)
}

/** Two periods side by side, ordered by the larger of both ranks' packets per sensor. Problems of `scopeOf`. */
export async function compare(
  tools: Tools, actor: Actor, name: TopDimension, query: Input<typeof compareAnswer>['query'],
): Promise<Result<Output<typeof compareAnswer>>> {
  const scope = await scopeOf(tools, actor, query)
  if (!scope.ok) return scope
  const range = baseRange(query, scope.value.question, tools.world.now())
  if (!range.ok) return range
  const base = await scopeOf(tools, actor, query, range.value)
  if (!base.ok) return base
  const limit = query.limit ?? LIMIT_DEFAULT
  const ranks = Math.min(ranks_max, limit * LOOKED_AT)
  const [now, before, as_of] = await Promise.all([
    periodOf(tools, scope.value, name, ranks), periodOf(tools, base.value, name, ranks), tools.analytics.networksAsOf(),
  ])
  const dimension = storeDimension[name]
  const all = [...new Set([...now.rows.keys(), ...before.rows.keys()])]
  const keys = all.toSorted((a, b) => weight(now, before, b) - weight(now, before, a)).slice(0, limit)
  const names = { sensors: scope.value.names, as_names: dimension === 'asn' ? await asNames(tools.db, keys.map(Number)) : new Map<number, string>() }
  return ok(envelope(scope.value, now.watched, as_of, isLocation(dimension), {
    base_from: formatSeconds(range.value.from), base_to: formatSeconds(range.value.to), base_coverage: before.watched.coverage,
    rows: keys.map((key) => {
      const [one, other] = [side(now, key), side(before, key)]
      return {
        ...keyFields(dimension, key, names), rank: one.rank, base_rank: other.rank, packets: one.packets, base_packets: other.packets,
        sources: one.sources, base_sources: other.sources, packets_per_sensor: one.per_sensor, base_packets_per_sensor: other.per_sensor,
        ratio: one.rate === null || !other.rate ? null : Math.round((one.rate / other.rate) * 1000) / 1000,
      }
    }),
  }))
}

const weight = (now: Period, before: Period, key: string): number =>
  Math.max(side(now, key).per_sensor ?? 0, side(before, key).per_sensor ?? 0)
