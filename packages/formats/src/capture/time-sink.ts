import { INSTANT_END_S } from '@hirundo/base'
import type { PacketSink } from './model.ts'

/** What the times of one part of a capture are. */
export interface PartTimes {
  /** Earliest valid second, +∞ if there is none. */
  readonly earliest: number
  /** Start of the last minute; +∞ if a packet lies in an earlier minute than one before it. */
  readonly last_minute: number
}

/** Keeps what the times of packets are. */
export class TimeSink implements PacketSink {
  readonly #interval: number
  #earliest = Number.POSITIVE_INFINITY
  #start = 0
  #end = 0
  #in_order = true

  constructor(interval_s: number) {
    this.#interval = interval_s
  }

  packet(_bytes: Uint8Array, _view: DataView, _start: number, _end: number, second: number): void {
    this.note(second)
  }

  /** The time of the next packet in seconds. */
  note(second: number): void {
    if (second >= this.#start && second < this.#end) {
      if (second < this.#earliest) this.#earliest = second
    } else if (second >= 0 && second < INSTANT_END_S) this.#turn(second)
  }

  #turn(second: number): void {
    if (second < this.#start) this.#in_order = false
    this.#start = second - (second % this.#interval)
    this.#end = this.#start + this.#interval
    this.#earliest = Math.min(this.#earliest, second)
  }

  take(): PartTimes {
    const times = { earliest: this.#earliest, last_minute: this.#in_order ? this.#start : Number.POSITIVE_INFINITY }
    this.#earliest = Number.POSITIVE_INFINITY
    this.#start = this.#end = 0
    this.#in_order = true
    return times
  }

  malformedRecord(): void {}
}
