import { minuteOfDay, MINUTES_OF_DAY, type Wall } from '@hirundo/base'
import { visibilities, type Hours, type Visibility } from '@hirundo/contract'

/** Where nothing is said: fields of a team are for teams of a common forum, its points of contact for partners. */
export const fieldVisibility: Visibility = 'community'
export const contactVisibility: Visibility = 'partners'

/** Whether what is for `least` is seen by `audience`: each sees what those before it in `visibilities` do. */
export const isSeenBy = (least: Visibility, audience: Visibility): boolean => visibilities.indexOf(audience) >= visibilities.indexOf(least)

/** Whether `2026-02-28` is a day there is. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}

/** A year, month or day there is. */
export const isPartOfDate = (text: string): boolean => isDay(`${text}-01-01`.slice(0, 10)) && Number(text.slice(0, 4)) > 0

const DAY_MS = 86_400_000
export const isHours = ({ from, to }: Hours): boolean => minuteOfDay(from) < MINUTES_OF_DAY && minuteOfDay(to) < MINUTES_OF_DAY

const dayBefore = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10)
/** 1 Monday … 7 Sunday. */
const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7

/**
 * Whether somebody answers: within the hours of a day that counts and is no holiday. Hours that end on the next day belong to
 * the day on which they begin. `hours` null: every minute of every day that is no holiday.
 */
export function isOpen(hours: Hours | null, holidays: ReadonlySet<string>, { date, minute }: Wall): boolean {
  if (hours === null) return !holidays.has(date)
  const begins = (day: string): boolean => hours.days.includes(weekdayOf(day)) && !holidays.has(day)
  const [from, to] = [minuteOfDay(hours.from), minuteOfDay(hours.to)]
  if (from < to) return begins(date) && minute >= from && minute < to
  return (minute >= from && begins(date)) || (minute < to && begins(dayBefore(date)))
}
