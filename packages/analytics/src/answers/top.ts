import type { Database } from '../client.ts'
import { addressToKey } from '../keys.ts'
import type { Dimension, Question, TopRow } from '../model.ts'
import { StoreError } from '../store-error.ts'
import { ranking } from './ranking.ts'
import { keyTotals } from './totals.ts'

export const TOP_LIMIT_MAX = 1_000
/**
 * So far down the previous rank of a rank is looked for. It depends on the rank alone and not on how many were asked for, so
 * that every page says the same of one key.
 */
const previousRankMax = (rank: number): number => Math.max(100, 2 * rank)
/** Ranks of the previous period that a question needs. */
const previousLimit = (limit: number): number => Math.min(TOP_LIMIT_MAX, previousRankMax(limit))

/** The period of the same length before this one; it cannot begin before 1970. */
export function previousPeriod(question: Question): Question {
  const length = question.to - question.from
  return { ...question, from: Math.max(0, question.from - length), to: question.from }
}

/** A question that the tiers cannot answer for the time before is no reason to refuse the one that was asked. */
async function previousRanks(db: Database, dimension: Dimension, question: Question, limit: number): Promise<Map<string, number>> {
  const filter = { question: previousPeriod(question), dimension }
  const rows = await ranking(db, filter, previousLimit(limit)).catch((error: unknown) => {
    if (error instanceof StoreError && error.problem.detail['what'] === 'resolution') return []
    throw error
  })
  return new Map(rows.map((row, i) => [row.key, i + 1]))
}

/** Ranked by packets; uniques are counted for the winners only. */
export async function top(db: Database, dimension: Dimension, question: Question, limit: number): Promise<TopRow[]> {
  if (!Number.isInteger(limit) || limit < 1 || limit > TOP_LIMIT_MAX) throw new StoreError('request/invalid', { what: 'limit', value: limit })
  const [ranks, previous] = await Promise.all([
    ranking(db, { question, dimension }, limit, true),
    previousRanks(db, dimension, question, limit),
  ])
  const keys = ranks.filter((row) => !row.totals).map((row) => row.key)
  const found = keys.length === 0 ? [] : await keyTotals(db, { question, dimension, keys })
  const totals = new Map([...found, ...ranks.flatMap((row) => row.totals ?? [])].map((row) => [row.key, row]))
  return ranks.map(({ key, packets }, i) => {
    const before = previous.get(key) ?? Infinity
    return {
      key: addressToKey(dimension, key), rank: i + 1, previous_rank: before <= previousRankMax(i + 1) ? before : null,
      packets, bytes: totals.get(key)?.bytes ?? 0, sources: totals.get(key)?.sources ?? 0,
    }
  })
}
