import { HOUR_S, MINUTE_S } from '@hirundo/base'
import type { TimeRange, TopRow } from '@hirundo/analytics'

/** A minute that is not queryable this long after its end counts as missing, and not as on its way. */
export const LATE_S = 3 * MINUTE_S
export const STRIP_MINUTES = 30

/** Of the seconds watched in the minute before: with less, parts of a minute are still on their way. */
const WHOLE_SHARE = 0.9

/**
 * Start of the newest minute that came whole. Sensors send a minute in parts: a quarter of one, drawn as a minute, is a
 * fall that was none. `minutes`: one row for each sensor and minute.
 */
export function newestWhole(minutes: readonly { readonly at: number; readonly observed_s: number }[]): number | undefined {
  const watched = new Map<number, number>()
  for (const { at, observed_s } of minutes) watched.set(at, (watched.get(at) ?? 0) + observed_s)
  if (watched.size === 0) return undefined
  const newest = Math.max(...watched.keys())
  const before = watched.get(newest - MINUTE_S)
  return before !== undefined && watched.get(newest)! < WHOLE_SHARE * before ? newest - MINUTE_S : newest
}

/**
 * The hour that is shown: up to the newest whole minute, so that one on its way is no hole; when nothing comes the
 * window goes on with the clock, and what is missing becomes visible. `newest` is the start of that minute.
 */
export function windowOf(now_ms: number, newest: number | undefined): TimeRange {
  const full = Math.floor(now_ms / 60_000) * MINUTE_S
  const to = Math.min(full, Math.max(full - LATE_S, newest === undefined ? 0 : newest + MINUTE_S))
  return { from: to - HOUR_S, to }
}

export const RANKS_LOOKED_AT = 50
/** Where `Store.top` looks for previous ranks when it is asked for so many. */
const PREVIOUS_LOOKED_AT = 100
const CLIMBERS = 8
/** Below it a rank is chance: two or three packets more change it by ten places. */
const climber_packets_min = 20

/** How far up in the ranks, on the scale on which a reader sees ranks: 40 to 20 is as far as 10 to 5. */
const rise = ({ rank, previous_rank }: TopRow): number => Math.log2((previous_rank ?? PREVIOUS_LOOKED_AT + 1) / rank)

/** Rows whose rank rose by half a doubling or more, the farthest first; new ones count from below what was looked at. */
export const climbersOf = (rows: readonly TopRow[]): readonly TopRow[] =>
  rows.filter((row) => row.packets >= climber_packets_min && rise(row) >= 0.5).toSorted((a, b) => rise(b) - rise(a) || a.rank - b.rank).slice(0, CLIMBERS)
