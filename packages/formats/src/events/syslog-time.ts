import { boundedMillis, millisOf } from './time.ts'

const months: ReadonlyMap<string, number> = new Map(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, month) => [name, month]))
const PRIORITY = /^<\d{1,3}>(?:\d{1,2} )?/
const CLASSIC = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2})/
const EPOCH = /^\d{9,10}(?:\.\d{1,9})?(?= )/
const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?/
/** A step back by more months than this is a new year; a shorter one are lines out of order. */
const BACK_MONTHS = 6

/** The year of the last line, and its month (−1: none yet). */
export interface LogYear {
  readonly year: number
  readonly month: number
}

export interface Stamp {
  readonly at_ms: number
  /** Where the line named no year: the year to read the next by. */
  readonly year: LogYear | undefined
}

/** Time at the start of a line of syslog: RFC 5424, ISO, seconds since 1970, or the classic one without a year (RFC 3164). */
export function readStamp(line: string, zone_s: number, year: LogYear | undefined): Stamp | undefined {
  const text = line.slice(0, 80).replace(PRIORITY, '')
  const iso = ISO.exec(text)?.[0]
  const epoch = EPOCH.exec(text)?.[0]
  const at_ms = iso !== undefined ? millisOf(iso, zone_s) : epoch === undefined ? undefined : boundedMillis(Math.round(Number(epoch) * 1000))
  if (at_ms !== undefined) return { at_ms, year: undefined }
  const classic = classicOf(text)
  if (!classic || !year) return undefined
  const turn = year.month < 0 ? 0 : classic.month - year.month
  const of = year.year + (turn < -BACK_MONTHS ? 1 : turn > BACK_MONTHS ? -1 : 0)
  const millis = boundedMillis(Date.UTC(of, classic.month, classic.day) + classic.second_of_day * 1000 - zone_s * 1000)
  // A line of last December among those of January does not turn the year back for the next.
  return millis === undefined ? undefined : { at_ms: millis, year: of < year.year ? year : { year: of, month: classic.month } }
}

/** Month, day and second of a classic stamp at the start of `text`. */
export function classicOf(text: string): { readonly month: number; readonly day: number; readonly second_of_day: number } | undefined {
  const found = CLASSIC.exec(text)
  const month = found ? months.get(found[1]!) : undefined
  if (!found || month === undefined) return undefined
  const [day, hour, minute, second] = found.slice(2).map(Number) as [number, number, number, number]
  if (day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined
  return { month, day, second_of_day: hour * 3600 + minute * 60 + second }
}

/** The year in which a log's first classic line lies, when it was written before `before_ms`; undefined: it is no such line. */
export function firstYearOf(line: string, before_ms: number, zone_s: number): number | undefined {
  const classic = classicOf(line.slice(0, 80).replace(PRIORITY, ''))
  if (!classic) return undefined
  const year = new Date(before_ms + zone_s * 1000).getUTCFullYear()
  const at_ms = Date.UTC(year, classic.month, classic.day) + (classic.second_of_day - zone_s) * 1000
  return at_ms < before_ms ? year : year - 1
}
