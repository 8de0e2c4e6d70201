import type { Database } from '../client.ts'
import { planTiers } from '../plan.ts'
import { Bindings } from '../sql.ts'
import { MERGE, unionRows, type Filter, type Measure } from '../union.ts'
import { tiersFor } from './tiers.ts'

export interface KeyTotals {
  readonly key: string
  readonly packets: number
  readonly bytes: number
  readonly sources: number
}

/** Sums of each key that the filter names (or of all), exact over all tiers. */
export async function keyTotals(db: Database, filter: Filter): Promise<KeyTotals[]> {
  const b = new Bindings()
  const plan = planTiers(filter.question, filter.question.fresh, tiersFor(filter))
  const union = unionRows(b, plan, filter, { groups: ['key'], measures: ['packets', 'bytes', 'sources'] })
  if (!union) return []
  const rows = await db.rows<KeyTotals>(
    `SELECT key, sum(packets_) AS packets, sum(bytes_) AS bytes, ${MERGE}(sources) AS sources FROM (${union}) GROUP BY key`, b)
  // A rollup row of one source holds no sketch of itself.
  return filter.dimension === 'source' || filter.dimension === 'port_source' ? rows.map((row) => ({ ...row, sources: 1 })) : rows
}

const aggregate = (measure: Measure): string =>
  measure === 'sources' ? `${MERGE}(sources) AS sources`
  : measure === 'first_minute' ? 'toUInt32(min(first_minute)) AS first_minute'
  : measure === 'last_minute' ? 'toUInt32(max(last_minute)) AS last_minute'
  : `sum(${measure}_) AS ${measure}`

/** One row of sums over everything the filter names; minutes are 0 when nothing was seen. */
export async function sums<M extends Measure>(db: Database, filter: Filter, measures: readonly M[]): Promise<Record<M, number>> {
  const b = new Bindings()
  const plan = planTiers(filter.question, filter.question.fresh, tiersFor(filter))
  const union = unionRows(b, plan, filter, { groups: [], measures })
  const [row] = union ? await db.rows<Record<M, number>>(`SELECT ${measures.map(aggregate).join()} FROM (${union})`, b) : []
  return row ?? (Object.fromEntries(measures.map((measure) => [measure, 0])) as Record<M, number>)
}
