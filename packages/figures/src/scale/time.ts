const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Unit = 'clock' | 'day' | 'month'
interface Step { readonly unit: Unit, readonly count: number, readonly about_ms: number }

const clock = (ms: number): Step => ({ unit: 'clock', count: ms, about_ms: ms })
const steps: readonly Step[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => clock(n * MINUTE)), ...[1, 2, 3, 6, 12].map((n) => clock(n * HOUR)),
  ...[1, 2, 7, 14].map((n): Step => ({ unit: 'day', count: n, about_ms: n * DAY })),
  ...[1, 2, 3, 6, 12, 24, 60, 120].map((n): Step => ({ unit: 'month', count: n, about_ms: n * 30.44 * DAY })),
]

const formats = new Map<string, Intl.DateTimeFormat>()
/** Making one takes a hundred times as long as using one. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  let known = formats.get(key)
  if (!known) {
    if (formats.size >= 100) formats.clear()
    formats.set(key, known = new Intl.DateTimeFormat(locale, options))
  }
  return known
}

/** Milliseconds by which the clock on the wall of `zone` is ahead of UTC at an instant. */
function offsetAt(ms: number, zone: string): number {
  if (zone === 'UTC') return 0
  const parts: Record<string, number> = {}
  const format = formatOf('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  })
  for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value)
  const wall = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second)
  return wall - Math.floor(ms / 1000) * 1000
}

/** The instant at which the clock on the wall shows `wall` (written as if it were UTC); twice, for a change of the clock between. */
function instantOf(wall: number, zone: string): number {
  const guess = wall - offsetAt(wall, zone)
  return wall - offsetAt(guess, zone)
}

function wallsOf(step: Step, first: number, last: number): number[] {
  const walls: number[] = []
  if (step.unit === 'month') {
    const date = new Date(first)
    const start = Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / step.count) * step.count
    for (let n = start; walls.length < 100; n += step.count) {
      const wall = Date.UTC(Math.floor(n / 12), n % 12, 1)
      if (wall > last) break
      walls.push(wall)
    }
    return walls
  }
  const length = step.about_ms
  // Weeks begin on a Monday; 1970-01-05 was one.
  const origin = step.unit === 'day' && step.count >= 7 ? 4 * DAY : 0
  for (let wall = Math.floor((first - origin) / length) * length + origin; wall <= last && walls.length < 100; wall += length) walls.push(wall)
  return walls
}

export interface TimeTick {
  readonly at_ms: number
  readonly label: string
  /** Begins a day (among hours) or a year (among months): pages and figures may draw it stronger. */
  readonly major: boolean
}

function labelOf(wall: number, step: Step, first: boolean, locale: string): { label: string, major: boolean } {
  const date = new Date(wall)
  // The day before the month, as pages write their dates in English.
  const say = (options: Intl.DateTimeFormatOptions) => formatOf(locale === 'en' ? 'en-GB' : locale, { ...options, timeZone: 'UTC' }).format(wall)
  if (step.unit === 'clock') {
    const major = wall % DAY === 0
    return { major, label: major ? say({ month: 'short', day: 'numeric' }) : say({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) }
  }
  if (step.unit === 'day') return { major: false, label: say({ month: 'short', day: 'numeric' }) }
  const major = date.getUTCMonth() === 0
  if (step.count >= 12) return { major, label: say({ year: 'numeric' }) }
  return { major, label: say(major || first ? { year: 'numeric', month: 'short' } : { month: 'short' }) }
}

/**
 * About `count` ticks between two instants (milliseconds), on round times of the clock in `zone` (IANA), with labels in
 * `locale` (BCP 47). At most 100; a change of the clock moves no label off its hour.
 */
export function timeTicks(from_ms: number, to_ms: number, count: number, locale: string, zone: string): TimeTick[] {
  if (!(to_ms > from_ms)) return []
  const wanted = (to_ms - from_ms) / Math.max(1, count)
  const step = steps.find((one) => one.about_ms >= wanted * 0.85) ?? steps.at(-1)!
  const [first, last] = [from_ms + offsetAt(from_ms, zone), to_ms + offsetAt(to_ms, zone)]
  const ticks: TimeTick[] = []
  for (const wall of wallsOf(step, first, last)) {
    const at_ms = instantOf(wall, zone)
    if (at_ms < from_ms || at_ms > to_ms || at_ms === ticks.at(-1)?.at_ms) continue
    ticks.push({ at_ms, ...labelOf(wall, step, ticks.length === 0, locale) })
  }
  return ticks
}
