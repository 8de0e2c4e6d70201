import type { CallOutput, compareAnswer } from '@hirundo/contract'
import type { Order } from './compare-state.ts'

export type CompareAnswer = CallOutput<typeof compareAnswer>
export type CompareRow = CompareAnswer['data']['rows'][number]

/** Between these a mean counts as unchanged: two samples of the same traffic differ by as much. */
const SAME_MAX = 1.1

/** Rose, fell, stayed, came (nothing known before) or went (nothing known now). */
export type Change = 'rose' | 'fell' | 'same' | 'came' | 'went' | 'unknown'
export function changeOf({ ratio, rank, base_rank }: CompareRow): Change {
  if (rank === null) return base_rank === null ? 'unknown' : 'went'
  if (base_rank === null) return 'came'
  if (ratio === null) return 'unknown'
  return ratio >= SAME_MAX ? 'rose' : ratio <= 1 / SAME_MAX ? 'fell' : 'same'
}

/** How far a mean moved, up or down alike; who came or went moved farther than any ratio. */
function distance(row: CompareRow): number {
  const change = changeOf(row)
  if (change === 'came' || change === 'went') return Infinity
  return row.ratio === null || row.ratio <= 0 ? 0 : Math.abs(Math.log(row.ratio))
}

const size = ({ packets_per_sensor, base_packets_per_sensor }: CompareRow): number => Math.max(packets_per_sensor ?? 0, base_packets_per_sensor ?? 0)

/** Rows by the larger of both means, or by how far the mean moved. */
export function ordered(rows: readonly CompareRow[], order: Order): readonly CompareRow[] {
  if (order === 'size') return rows
  // Two infinities have no difference: the larger mean goes first.
  return rows.toSorted((a, b) => (distance(a) === distance(b) ? size(b) - size(a) : distance(b) - distance(a)))
}

export interface Tally {
  readonly rose: number; readonly fell: number; readonly same: number; readonly came: number; readonly went: number; readonly most: CompareRow | undefined
  /** The largest of those that came. */
  readonly newest: CompareRow | undefined
}

/** How many rose and fell, and which one rose most among those present in both periods. */
export function tallyOf(rows: readonly CompareRow[]): Tally {
  const count = (change: Change) => rows.filter((row) => changeOf(row) === change).length
  const risen = rows.filter((row) => changeOf(row) === 'rose').toSorted((a, b) => b.ratio! - a.ratio!)
  return { rose: count('rose'), fell: count('fell'), same: count('same'), came: count('came'), went: count('went'), most: risen[0], newest: ordered(rows, 'change').find((row) => changeOf(row) === 'came') }
}
