import { DAY_S, HOUR_S } from '@hirundo/base'

const DAYS_FROM_S = 3 * DAY_S

export interface Began {
  readonly step_s: number
  readonly points: readonly { readonly at_ms: number; readonly value: number }[]
}

/** How many attacks began in each hour, or in each day (UTC) of a longer period. */
export function attacksBegan(starts: readonly string[], from: string, to: string): Began {
  const [from_ms, to_ms] = [Date.parse(from), Date.parse(to)]
  const step_s = to_ms - from_ms > DAYS_FROM_S * 1000 ? DAY_S : HOUR_S
  const step_ms = step_s * 1000
  const first = Math.floor(from_ms / step_ms)
  const counts = Array.from({ length: Math.max(1, Math.ceil(to_ms / step_ms) - first) }, () => 0)
  for (const start of starts) {
    const at = Math.floor(Date.parse(start) / step_ms) - first
    if (at >= 0 && at < counts.length) counts[at]! += 1
  }
  return { step_s, points: counts.map((value, i) => ({ at_ms: (first + i) * step_ms, value })) }
}
