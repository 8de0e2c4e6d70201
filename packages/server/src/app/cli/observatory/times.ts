import { formatMillis, parseInstant } from '@hirundo/base'
import { InvalidArgumentError } from 'commander'

const unit_ms: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }
const DAY_MS = 86_400_000

/**
 * An instant as people write it, in milliseconds since 1970: RFC 3339, a date (its start in UTC), `now`, `today`,
 * `yesterday`, or a time before the end of this minute: `-24h`, `-7d`, `-30m`, `-2w`, so that `-24h` is as long as it
 * says. Undefined when it is none of these.
 */
export function readTime(text: string, now_ms: number): number | undefined {
  const today = now_ms - (now_ms % DAY_MS)
  if (text === 'now') return now_ms
  if (text === 'today') return today
  if (text === 'yesterday') return today - DAY_MS
  const [, count, unit] = /^-(\d{1,6})([smhdw])$/.exec(text) ?? []
  const minute_end = Math.ceil(now_ms / 60_000) * 60_000
  if (count !== undefined) return Math.max(0, minute_end - Number(count) * unit_ms[unit!]!)
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  return instant.ok ? instant.value : undefined
}

/** An option's text as the API takes it. */
export const instantOption = (now_ms: number) => (text: string): string => {
  const millis = readTime(text, now_ms)
  if (millis === undefined) throw new InvalidArgumentError('It must be like 2026-01-31T06:00:00Z, 2026-01-31, today, yesterday or -24h.')
  return formatMillis(millis)
}
