export const MINUTES_OF_DAY = 1440
const clocks_max = 500
const clocks = new Map<string, Intl.DateTimeFormat>()

/** Made once for each zone: making one costs far more than asking it. */
function clockOf(time_zone: string): Intl.DateTimeFormat {
  const known = clocks.get(time_zone)
  if (known) return known
  if (clocks.size >= clocks_max) clocks.clear()
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: time_zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  clocks.set(time_zone, made)
  return made
}

/** Whether the zone is known here. */
export function isTimeZone(time_zone: string): boolean {
  try {
    return clockOf(time_zone) !== undefined
  } catch {
    return false
  }
}

/** What the wall of a zone shows. */
export interface Wall {
  /** `2026-01-31` */
  readonly date: string
  /** Since midnight. */
  readonly minute: number
}
export function wallOf(at_ms: number, time_zone: string): Wall {
  const parts = Object.fromEntries(clockOf(time_zone).formatToParts(at_ms).map(({ type, value }) => [type, value]))
  return { date: `${parts['year']!.padStart(4, '0')}-${parts['month']}-${parts['day']}`, minute: Number(parts['hour']) * 60 + Number(parts['minute']) }
}

/** Of `09:30` the minutes since midnight. */
export const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
