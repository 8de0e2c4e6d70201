import { dimensionNumber, keySql, scopeSql, type RollupDimension } from './keys.ts'
import { rollupColumns, sumColumns, UNIQ, type Tier } from './schema/tables.ts'

/** What a tier holds: dimensions over all sensors (sensor = 0), and those also kept sensor by sensor. */
export const tierDimensions: Readonly<Record<Tier, { readonly all: readonly RollupDimension[]; readonly by_sensor: readonly RollupDimension[] }>> = (() => {
  const hour = {
    all: ['total', 'protocol', 'port', 'economy', 'asn', 'sensor', 'source'],
    by_sensor: ['total', 'protocol', 'port', 'economy'],
  } as const
  const day = {
    all: [...hour.all, 'port_source', 'port_economy'],
    by_sensor: [...hour.by_sensor, 'asn', 'source'],
  } as const
  return { hour, day, month: day }
})()

/** Dimensions with so many keys that their first ranks are kept apart. */
export const rankedDimensions: readonly RollupDimension[] = ['port', 'asn', 'source']
/** How many ranks are kept of each list. Beyond them a question reads the rollup itself. */
export const ranksKept: Readonly<Record<Tier, { readonly all: number; readonly by_sensor: number }>> = {
  hour: { all: 200, by_sensor: 0 }, day: { all: 1_000, by_sensor: 200 }, month: { all: 5_000, by_sensor: 1_000 },
}

/** One row per source: counting its sources would store the number 1 as a sketch. */
const hasSources = (dimension: RollupDimension): boolean => dimension !== 'source' && dimension !== 'port_source'
const binSql: Readonly<Record<Tier, string>> = {
  hour: 'toStartOfHour(minute)', day: 'toStartOfDay(minute)', month: "toDateTime(toStartOfMonth(minute), 'UTC')",
}
export const rollupColumnList = rollupColumns.map((column) => column.name).join()

/** SELECT of rollup rows, in the order of the table's columns, from rows of `flow` or `late_flow`. */
export function selectFromRaw(table: string, tier: Tier, dimension: RollupDimension, by_sensor: boolean, where: string, block: string): string {
  const sources = hasSources(dimension) ? `${UNIQ.replace('(', 'State(')}(src)` : emptySources
  const measures = [...sumColumns.map((name) => `sum(${name}) AS sum_${name}`), 'min(minute)', 'max(minute)', sources, block]
  const groups = ['organisation', `${scopeSql(dimension)} AS scope`, `${by_sensor ? 'sensor' : 'toUInt32(0)'} AS of_sensor`, `${keySql[dimension]} AS key`, `${binSql[tier]} AS at`, 'research']
  const [organisation, scope, sensor, key, at, research] = groups
  return (
    `SELECT ${organisation}, ${dimensionNumber[dimension]}, ${scope}, ${sensor}, ${key}, ${at}, ${research}, ${measures.join()} ` +
    `FROM ${table} WHERE ${where} GROUP BY organisation, scope, of_sensor, key, at, research`
  )
}

const emptySources = `arrayReduce('${UNIQ.replace('(', 'State(')}', CAST([], 'Array(IPv6)'))`

/** SELECT of the month's rows from its days; late rows are merged in. */
export const selectMonth = (from: string): string =>
  `SELECT organisation, dimension, scope, sensor, key, toDateTime(toStartOfMonth(bin), 'UTC') AS at, research, ` +
  `${sumColumns.map((name) => `sum(${name}) AS sum_${name}`).join()}, min(first_minute), max(last_minute), ` +
  `${UNIQ.replace('(', 'MergeState(')}(sources), toUInt64(0) FROM ${from} ` +
  'GROUP BY organisation, dimension, scope, sensor, key, at, research'

/** SELECT of the first ranks of each list in rollup rows. */
export function selectRanks(tier: Tier, from: string): string {
  const kept = ranksKept[tier]
  const dimensions = rankedDimensions.map((name) => dimensionNumber[name]).join()
  const list = 'organisation, dimension, scope, sensor, bin, research'
  return (
    `SELECT organisation, dimension, scope, sensor, key, bin, research, toUInt32(place), total FROM (` +
    `SELECT ${list}, key, sum(packets) AS total, row_number() OVER (PARTITION BY ${list} ORDER BY sum(packets) DESC, key) AS place ` +
    `FROM ${from} AND dimension IN (${dimensions})${kept.by_sensor === 0 ? ' AND sensor = 0' : ''} GROUP BY ${list}, key` +
    `) WHERE place <= if(sensor = 0, ${kept.all}, ${kept.by_sensor})`
  )
}

/** SELECT of coverage rows from rows of `sensor_minute`. */
export const selectCoverage = (table: string, tier: Tier, where: string, block: string): string =>
  `SELECT organisation, sensor, ${binSql[tier]} AS at, toUInt32(uniqExact(minute)), sum(observed_s), sum(dropped), max(minute), ${block} ` +
  `FROM ${table} WHERE ${where} GROUP BY organisation, sensor, at`
