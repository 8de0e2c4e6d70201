import { parseAddress, unwrap } from '@hirundo/base'
import type { Database } from '../client.ts'
import { planTiers, segmentsOf, type Plan, type Segment } from '../plan.ts'
import { rankedDimensions, ranksKept } from '../rollup-select.ts'
import { tiers, type Tier } from '../schema/tables.ts'
import { Bindings } from '../sql.ts'
import { rollupWhere, unionRows, type Filter } from '../union.ts'
import { tiersFor } from './tiers.ts'
import { keyTotals, type KeyTotals } from './totals.ts'

export interface Ranked {
  readonly key: string
  readonly packets: number
  /** Given when the sums were read anyway. */
  readonly totals?: KeyTotals
}
interface Candidate {
  readonly key: string
  /** Packets known so far: in lists read in full, and in the first ranks of the others. */
  readonly known: number
  /** Packets in lists read in full. */
  readonly full: number
  /** `known` and the most that the lists may hold in which the key was not among the first ranks. */
  readonly most: number
  /** The most that a key may have that was among the first ranks of no list. */
  readonly unseen: number
}

/** Tiers whose lists are read by their first ranks, and those read whole. */
interface Depth {
  readonly plan: Plan
  readonly ranked: readonly Tier[]
  readonly ranks: number
}

const CANDIDATES_MAX = 2_000
const firstDepths = [200, 1_000, 5_000] as const

const bytesOf = (key: string): Uint8Array => unwrap(parseAddress(key))
const bigFirst = (a: Ranked, b: Ranked): number => b.packets - a.packets || Buffer.compare(bytesOf(a.key), bytesOf(b.key))

function rankedTiers(plan: Plan, filter: Filter, ranks: number): Tier[] {
  if (!rankedDimensions.includes(filter.dimension) || filter.each_sensor) return []
  const by_sensor = filter.question.sensors !== undefined
  return tiers.filter((tier) => segmentsOf(plan, tier).length > 0 && ranksKept[tier][by_sensor ? 'by_sensor' : 'all'] >= ranks)
}

/** The first ranks of each list (sensor, bin, research), each row with the last rank's packets: what all others stay below. */
function listRows(b: Bindings, depth: Depth, filter: Filter): string[] {
  return depth.ranked.map((tier) => {
    const list = 'sensor, bin, research'
    const last = `if(count() OVER lists >= ${depth.ranks}, min(packets) OVER lists, 0)`
    return (
      `SELECT key, packets, toUInt64(0) AS full_, ${last} AS last, if(rank = 1, ${last}, 0) AS once FROM rank_${tier} ` +
      `WHERE ${rollupWhere(b, filter, segmentsOf(depth.plan, tier))} AND rank <= ${depth.ranks} WINDOW lists AS (PARTITION BY ${list})`
    )
  })
}

function fullRows(b: Bindings, depth: Depth, filter: Filter): string[] {
  const rest: Segment[] = depth.plan.filter((segment) => segment.tier === 'raw' || !depth.ranked.includes(segment.tier))
  const union = unionRows(b, rest, filter, { groups: ['key'], measures: ['packets'] })
  return union ? [`SELECT key, sum(packets_) AS packets, sum(packets_) AS full_, toUInt64(0) AS last, toUInt64(0) AS once FROM (${union}) GROUP BY key`] : []
}

async function candidates(db: Database, depth: Depth, filter: Filter, limit: number): Promise<Candidate[]> {
  const b = new Bindings()
  const parts = [...listRows(b, depth, filter), ...fullRows(b, depth, filter)]
  if (parts.length === 0) return []
  const keep = depth.ranked.length === 0 ? limit : Math.max(CANDIDATES_MAX, 4 * limit)
  return db.rows<Candidate>(
    'SELECT key, known, full, most, unseen FROM (' +
      'SELECT key, sum(packets) AS known, sum(full_) AS full, sum(last) AS seen, sum(once) AS bound, ' +
      'sum(bound) OVER () AS unseen, known + unseen - seen AS most ' +
      `FROM (${parts.join('\nUNION ALL\n')}) GROUP BY key` +
      `) ORDER BY most DESC, key LIMIT ${keep}`, b)
}

/** Few candidates are summed with everything that an answer says of them: one statement less. */
const worthTotals = (chosen: readonly Candidate[], limit: number): boolean => chosen.length <= 2 * limit + 10

/** Exact packets of the candidates: what was read in full, and their rows of the ranked tiers. */
async function exact(db: Database, depth: Depth, filter: Filter, chosen: readonly Candidate[]): Promise<Ranked[]> {
  const b = new Bindings()
  const segments = depth.plan.filter((segment) => segment.tier !== 'raw' && depth.ranked.includes(segment.tier))
  const keys = chosen.map((candidate) => candidate.key)
  const union = unionRows(b, segments, { ...filter, keys }, { groups: ['key'], measures: ['packets'] })
  const rows = union ? await db.rows<Ranked>(`SELECT key, sum(packets_) AS packets FROM (${union}) GROUP BY key`, b) : []
  const packets = new Map(rows.map((row) => [row.key, row.packets]))
  return chosen.map(({ key, full }) => ({ key, packets: full + (packets.get(key) ?? 0) }))
}

/**
 * The `limit` keys with the most packets, exactly, ties by address. Fagin's threshold idea: of each list (bin,
 * sensor, research) only the first ranks are read; who is not among them has at most the last rank's packets. The
 * few keys that may still win are summed exactly; when an unseen one could reach them, more ranks are read, and in
 * the end whole lists.
 */
export async function ranking(db: Database, filter: Filter, limit: number, with_totals = false): Promise<Ranked[]> {
  const plan = planTiers(filter.question, filter.question.fresh, tiersFor(filter))
  const depths = firstDepths.filter((ranks) => ranks >= 2 * limit && rankedTiers(plan, filter, ranks).length > 0)
  for (const ranks of depths) {
    const found = await rankingAt(db, { plan, ranked: rankedTiers(plan, filter, ranks), ranks }, filter, limit, with_totals)
    if (found) return found
  }
  const all = await candidates(db, { plan, ranked: [], ranks: 0 }, filter, limit)
  return all.map(({ key, known }) => ({ key, packets: known })).filter((row) => row.packets > 0)
}

async function rankingAt(db: Database, depth: Depth, filter: Filter, limit: number, with_totals: boolean): Promise<Ranked[] | undefined> {
  const found = await candidates(db, depth, filter, limit)
  if (found.length === 0) return []
  const unseen = found[0]!.unseen
  const floor = found.map((candidate) => candidate.known).sort((a, b) => b - a)[limit - 1] ?? 0
  const chosen = found.filter((candidate) => candidate.most >= floor)
  // The list of candidates was cut where some could still win.
  if (chosen.length === found.length && found.length >= Math.max(CANDIDATES_MAX, 4 * limit)) return undefined
  const rows =
    unseen === 0 ? chosen.map(({ key, known }) => ({ key, packets: known }))
    : with_totals && worthTotals(chosen, limit) ? (await keyTotals(db, { ...filter, keys: chosen.map((row) => row.key) })).map((totals) => ({ key: totals.key, packets: totals.packets, totals }))
    : await exact(db, depth, filter, chosen)
  const top = rows.sort(bigFirst).slice(0, limit)
  const last = top.length < limit ? 0 : top.at(-1)!.packets
  return unseen === 0 || unseen < last ? top : undefined
}
