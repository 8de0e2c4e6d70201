import { INSTANT_END_S } from '@hirundo/base'

const ZERO = 0x30

/** Two digits of `text` at `at`; NaN when they are none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Milliseconds of the digits after `at`, and where they end. */
function fraction(text: string, at: number): { ms: number; end: number } {
  let end = at
  let ms = 0
  for (let unit = 100; end < text.length; end++, unit /= 10) {
    const digit = text.charCodeAt(end) - ZERO
    if (!(digit >= 0 && digit <= 9)) break
    if (unit >= 1) ms += digit * unit
  }
  return { ms, end }
}

/** Seconds east of UTC of `Z`, `+0900`, `+09:00`, `+09`; NaN of anything else. */
export function zoneSeconds(text: string): number {
  if (text === 'Z' || text === 'z' || text === 'UTC') return 0
  const sign = text[0] === '+' ? 1 : text[0] === '-' ? -1 : Number.NaN
  const minutes = text.length === 3 ? 0 : two(text, text.length - 2)
  const is_shaped = text.length === 3 || text.length === 5 || (text.length === 6 && text[3] === ':')
  const hours = two(text, 1)
  return is_shaped && hours <= 14 && minutes < 60 ? sign * (hours * 3600 + minutes * 60) : Number.NaN
}

/** Milliseconds since 1970 within what is stored (1970…2105), or undefined. */
export const boundedMillis = (millis: number): number | undefined =>
  millis >= 0 && millis < INSTANT_END_S * 1000 ? Math.floor(millis) : undefined

const days_of = { text: '', ms: Number.NaN }

/** Start of the day `YYYY-MM-DD` in UTC; neighbouring lines mostly share it. */
function dayMillis(text: string): number {
  const day = text.slice(0, 10)
  if (days_of.text === day) return days_of.ms
  const century = two(day, 0)
  const year = two(day, 2)
  const month = two(day, 5)
  const date = two(day, 8)
  const is_shaped = (day[4] === '-' && day[7] === '-') || (day[4] === '/' && day[7] === '/')
  const ms = is_shaped && month >= 1 && month <= 12 && date >= 1 ? Date.UTC(100 * century + year, month - 1, date) : Number.NaN
  days_of.text = day
  days_of.ms = new Date(ms).getUTCDate() === date ? ms : Number.NaN
  return days_of.ms
}

/**
 * Milliseconds since 1970 of `2026-01-31T08:09:10.123456+0900` and its relatives (blank for T, comma for the point, no
 * fraction, any form of zone); without a zone it is `zone_s` seconds east of UTC. Undefined: no such time, or outside
 * of 1970…2105.
 */
export function millisOf(text: string, zone_s: number): number | undefined {
  if (text.length < 19 || text.length > 40) return undefined
  const seconds = two(text, 11) * 3600 + two(text, 14) * 60 + two(text, 17)
  if (!(two(text, 11) < 24 && two(text, 14) < 60 && two(text, 17) <= 60)) return undefined
  if (text[13] !== ':' || text[16] !== ':' || (text[10] !== 'T' && text[10] !== ' ' && text[10] !== '_')) return undefined
  const point = text[19]
  const { ms, end } = point === '.' || point === ',' ? fraction(text, 20) : { ms: 0, end: 19 }
  const rest = text.slice(end).trim()
  const zone = rest === '' ? zone_s : zoneSeconds(rest)
  return boundedMillis(dayMillis(text) + (seconds - zone) * 1000 + ms)
}

/** Seconds beyond it lie after all that is stored: the number is of milliseconds. */
const SECONDS_MAX = 1e11

/** A time in any of the forms of JSON logs: text as above, or seconds or milliseconds since 1970 as a number or as digits. */
export function millisIn(value: unknown, zone_s: number): number | undefined {
  if (typeof value === 'number') return boundedMillis(value < SECONDS_MAX ? value * 1000 : value)
  if (typeof value !== 'string') return undefined
  return /^\d{9,10}(?:\.\d{1,9})?$/.test(value) ? boundedMillis(Math.round(Number(value) * 1000)) : millisOf(value, zone_s)
}
