import type { Span } from '@hirundo/figures'

const steps_s = [60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400] as const
const STEPS_WANTED = 200
/** Of a step, from which on it counts as watched: minutes at the ends of a file are cut. */
const WHOLE_SHARE = 0.95

/** A step that divides the period into at most about 200; a year in days. */
export const coverageStep = (from: string, to: string): number =>
  steps_s.find((step) => (Date.parse(to) - Date.parse(from)) / 1000 / step <= STEPS_WANTED) ?? 86_400

export interface WatchedPeriod {
  readonly from_ms: number
  /** Nothing is known after it. */
  readonly known_to_ms: number
  readonly step_s: number
  /** Before it the sensor was not in service: what was not watched then is no hole. Infinity: it never was, as an import. */
  readonly in_service_from_ms: number
}

/** Seconds watched in each step as runs: watched, partly watched, and holes while the sensor was in service. */
export function watchedSpans(watched_s: readonly number[], { from_ms, known_to_ms, step_s, in_service_from_ms }: WatchedPeriod): Span[] {
  const step_ms = step_s * 1000
  const first_ms = Math.floor(from_ms / step_ms) * step_ms
  const spans: { from_ms: number; to_ms: number; kind?: 'hole' | 'partly' }[] = []
  let has_watched = false
  watched_s.forEach((seconds, i) => {
    const [start, end] = [Math.max(from_ms, first_ms + i * step_ms), Math.min(known_to_ms, first_ms + (i + 1) * step_ms)]
    if (end <= start) return
    has_watched ||= seconds > 0
    if (seconds === 0 && end <= in_service_from_ms && (!has_watched || in_service_from_ms === Infinity)) return
    const cut = end - start < step_ms
    const kind = seconds === 0 ? 'hole' : cut || seconds >= step_s * WHOLE_SHARE ? undefined : 'partly'
    const last = spans.at(-1)
    if (last && last.kind === kind && last.to_ms === start) last.to_ms = end
    else spans.push(kind ? { from_ms: start, to_ms: end, kind } : { from_ms: start, to_ms: end })
  })
  return spans
}
