import { dimensionNumber, keySql, type RollupDimension } from './keys.ts'
import type { Question } from './model.ts'
import { segmentsOf, type Plan, type Segment } from './plan.ts'
import { keyColumns, keysAre, portsAre } from './raw-keys.ts'
import { UNIQ, type Tier } from './schema/tables.ts'
import type { Bindings } from './sql.ts'

/** The part of a question that rows are chosen by. */
export interface Filter {
  readonly question: Question
  readonly dimension: RollupDimension
  /** Port number of a pair dimension. */
  readonly scope?: number
  /** Stored addresses of keys; absent: all. */
  readonly keys?: readonly string[]
  /** Row by row of each sensor instead of all sensors together. */
  readonly each_sensor?: boolean
}

/** `sources_count`: what the sketch counts, without the sketch; it adds up only over sets without common addresses. */
export type Measure = 'packets' | 'bytes' | 'sources' | 'sources_count' | 'first_minute' | 'last_minute' | 'scan' | 'backscatter' | 'other' | 'tool_mirai' | 'tool_zmap' | 'tool_masscan'
export type Group = 'key' | 'at' | 'sensor' | 'research'

export const STATE = UNIQ.replace('(', 'State(')
export const MERGE = UNIQ.replace('(', 'Merge(')

export function times(b: Bindings, column: string, segments: readonly Segment[]): string {
  return `(${segments.map((s) => `(${column} >= ${b.time(s.from)} AND ${column} < ${b.time(s.to)})`).join(' OR ')})`
}

export function research(question: Question): string {
  return question.research === 'include' ? '' : ` AND research = ${question.research === 'only' ? 1 : 0}`
}

/** Sensor condition of rollup rows. The dimension `sensor` names sensors by its keys. */
export function rollupSensors(b: Bindings, { question, dimension, each_sensor }: Filter): string {
  if (dimension === 'sensor') {
    const keys = question.sensors && ` AND key IN (SELECT toIPv6(toIPv4(arrayJoin(${b.bind(question.sensors, 'Array(UInt32)')}))))`
    return `sensor = 0${keys ?? ''}`
  }
  if (question.sensors) return `sensor IN ${b.bind(question.sensors, 'Array(UInt32)')}`
  return each_sensor ? 'sensor != 0' : 'sensor = 0'
}

/** Condition on `rollup_*` and `rank_*` rows. */
export function rollupWhere(b: Bindings, filter: Filter, segments: readonly Segment[]): string {
  const keys = filter.keys ? ` AND key IN ${b.bind(filter.keys, 'Array(IPv6)')}` : ''
  return (
    `organisation = ${b.bind(filter.question.organisation, 'UInt32')} AND dimension = ${dimensionNumber[filter.dimension]} ` +
    `AND scope = ${b.bind(filter.scope ?? 0, 'UInt32')} AND ${rollupSensors(b, filter)}${keys} AND ${times(b, 'bin', segments)}${research(filter.question)}`
  )
}

/** Raw rows of a source are read in their own order; its table has no classes. */
export const rawTable = (filter: Filter): string => (filter.dimension === 'source' && filter.keys ? 'flow_by_source' : 'flow')

export function rawWhere(b: Bindings, filter: Filter, segments: readonly Segment[]): string {
  const { question, dimension, keys, scope } = filter
  const conditions = [`organisation = ${b.bind(question.organisation, 'UInt32')}`, times(b, 'minute', segments)]
  if (question.sensors) conditions.push(`sensor IN ${b.bind(question.sensors, 'Array(UInt32)')}`)
  if (scope !== undefined) conditions.push(...portsAre(b, [scope]))
  if (keys) conditions.push(...keysAre(b, dimension, keys))
  return conditions.join(' AND ') + research(question)
}

const rawMeasure = (measure: Measure): string =>
  measure === 'sources' ? `${STATE}(src) AS sources`
  : measure === 'sources_count' ? `${UNIQ}(src) AS sources_count_`
  : measure === 'first_minute' ? 'min(minute) AS first_minute'
  : measure === 'last_minute' ? 'max(minute) AS last_minute'
  : `sum(${measure}) AS ${measure}_`

const outName = (measure: Measure): string =>
  measure === 'sources' || measure.endsWith('_minute') ? measure : `${measure}_`

/** Start of the bin as seconds. */
export const atSql = (column: string, step: number): string => `toUInt32(intDiv(toUInt32(${column}), ${step}) * ${step}) AS at`

const rawGroup = (group: Group, filter: Filter, step: number): string =>
  group === 'key' ? `${keySql[filter.dimension]} AS key` : group === 'at' ? atSql('minute', step) : sameName(group)
const rollupGroup = (group: Group, step: number): string =>
  group === 'key' ? 'key' : group === 'at' ? atSql('bin', step) : sameName(group)
const sameName = (group: 'sensor' | 'research'): string => (group === 'sensor' ? 'sensor AS of_sensor' : group)

export interface Wanted {
  readonly groups: readonly Group[]
  readonly measures: readonly Measure[]
  /** Seconds of a bin, when grouped by `at`. */
  readonly step?: number
  /** Starts of the bins to read; absent: all of the plan. */
  readonly ats?: readonly number[]
}

/**
 * Rows of all tiers of the plan under one another: the groups, then each measure (sums as `packets_`, sketches as
 * `sources`), to be grouped once more by the one who asks. Undefined when the plan is empty.
 */
export function unionRows(b: Bindings, plan: Plan, filter: Filter, wanted: Wanted): string | undefined {
  const step = wanted.step ?? 60
  const inBins = (column: string): string =>
    wanted.ats ? ` AND intDiv(toUInt32(${column}), ${step}) * ${step} IN ${b.bind(wanted.ats, 'Array(UInt32)')}` : ''
  const parts: string[] = []
  for (const tier of ['month', 'day', 'hour'] as const satisfies readonly Tier[]) {
    const segments = segmentsOf(plan, tier)
    if (segments.length === 0) continue
    const columns = [...wanted.groups.map((g) => rollupGroup(g, step)), ...wanted.measures.map((m) => (outName(m) === m ? m : `${m} AS ${m}_`))]
    parts.push(`SELECT ${columns.join()} FROM rollup_${tier} WHERE ${rollupWhere(b, filter, segments)}${inBins('bin')}`)
  }
  const raw = segmentsOf(plan, 'raw')
  if (raw.length > 0) {
    const columns = [...wanted.groups.map((g) => rawGroup(g, filter, step)), ...wanted.measures.map(rawMeasure)]
    const names = wanted.groups.map((g) => (g === 'key' ? keyColumns[filter.dimension] : g)).join()
    const having = names === '' ? ' HAVING count() > 0' : ` GROUP BY ${names}`
    parts.push(`SELECT ${columns.join()} FROM ${rawTable(filter)} WHERE ${rawWhere(b, filter, raw)}${inBins('minute')}${having}`)
  }
  return parts.length === 0 ? undefined : parts.join('\nUNION ALL\n')
}
