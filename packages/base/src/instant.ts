import { fail, ok, type Result } from './result.ts'

export const MINUTE_S = 60
export const HOUR_S = 3600
export const DAY_S = 86_400

/** First second that no store of ours takes: ClickHouse `DateTime` ends in 2106, and a year of margin is kept. */
export const INSTANT_END_S = Date.UTC(2106, 0, 1) / 1000

/** `2026-01-01T00:00:00Z` of whole seconds since 1970. */
export const formatSeconds = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`

/** `2026-01-01T00:00:00.000Z` of milliseconds since 1970. */
export const formatMillis = (millis: number): string => new Date(millis).toISOString()

const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Milliseconds since 1970 of an RFC 3339 instant (seconds may be left out). Problem: `request/invalid`. */
export function parseInstant(text: string): Result<number> {
  const millis = shape.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isFinite(millis) || millis < 0 || millis >= INSTANT_END_S * 1000) {
    return fail('request/invalid', { what: 'instant', value: text.slice(0, 64) })
  }
  return ok(millis)
}
