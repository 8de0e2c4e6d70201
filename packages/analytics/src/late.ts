import { DAY_S, HOUR_S } from '@hirundo/base'
import type { Database } from './client.ts'
import { insertInto, onePart } from './blocks.ts'
import { dimensionNumber } from './keys.ts'
import type { Block } from './model.ts'
import { heavy, recomputeMonths, rerank } from './rollup.ts'
import { rollupColumnList, selectCoverage, selectFromRaw, tierDimensions } from './rollup-select.ts'
import type { Layouts } from './schema/columns.ts'
import { Bindings } from './sql.ts'

type Tier = 'hour' | 'day'
const unitOf: Readonly<Record<Tier, number>> = { hour: HOUR_S, day: DAY_S }

/** Bins of the block's rows, by the partition that their rollup rows go to: one insert is whole only within one partition. */
async function binsByPartition(db: Database, from: string, time: string, tier: Tier): Promise<Map<number, number[]>> {
  const unit = unitOf[tier]
  const partition = tier === 'hour' ? 'toYYYYMMDD' : 'toYYYYMM'
  const rows = await db.rows<{ partition: number; at: number }>(
    `SELECT ${partition}(min(${time})) AS partition, toUInt32(intDiv(toUInt32(${time}), ${unit}) * ${unit}) AS at FROM ${from} GROUP BY at ORDER BY at`)
  const found = new Map<number, number[]>()
  for (const { partition: number, at } of rows) found.set(number, [...(found.get(number) ?? []), at])
  return found
}

async function isAdded(db: Database, table: string, id: bigint, tier: Tier, bins: readonly number[], where = ''): Promise<boolean> {
  const b = new Bindings()
  const range = `bin >= ${b.time(bins[0]!)} AND bin < ${b.time(bins.at(-1)! + unitOf[tier])}`
  return (await db.rows(`SELECT 1 FROM ${table} WHERE block = ${b.bind(id, 'UInt64')} AND ${range}${where} LIMIT 1`, b)).length > 0
}

const between = (b: Bindings, tier: Tier, bins: readonly number[]): string =>
  `minute >= ${b.time(bins[0]!)} AND minute < ${b.time(bins.at(-1)! + unitOf[tier])}`

/**
 * The block's rows of one partition, one insert per dimension: each is whole or absent, and the ledger column tells
 * which are there.
 */
async function addFlow(db: Database, id: bigint, tier: Tier, bins: readonly number[]): Promise<void> {
  const table = `rollup_${tier}`
  const { all, by_sensor } = tierDimensions[tier]
  for (const [dimension, sensors] of [...all.map((d) => [d, false] as const), ...by_sensor.map((d) => [d, true] as const)]) {
    const where = ` AND dimension = ${dimensionNumber[dimension]} AND sensor ${sensors ? '!=' : '='} 0`
    if (await isAdded(db, table, id, tier, bins, where)) continue
    const b = new Bindings()
    const select = selectFromRaw('late_flow', tier, dimension, sensors, between(b, tier, bins), b.bind(id, 'UInt64'))
    await db.command(`INSERT INTO ${table} (${rollupColumnList}) ${select}`, b, { ...heavy, ...onePart })
  }
}

async function addLateFlow(db: Database, layouts: Layouts, block: Block): Promise<void> {
  await db.command('TRUNCATE TABLE late_flow')
  await insertInto(db, layouts, 'late_flow', block)
  for (const tier of ['hour', 'day'] as const) {
    const partitions = await binsByPartition(db, 'late_flow', 'minute', tier)
    for (const bins of partitions.values()) await addFlow(db, block.id, tier, bins)
    await rerank(db, tier, [...partitions.values()].flat())
    if (tier === 'day') await recomputeMonths(db, [...partitions.values()].flat())
  }
  await db.command('TRUNCATE TABLE late_flow')
}

async function addLateMinutes(db: Database, layouts: Layouts, block: Block): Promise<void> {
  await db.command('TRUNCATE TABLE late_sensor_minute')
  await insertInto(db, layouts, 'late_sensor_minute', block)
  for (const tier of ['hour', 'day'] as const) {
    for (const bins of (await binsByPartition(db, 'late_sensor_minute', 'minute', tier)).values()) {
      const table = `coverage_${tier}`
      if (await isAdded(db, table, block.id, tier, bins)) continue
      const b = new Bindings()
      const select = selectCoverage('late_sensor_minute', tier, between(b, tier, bins), b.bind(block.id, 'UInt64'))
      await db.command(`INSERT INTO ${table} ${select}`, b, { ...heavy, ...onePart })
    }
  }
  await db.command('TRUNCATE TABLE late_sensor_minute')
}

/**
 * Adds a block whose raw partition has been dropped to the rollups, once: the block's number stands in the rows it
 * added. Kinds without a rollup (backscatter, samples) have nowhere to go and are left out.
 */
export async function addLateBlock(db: Database, layouts: Layouts, block: Block): Promise<void> {
  if (block.table === 'flow') await addLateFlow(db, layouts, block)
  else if (block.table === 'sensor_minute') await addLateMinutes(db, layouts, block)
}
