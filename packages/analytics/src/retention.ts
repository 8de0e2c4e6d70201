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

/** Partitions of the table that end at `before` or earlier. */
async function partitionsBefore(db: Database, table: string, before: number): Promise<string[]> {
  const parts = await db.rows<{ partition: string }>(
    `SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase() AND table = '${table}' AND active ORDER BY partition`)
  return parts.map(({ partition }) => partition).filter((partition) => /^\d{6}(\d{2})?$/.test(partition) && partitionEnd(partition) <= before)
}

/** Drops the partitions that end at `before` or earlier; rows are never deleted one by one. Returns `table/partition`. */
export async function dropBefore(db: Database, tier: RetentionTier, before: number): Promise<string[]> {
  const dropped: string[] = []
  for (const table of tablesOfTier[tier]) {
    for (const partition of await partitionsBefore(db, table, before)) {
      await db.command(`ALTER TABLE ${table} DROP PARTITION ${partition}`)
      dropped.push(`${table}/${partition}`)
    }
  }
  return dropped
}

/** What strangers wrote, beside facts, and what tells it: payloads are short, and who has the hash may try. The last is cleared last: where it is there, clearing has not come to its end. */
const contentColumns = ['urls', 'logins', 'payload_sha256', 'sample'] as const
const factName = /^[a-z\d_.]{1,48}$/

async function hasContent(db: Database, partition: string): Promise<boolean> {
  const rows = await db.rows(
    'SELECT 1 FROM system.parts_columns WHERE database = currentDatabase() AND table = \'interaction\' AND active ' +
      `AND partition = '${partition}' AND column = '${contentColumns.at(-1)}' LIMIT 1`)
  return rows.length > 0
}

/**
 * Takes what strangers wrote out of the interactions of partitions that end at `before` or earlier: samples, their hashes,
 * logins, URLs, and of the facts all but `facts_kept`. A part that was cleared has no such columns any more, so that it costs nothing to
 * look again; rows that come later bring them back and are cleared the next time. Returns the partitions.
 */
export async function clearContent(db: Database, before: number, facts_kept: readonly string[]): Promise<string[]> {
  const odd = facts_kept.find((name) => !factName.test(name))
  if (odd !== undefined) throw new Error(`not the name of a fact: ${odd}`)
  const kept = `[${facts_kept.map((name) => `'${name}'`).join()}]::Array(String)`
  const cleared: string[] = []
  for (const partition of await partitionsBefore(db, 'interaction', before)) {
    if (!(await hasContent(db, partition))) continue
    const change = (statement: string) => db.command(`ALTER TABLE interaction ${statement}`, undefined, { mutations_sync: '1' })
    await change(`UPDATE facts = mapFilter((name, value) -> has(${kept}, name), facts) IN PARTITION ${partition} WHERE arrayExists(name -> NOT has(${kept}, name), mapKeys(facts))`)
    for (const column of contentColumns) await change(`CLEAR COLUMN ${column} IN PARTITION ${partition}`)
    cleared.push(partition)
  }
  return cleared
}
