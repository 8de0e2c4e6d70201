import { MINUTE_S } from '@hirundo/base'
import { sensorMinuteLayout, type MinuteCounters } from '@hirundo/formats'

/** Minutes whose row was given are remembered, so that a clock set back does not count their seconds twice. */
const GIVEN_MAX = 2_880
/** In a file, silence up to this long lies inside the capture; a longer one is a hole. */
const FILLED_MINUTES_MAX = 60
const JUMP_MS_MIN = 2_000

/** Where rows of `sensorMinuteLayout` go. */
export type MinuteOut = (row: Uint8Array) => void

interface Watched {
  observed_ms: number
  dropped: number
}

/**
 * The truth about coverage: one row for every minute that was watched, with or without packets. What was not
 * watched has no row. Rows of one minute add up; its seconds stand in the first one only.
 */
export class MinuteBook {
  readonly #out: MinuteOut
  readonly #watched = new Map<number, Watched>()
  readonly #given = new Set<number>()
  #last_file_minute: number | undefined
  #last_now_ms: number | undefined

  constructor(out: MinuteOut) {
    this.#out = out
  }

  /** Live: the last `elapsed_ms` (monotonic) up to `now_ms` (wall clock) were watched, and lost `dropped` packets. */
  watch(now_ms: number, elapsed_ms: number, dropped: number): void {
    const jumped = this.#last_now_ms !== undefined && Math.abs(now_ms - this.#last_now_ms - elapsed_ms) > JUMP_MS_MIN
    this.#last_now_ms = now_ms
    const minute_ms = Math.floor(now_ms / 60_000) * 60_000
    const before_ms = jumped ? 0 : Math.min(elapsed_ms, Math.max(0, minute_ms - (now_ms - elapsed_ms)))
    if (before_ms > 0) this.#seconds(minute_ms / 1000 - MINUTE_S, before_ms, 0)
    this.#seconds(minute_ms / 1000, elapsed_ms - before_ms, dropped)
  }

  #seconds(minute: number, observed_ms: number, dropped: number): void {
    const entry = this.#watched.get(minute) ?? { observed_ms: 0, dropped: 0 }
    entry.observed_ms += observed_ms
    entry.dropped += dropped
    this.#watched.set(minute, entry)
  }

  /** Live: the packets of a minute, with its seconds when they were not given yet. */
  liveMinute(counters: MinuteCounters): void {
    this.#give(counters, this.#take(counters.minute))
  }

  /** Live: every watched minute before `second` that had no packets gets its row of zeros. */
  closeBefore(second: number): void {
    for (const minute of [...this.#watched.keys()].sort((a, b) => a - b)) {
      if (minute + MINUTE_S > second) continue
      const seconds = this.#take(minute)
      if (seconds.observed_s > 0 || seconds.dropped > 0) this.#give(empty(minute), seconds)
    }
  }

  /** File: a minute in which packets lie was watched whole, and so were short silences between two such minutes. */
  fileMinute(counters: MinuteCounters): void {
    const last = this.#last_file_minute
    if (last !== undefined && counters.minute > last && counters.minute - last <= FILLED_MINUTES_MAX * MINUTE_S) {
      for (let minute = last + MINUTE_S; minute < counters.minute; minute += MINUTE_S) this.#giveOnce(empty(minute))
    }
    if (last === undefined || counters.minute > last) this.#last_file_minute = counters.minute
    this.#giveOnce(counters)
  }

  #giveOnce(counters: MinuteCounters): void {
    const observed_s = this.#given.has(counters.minute) ? 0 : MINUTE_S
    if (observed_s > 0 || counters.packets > 0) this.#give(counters, { observed_s, dropped: 0 })
  }

  #take(minute: number): { observed_s: number; dropped: number } {
    const entry = this.#watched.get(minute)
    this.#watched.delete(minute)
    if (!entry) return { observed_s: 0, dropped: 0 }
    const observed_s = this.#given.has(minute) ? 0 : Math.min(MINUTE_S, Math.round(entry.observed_ms / 1000))
    return { observed_s, dropped: entry.dropped }
  }

  #give(counters: MinuteCounters, seconds: { observed_s: number; dropped: number }): void {
    this.#given.add(counters.minute)
    for (const oldest of this.#given) {
      if (this.#given.size <= GIVEN_MAX) break
      this.#given.delete(oldest)
    }
    this.#out(encodeMinute(counters, seconds.observed_s, seconds.dropped))
  }
}

const empty = (minute: number): MinuteCounters => ({
  minute, packets: 0, counted: 0, not_ip: 0, not_for_us: 0, malformed: 0, flows: 0, partial: false,
})

function encodeMinute(counters: MinuteCounters, observed_s: number, dropped: number): Uint8Array {
  const { row_bytes, offset } = sensorMinuteLayout
  const row = new Uint8Array(row_bytes)
  const view = new DataView(row.buffer)
  view.setUint32(offset['minute']!, counters.minute, true)
  view.setUint32(offset['observed_s']!, observed_s, true)
  for (const name of ['packets', 'counted', 'not_ip', 'not_for_us', 'malformed'] as const) {
    view.setBigUint64(offset[name]!, BigInt(counters[name]), true)
  }
  view.setBigUint64(offset['dropped']!, BigInt(dropped), true)
  view.setUint32(offset['flows']!, counters.flows, true)
  view.setUint32(offset['partial']!, counters.partial ? 1 : 0, true)
  return row
}
