import { DAY_S, HOUR_S } from '@hirundo/base'
import type { Database } from '../client.ts'
import { planTiers, type Plan, type Segment } from '../plan.ts'
import { Bindings } from '../sql.ts'
import { MERGE, unionRows, type Filter } from '../union.ts'
import { tiersFor, tiersOfStep } from './tiers.ts'

/** One bin of a series; bins in which nothing was seen are left out. */
export interface Bin { readonly at: number; readonly packets: number; readonly bytes: number; readonly sources: number }

const unitOf: Partial<Record<Segment['tier'], number>> = { day: DAY_S, hour: HOUR_S }

/**
 * Whether most bins have one row per research value, so that their counts may be added. An address is a research
 * scanner or it is not: the two sets have no address in common. Where the list of scanners changed within a bin, an
 * address that moved is in both and counts twice there, as it does in `exclude` and `only` taken together.
 */
const addsUp = (plan: Plan, { question, dimension, keys }: Filter, step: number): boolean =>
  (dimension === 'total' || keys?.length === 1) && (dimension === 'sensor' || (question.sensors?.length ?? 1) === 1) &&
  plan.some(({ tier }) => (unitOf[tier] ?? step) === step)

/** Bins by the sketches of their rows: right for all, and the slower the more rows there are. */
async function merged(db: Database, plan: Plan, filter: Filter, step: number, ats?: readonly number[]): Promise<Bin[]> {
  const b = new Bindings()
  const union = unionRows(b, plan, filter, { groups: ['at'], measures: ['packets', 'bytes', 'sources'], step, ...(ats ? { ats } : {}) })
  if (!union) return []
  return db.rows<Bin>(`SELECT at, sum(packets_) AS packets, sum(bytes_) AS bytes, ${MERGE}(sources) AS sources FROM (${union}) GROUP BY at`, b)
}

/** Bins by the counts of their rows, each told whether it had more rows than may be added up. */
async function counted(db: Database, plan: Plan, filter: Filter, step: number): Promise<(Bin & { readonly overlaps: 0 | 1 })[]> {
  const b = new Bindings()
  const union = unionRows(b, plan, filter, { groups: ['at', 'research'], measures: ['packets', 'bytes', 'sources_count'], step })
  if (!union) return []
  return db.rows(
    'SELECT at, sum(packets_) AS packets, sum(bytes_) AS bytes, sum(sources_count_) AS sources, count() > uniqExact(research) AS overlaps ' +
      `FROM (${union}) GROUP BY at`, b)
}

/** Bins of raw rows alone: each is one group, whose sources are counted as they are read. */
async function read(db: Database, plan: Plan, filter: Filter, step: number): Promise<Bin[]> {
  const b = new Bindings()
  const rows = unionRows(b, plan, filter, { groups: ['at'], measures: ['packets', 'bytes', 'sources_count'], step })
  return rows ? db.rows<Bin>(`SELECT at, packets_ AS packets, bytes_ AS bytes, sources_count_ AS sources FROM (${rows})`, b) : []
}

/**
 * Packets, bytes and sources of each bin that has any. Bins of several rows per research value (late rows add a second
 * one; the days at the ends of a range are made of hours) are asked once more, by their sketches.
 */
export async function bins(db: Database, filter: Filter, step: number): Promise<Bin[]> {
  const { question } = filter
  const plan = planTiers(question, question.fresh, tiersOfStep(step).filter((tier) => tiersFor(filter).includes(tier)))
  if (plan.every(({ tier }) => tier === 'raw')) return read(db, plan, filter, step)
  if (!addsUp(plan, filter, step)) return merged(db, plan, filter, step)
  const found = await counted(db, plan, filter, step)
  const ats = found.filter((bin) => bin.overlaps === 1).map((bin) => bin.at)
  if (ats.length === 0) return found
  const again = new Map((await merged(db, plan, filter, step, ats)).map((bin) => [bin.at, bin]))
  return found.map((bin) => again.get(bin.at) ?? bin)
}
