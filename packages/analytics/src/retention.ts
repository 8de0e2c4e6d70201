import type { Database } from './client.ts'

export type RetentionTier = 'raw' | 'hour' | 'day'

const tablesOfTier: Readonly<Record<RetentionTier, readonly string[]>> = {
  raw: ['flow', 'flow_by_source', 'backscatter', 'syn_sample', 'sensor_minute', 'interaction'],
  hour: ['rollup_hour', 'rank_hour', 'coverage_hour'],
  day: ['rollup_day', 'rank_day', 'coverage_day', 'rollup_month', 'rank_month'],
}

/** First second after the partition `202601` (a month) or `20260131` (a day). */
function partitionEnd(partition: string): number {
  const [year, month, day] = [Number(partition.slice(0, 4)), Number(partition.slice(4, 6)), Number(partition.slice(6))]
  return (day > 0 ? Date.UTC(year, month - 1, day + 1) : Date.UTC(year, month, 1)) / 1000
}

/** Drops the partitions that end at `before` or earlier; rows are never deleted one by one. Returns `table/partition`. */
export async function dropBefore(db: Database, tier: RetentionTier, before: number): Promise<string[]> {
  const dropped: string[] = []
  for (const table of tablesOfTier[tier]) {
    const parts = await db.rows<{ partition: string }>(
      `SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase() AND table = '${table}' AND active ORDER BY partition`)
    for (const { partition } of parts) {
      if (!/^\d{6}(\d{2})?$/.test(partition) || partitionEnd(partition) > before) continue
      await db.command(`ALTER TABLE ${table} DROP PARTITION ${partition}`)
      dropped.push(`${table}/${partition}`)
    }
  }
  return dropped
}
