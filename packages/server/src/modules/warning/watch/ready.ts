import { MINUTE_S } from '@hirundo/base'
import type { MinuteCounts } from '@hirundo/analytics'
import type { WatchConfig } from './config.ts'

/** What is known of who delivered. */
export interface Delivered {
  /** Start of the next minute. */
  readonly position: number
  readonly now_s: number
  /** Newest minutes that hold any row, from some before `position` on. */
  readonly counts: readonly Pick<MinuteCounts, 'minute' | 'sensors'>[]
  /** Sensors that were heard of lately. */
  readonly live: readonly number[]
}

/** Sensors that delivered one of so many minutes before count as delivering, whether they say that they live or not. */
const RECENT_MINUTES = 3

/** From here counts are needed to decide. */
export const countsFrom = (position: number): number => position - RECENT_MINUTES * MINUTE_S

/** End of the minutes that may be looked at whoever has not delivered them. */
export const graceEnd = (now_s: number, { grace_s }: Pick<WatchConfig, 'grace_s'>): number => Math.floor((now_s - grace_s) / MINUTE_S) * MINUTE_S

/**
 * End of the minutes from `position` on that are complete: every sensor that lives, or delivered lately, delivered them or a
 * later one, as each sends its minutes in order and a minute's flows before its summary; or their grace is over.
 */
export function readyUntil({ position, now_s, counts, live }: Delivered, config: Pick<WatchConfig, 'settle_s' | 'grace_s'>): number {
  const newest = new Map<number, number>()
  const expected = new Set(live)
  for (const { minute, sensors } of counts) {
    for (const sensor of sensors) {
      newest.set(sensor, Math.max(minute, newest.get(sensor) ?? 0))
      if (minute >= countsFrom(position) && minute < position) expected.add(sensor)
    }
  }
  const delivered = expected.size === 0 ? -Infinity : Math.min(...Array.from(expected, (sensor) => newest.get(sensor) ?? -Infinity)) + MINUTE_S
  const settled = Math.floor((now_s - config.settle_s) / MINUTE_S) * MINUTE_S
  return Math.max(position, graceEnd(now_s, config), Math.min(settled, delivered))
}
