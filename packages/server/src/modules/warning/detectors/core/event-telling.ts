import { MINUTE_S } from '@hirundo/base'
import { severities, type Severity } from '@hirundo/contract'
import { rank, type ColumnSpec, type EventTable } from './event-table.ts'

/** Columns of events that are told: minute of the last sample, second when it was told (0: never), 1 + index of the severity. */
export const tellingColumns = { seen: [Float64Array, 1], told: [Float64Array, 1], level: [Uint8Array, 1] } as const satisfies ColumnSpec

const RECORD = 1

/**
 * When events are told: at the end of the minute in which they became one, at once when they become more urgent, and while they
 * go on not more often than every `update_s`; records, for which nobody waits, every `record_update_s`.
 */
export class EventTelling {
  readonly #events: EventTable<typeof tellingColumns>
  readonly #update_s: number
  readonly #record_update_s: number
  /** Slots with a sample in this minute; some may have been closed since. */
  #touched: number[] = []

  /** `events`: a table that has `tellingColumns` beside others. */
  constructor(events: unknown, update_s: number, record_update_s = update_s) {
    // Tables of more columns are tables of these: the type of a table says that of no other.
    this.#events = events as EventTable<typeof tellingColumns>
    this.#update_s = update_s
    this.#record_update_s = record_update_s
  }

  /** The event had a sample in this minute, and may be worth telling. */
  note(slot: number, minute: number): void {
    const { seen } = this.#events.columns
    if (seen[slot] === minute) return
    seen[slot] = minute
    this.#touched.push(slot)
  }

  /** Those noted in this minute that are due; `severityOf` gives an index of `severities`, or −1 for what is nothing to tell. */
  due(minute: number, severityOf: (slot: number) => number): readonly number[] {
    const { seen, told, level } = this.#events.columns
    const now = minute + MINUTE_S
    const due = this.#touched.filter((slot) => {
      if (seen[slot] !== minute) return false
      seen[slot] = 0
      const raised = severityOf(slot) + 1
      const every_s = level[slot] === RECORD ? this.#record_update_s : this.#update_s
      if (raised === 0 || (told[slot] !== 0 && now - told[slot]! < every_s && raised <= level[slot]!)) return false
      told[slot] = now
      level[slot] = Math.max(level[slot]!, raised)
      this.#events.touch(slot, rank.told)
      return true
    })
    this.#touched = []
    return due
  }

  wasTold(slot: number): boolean {
    return this.#events.columns.told[slot] !== 0
  }

  /** The highest that it was told with, or this one. */
  severity(slot: number, now: number): Severity {
    return severities[Math.max(now, this.#events.columns.level[slot]! - 1)]!
  }
}
