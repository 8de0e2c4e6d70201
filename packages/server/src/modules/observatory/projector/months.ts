import { DAY_S, HOUR_S } from '@hirundo/base'

/** Months since January 1970 of an instant in seconds. */
export function monthOf(second: number): number {
  const date = new Date(second * 1000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

/** First second of a month given as months since January 1970. */
export const monthStart = (month: number): number => Date.UTC(1970 + Math.floor(month / 12), month % 12, 1) / 1000

/** Start of the last day of a month. */
export const lastDayOf = (month: number): number => monthStart(month + 1) - DAY_S

/** `2026-01`. */
export const monthText = (month: number): string => new Date(monthStart(month) * 1000).toISOString().slice(0, 7)

export const hourOf = (second: number): number => second - (second % HOUR_S)
