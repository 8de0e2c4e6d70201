import { DAY_S, HOUR_S, isTimeZone, minuteOfDay, MINUTES_OF_DAY, wallOf } from '@hirundo/base'
import type { NewSubscription, Severity } from '@hirundo/contract'

const HOUR_MS = HOUR_S * 1000
const DAY_MS = DAY_S * 1000
const MINUTE_MS = 60_000

export type Quiet = NonNullable<NewSubscription['quiet']>
export interface Rhythm {
  readonly digest: NewSubscription['digest']
  readonly quiet: Quiet | null
}

/** Minutes since midnight on the wall of `time_zone`. */
export const wallMinute = (at_ms: number, time_zone: string): number => wallOf(at_ms, time_zone).minute

/** Whether times and zone mean something: hours below 24, a zone that is known. */
export const isQuietHours = ({ from, to, time_zone }: Quiet): boolean =>
  minuteOfDay(from) < MINUTES_OF_DAY && minuteOfDay(to) < MINUTES_OF_DAY && isTimeZone(time_zone)

/** Whether the wall clock stands in the hours [from, to), over midnight when `from` is later; the same twice means none. */
export function isQuiet({ from, to, time_zone }: Quiet, at_ms: number): boolean {
  const [begin, end, now] = [minuteOfDay(from), minuteOfDay(to), wallMinute(at_ms, time_zone)]
  return begin <= end ? now >= begin && now < end : now >= begin || now < end
}

/** First begin of a minute after `at_ms` at which `holds`, at most two days ahead. */
function firstMinute(at_ms: number, holds: (ms: number) => boolean): number {
  const start = Math.floor(at_ms / MINUTE_MS) * MINUTE_MS
  for (let i = 1; i <= 2 * MINUTES_OF_DAY; i++) if (holds(start + i * MINUTE_MS)) return start + i * MINUTE_MS
  return start + 2 * DAY_MS
}

/**
 * When the wall clock will show `minute` next, counted in minutes; undefined within a day of a change of the clock, which is
 * twice a year: then it has to be looked for.
 */
function counted(at_ms: number, minute: number, time_zone: string): number | undefined {
  const start = Math.floor(at_ms / MINUTE_MS) * MINUTE_MS
  const now = wallMinute(start, time_zone)
  const ahead = ((minute - now + MINUTES_OF_DAY - 1) % MINUTES_OF_DAY) + 1
  const steady = wallMinute(start + DAY_MS, time_zone) === now && wallMinute(start + ahead * MINUTE_MS, time_zone) === minute
  return steady ? start + ahead * MINUTE_MS : undefined
}

/** First begin of a minute after `at_ms` at which the wall clock shows `minute` or has just jumped over it. */
function nextWall(at_ms: number, minute: number, time_zone: string): number {
  return counted(at_ms, minute, time_zone) ?? firstMinute(at_ms, (ms) => {
    const [before, after] = [wallMinute(ms - MINUTE_MS, time_zone), wallMinute(ms, time_zone)]
    const moved = (after - before + MINUTES_OF_DAY) % MINUTES_OF_DAY
    // Back by an hour is ahead by 23: that passes nothing.
    return moved < MINUTES_OF_DAY / 2 && (minute - before + MINUTES_OF_DAY - 1) % MINUTES_OF_DAY < moved
  })
}

/** End of the quiet hours that `at_ms` lies in; `at_ms` itself when it lies in none. */
function afterQuiet(quiet: Quiet, at_ms: number): number {
  if (!isQuiet(quiet, at_ms)) return at_ms
  return counted(at_ms, minuteOfDay(quiet.to), quiet.time_zone) ?? firstMinute(at_ms, (ms) => !isQuiet(quiet, ms))
}

/** When a digest goes out that takes what comes at `now_ms`: the next full hour, the end of the quiet hours, else midnight UTC. */
function digestAt(now_ms: number, { digest, quiet }: Rhythm): number {
  if (digest === 'hourly') return (Math.floor(now_ms / HOUR_MS) + 1) * HOUR_MS
  return quiet ? nextWall(now_ms, minuteOfDay(quiet.to), quiet.time_zone) : (Math.floor(now_ms / DAY_MS) + 1) * DAY_MS
}

/** When what is due at `at_ms` may be sent: then, or at the end of the quiet hours. Milliseconds since 1970. */
export const sendableAt = (at_ms: number, quiet: Quiet | null, severity: Severity): number =>
  quiet === null || (quiet.but_urgent && severity === 'urgent') ? at_ms : afterQuiet(quiet, at_ms)

/** When what comes at `now_ms` is to be sent. Milliseconds since 1970. */
export const dueAt = (now_ms: number, rhythm: Rhythm, severity: Severity): number =>
  sendableAt(rhythm.digest === 'at-once' ? now_ms : digestAt(now_ms, rhythm), rhythm.quiet, severity)
