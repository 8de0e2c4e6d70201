import type { ClickHouseSettings } from '@clickhouse/client'
import { DAY_S, HOUR_S } from '@hirundo/base'
import type { Database } from './client.ts'
import { dimensionNumber } from './keys.ts'
import { monthStart, nextMonth } from './plan.ts'
import { rollupColumnList, selectCoverage, selectFromRaw, selectMonth, selectRanks, tierDimensions } from './rollup-select.ts'
import type { Tier } from './schema/tables.ts'
import { Bindings } from './sql.ts'

const MiB = 1024 * 1024
/** A rollup may be slow but must not starve the answers: it spills to disk early. */
export const heavy: ClickHouseSettings = {
  async_insert: 0, max_threads: 2, max_execution_time: 600, max_bytes_before_external_group_by: String(200 * MiB), max_bytes_before_external_sort: String(200 * MiB),
  max_bytes_ratio_before_external_group_by: 0, max_bytes_ratio_before_external_sort: 0,
  // Sketches are far larger in memory than on disk: few rows at a time.
  min_insert_block_size_rows: '200000', min_insert_block_size_bytes: String(64 * MiB), max_block_size: '16384', optimize_aggregation_in_order: 0,
}
/** Dimensions with few keys and many sources: their sketches are full (12 KiB each), and memory is not counted by rows. */
const dense: readonly number[] = [dimensionNumber.total, dimensionNumber.protocol, dimensionNumber.economy, dimensionNumber.sensor]
const copyDense: ClickHouseSettings = { ...heavy, max_threads: 1, max_block_size: '256', min_insert_block_size_rows: '8192' }
/** Dimensions whose rows are of one source and hold no sketch. */
const bare: readonly number[] = [dimensionNumber.source, dimensionNumber.port_source]
/** Between them: many keys, of which some have full sketches. */
const copyMixed: ClickHouseSettings = { ...heavy, max_threads: 1, max_block_size: '2048', min_insert_block_size_rows: '16384' }
/** Rollup rows are copied in passes, so that full sketches are few at a time: each is unpacked, and its count computed. */
export const copyPasses: readonly { readonly where: string; readonly settings: ClickHouseSettings }[] = [
  { where: `dimension IN (${dense.join()})`, settings: copyDense },
  { where: `dimension NOT IN (${[...dense, ...bare].join()})`, settings: copyMixed },
  { where: `dimension IN (${bare.join()})`, settings: heavy },
]

/**
 * How a month is added up. Where rows hold no sketch, in the order they are grouped by: many rows and no hash table. Else
 * by a hash table that spills, since groups of sketches in order were seen to pass 500 MB.
 */
function monthSettings(dimension: number): ClickHouseSettings {
  if (bare.includes(dimension)) {
    return { ...heavy, optimize_aggregation_in_order: 1, max_threads: 1, max_block_size: '8192', min_insert_block_size_rows: '65536' }
  }
  return dense.includes(dimension) ? copyDense : copyMixed
}

/** Bins of one partition that are computed anew; all others of the partition are copied. */
interface Work {
  readonly tier: Tier
  readonly partition: string
  readonly bins: readonly number[]
}

const kinds = (tier: Tier): string[] => (tier === 'month' ? ['rollup', 'rank'] : ['rollup', 'rank', 'coverage'])
const digits = (at: number, length: number): string => new Date(at * 1000).toISOString().slice(0, 10).replaceAll('-', '').slice(0, length)
const partitionOf = (tier: Tier, bin: number): string => digits(bin, tier === 'hour' ? 8 : 6)
const columnOf = (tier: Tier): string => (tier === 'hour' ? 'toYYYYMMDD(bin)' : 'toYYYYMM(bin)')

function groupByPartition(tier: Tier, bins: readonly number[]): Work[] {
  const unit = tier === 'hour' ? HOUR_S : DAY_S
  const works = new Map<string, Set<number>>()
  for (const bin of bins) {
    if (bin % unit !== 0) throw new Error(`not the begin of a ${tier}: ${bin}`)
    const partition = partitionOf(tier, bin)
    works.set(partition, (works.get(partition) ?? new Set()).add(bin))
  }
  return [...works].map(([partition, set]) => ({ tier, partition, bins: [...set].sort((a, b) => a - b) }))
}

const binList = (b: Bindings, bins: readonly number[]): string => `bin IN ${b.bind(bins, 'Array(UInt32)')}`
const inPartition = (b: Bindings, work: Work): string => `${columnOf(work.tier)} = ${b.bind(Number(work.partition), 'UInt32')}`

/** Empties the staging tables and copies into them what stays: other bins, and late rows, whose raw rows are gone. */
async function stageOthers(db: Database, work: Work): Promise<void> {
  for (const kind of kinds(work.tier)) {
    const table = `${kind}_${work.tier}`
    await db.command(`TRUNCATE TABLE staging_${table}`)
    for (const { where, settings } of kind === 'rollup' ? copyPasses : [{ where: '1', settings: heavy }]) {
      const b = new Bindings()
      const late = kind === 'rank' ? '' : ' OR block != 0'
      const others = `${inPartition(b, work)} AND ${where} AND (NOT ${binList(b, work.bins)}${late})`
      await db.command(`INSERT INTO staging_${table} SELECT * FROM ${table} WHERE ${others}`, b, settings)
    }
  }
}

/** Puts the staged partition in the place of the old one; from an empty stage ClickHouse refuses, so it is dropped. */
async function swapTable(db: Database, table: string, partition: string): Promise<void> {
  const staged = await db.rows(`SELECT 1 FROM staging_${table} LIMIT 1`)
  await db.command(staged.length > 0 ? `ALTER TABLE ${table} REPLACE PARTITION ${partition} FROM staging_${table}` : `ALTER TABLE ${table} DROP PARTITION ${partition}`)
  await db.command(`TRUNCATE TABLE staging_${table}`)
}

async function swap(db: Database, work: Work): Promise<void> {
  for (const kind of kinds(work.tier)) await swapTable(db, `${kind}_${work.tier}`, work.partition)
}

/** Raw rows of one pass: with more, its hash tables would spill. */
const PASS_ROWS_MAX = 4_000_000

/** Runs of bins that have raw rows, each small enough for one pass. */
async function runs(db: Database, table: string, bins: readonly number[], unit: number): Promise<{ from: number; to: number }[]> {
  const b = new Bindings()
  const bin = `toUInt32(intDiv(toUInt32(minute), ${unit}) * ${unit})`
  const range = `minute >= ${b.time(bins[0]!)} AND minute < ${b.time(bins.at(-1)! + unit)}`
  const counts = await db.rows<{ bin: number; rows: number }>(`SELECT ${bin} AS bin, count() AS rows FROM ${table} WHERE ${range} GROUP BY bin`, b)
  const rowsOf = new Map(counts.map((row) => [row.bin, row.rows]))
  const found: { from: number; to: number; rows: number }[] = []
  for (const from of bins) {
    const rows = rowsOf.get(from) ?? 0
    const last = found.at(-1)
    if (rows === 0) continue
    if (last && last.to === from && last.rows + rows <= PASS_ROWS_MAX) [last.to, last.rows] = [from + unit, last.rows + rows]
    else found.push({ from, to: from + unit, rows })
  }
  return found
}

const rangeOf = (b: Bindings, { from, to }: { from: number; to: number }): string => `minute >= ${b.time(from)} AND minute < ${b.time(to)}`

async function stageFromRaw(db: Database, work: Work): Promise<void> {
  const unit = work.tier === 'hour' ? HOUR_S : DAY_S
  const { all, by_sensor } = tierDimensions[work.tier]
  for (const run of await runs(db, 'flow', work.bins, unit)) {
    for (const [dimension, sensors] of [...all.map((d) => [d, false] as const), ...by_sensor.map((d) => [d, true] as const)]) {
      const b = new Bindings()
      const select = selectFromRaw('flow', work.tier, dimension, sensors, rangeOf(b, run), 'toUInt64(0)')
      await db.command(`INSERT INTO staging_rollup_${work.tier} (${rollupColumnList}) ${select}`, b, heavy)
    }
  }
  for (const run of await runs(db, 'sensor_minute', work.bins, unit)) {
    const b = new Bindings()
    await db.command(`INSERT INTO staging_coverage_${work.tier} ${selectCoverage('sensor_minute', work.tier, rangeOf(b, run), 'toUInt64(0)')}`, b, heavy)
  }
}

async function stageRanks(db: Database, work: Work, from: string): Promise<void> {
  const b = new Bindings()
  await db.command(`INSERT INTO staging_rank_${work.tier} ${selectRanks(work.tier, `${from} WHERE ${binList(b, work.bins)}`)}`, b, heavy)
}

async function recompute(db: Database, work: Work): Promise<void> {
  await stageOthers(db, work)
  await stageFromRaw(db, work)
  await stageRanks(db, work, `staging_rollup_${work.tier}`)
  await swap(db, work)
}

/** Ranks of bins to which late rows were added. */
export async function rerank(db: Database, tier: 'hour' | 'day', bins: readonly number[]): Promise<void> {
  for (const work of groupByPartition(tier, bins)) {
    const table = `rank_${tier}`
    await db.command(`TRUNCATE TABLE staging_${table}`)
    const b = new Bindings()
    await db.command(`INSERT INTO staging_${table} SELECT * FROM ${table} WHERE ${inPartition(b, work)} AND NOT ${binList(b, work.bins)}`, b, heavy)
    await stageRanks(db, work, `rollup_${tier}`)
    await swapTable(db, table, work.partition)
  }
}

/** A row that says that this month has been computed, even when nothing was seen in it. */
const MARKER = { organisation: 0, dimension: 0 } as const

async function monthIsDue(db: Database, month: number, days: readonly number[]): Promise<boolean> {
  if (days.includes(nextMonth(month) - DAY_S)) return true
  const b = new Bindings()
  const marker = `organisation = ${MARKER.organisation} AND dimension = ${MARKER.dimension} AND bin = ${b.time(month)}`
  return (await db.rows(`SELECT 1 FROM rollup_month WHERE ${marker} LIMIT 1`, b)).length > 0
}

/** Recomputes the months of these days from their days, where the month is over or was computed before. */
export async function recomputeMonths(db: Database, days: readonly number[]): Promise<void> {
  for (const month of new Set(days.map(monthStart))) {
    if (!(await monthIsDue(db, month, days))) continue
    const work: Work = { tier: 'month', partition: partitionOf('month', month), bins: [month] }
    for (const kind of kinds('month')) await db.command(`TRUNCATE TABLE staging_${kind}_month`)
    for (const dimension of Object.values(dimensionNumber)) {
      const b = new Bindings()
      const from = `rollup_day WHERE toYYYYMM(bin) = ${b.bind(Number(work.partition), 'UInt32')} AND dimension = ${dimension}`
      await db.command(`INSERT INTO staging_rollup_month (${rollupColumnList}) ${selectMonth(from)}`, b, monthSettings(dimension))
    }
    const m = new Bindings()
    await db.command(`INSERT INTO staging_rollup_month (organisation, dimension, bin) SELECT ${MARKER.organisation}, ${MARKER.dimension}, ${m.time(month)}`, m)
    await stageRanks(db, work, 'staging_rollup_month')
    await swap(db, work)
  }
}

/** Recomputes hours from raw rows and swaps their partition (a UTC day) in; the day's other hours stay as they are. */
export async function rollupHours(db: Database, hours: readonly number[]): Promise<void> {
  for (const work of groupByPartition('hour', hours)) await recompute(db, work)
}

/**
 * Recomputes days from raw rows (the hours do not hold every dimension) and swaps their month in; then the month
 * itself, once its last day has been computed.
 */
export async function rollupDays(db: Database, days: readonly number[]): Promise<void> {
  for (const work of groupByPartition('day', days)) await recompute(db, work)
  await recomputeMonths(db, days)
}
