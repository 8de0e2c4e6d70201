/** Whether something was there before the period, and how well that is known. */
export interface Novelty {
  /** `unknown`: nobody watched before. */
  readonly kind: 'new' | 'seen' | 'unknown'
  /** Days before the period on which at least one sensor watched. */
  readonly watched_days: number
  /** Of these, days on which it was seen. */
  readonly seen_days: number
  /** First of them, RFC 3339. */
  readonly first: string | undefined
}

interface Day { readonly at: string; readonly packets: number | null; readonly live_sensors: number }

/** From the days before the period, in order. Packets of a day that nobody is known to have watched count as seen. */
export function noveltyOf(days: readonly Day[]): Novelty {
  const watched_days = days.filter(({ live_sensors }) => live_sensors > 0).length
  const seen = days.filter(({ packets }) => (packets ?? 0) > 0)
  const kind = seen.length > 0 ? 'seen' : watched_days > 0 ? 'new' : 'unknown'
  return { kind, watched_days, seen_days: seen.length, first: seen[0]?.at }
}
