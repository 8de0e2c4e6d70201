import { fail, HOUR_S, ok, type Result } from '@hirundo/base'

export interface Quarter {
  readonly year: number
  /** 1 to 4. */
  readonly quarter: number
}

/** Seconds since 1970, `to` exclusive. */
export interface Period { readonly from: number, readonly to: number }

const startOf = ({ year, quarter }: Quarter): number => Date.UTC(year, (quarter - 1) * 3, 1) / 1000

export const quarterBefore = ({ year, quarter }: Quarter): Quarter => (quarter === 1 ? { year: year - 1, quarter: 4 } : { year, quarter: quarter - 1 })
const quarterAfter = ({ year, quarter }: Quarter): Quarter => (quarter === 4 ? { year: year + 1, quarter: 1 } : { year, quarter: quarter + 1 })

/** The quarter of the calendar (UTC) that an instant is in. */
export function quarterOf(now_ms: number): Quarter {
  const date = new Date(now_ms)
  return { year: date.getUTCFullYear(), quarter: Math.floor(date.getUTCMonth() / 3) + 1 }
}

export interface Reported {
  readonly quarter: Quarter
  readonly now: Period
  readonly before: Period
  /** The quarter has ended. */
  readonly complete: boolean
}

/**
 * What a report of the quarter covers: all of it, or up to the last full hour while it runs; beside it the whole quarter
 * before. Problem: `report/not-yet`.
 */
export function reportedAt(quarter: Quarter, now_ms: number): Result<Reported> {
  const [from, end] = [startOf(quarter), startOf(quarterAfter(quarter))]
  const hour = Math.floor(now_ms / 1000 / HOUR_S) * HOUR_S
  if (hour <= from) return fail('report/not-yet', { year: quarter.year, quarter: quarter.quarter })
  const to = Math.min(end, hour)
  return ok({
    quarter, now: { from, to }, before: { from: startOf(quarterBefore(quarter)), to: from }, complete: to === end,
  })
}
