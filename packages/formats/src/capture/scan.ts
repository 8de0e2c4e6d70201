import { INSTANT_END_S, type Result } from '@hirundo/base'
import { CaptureStream } from './capture.ts'
import type { PacketSink } from './model.ts'

/** What the times of one part of a capture are. */
export interface PartTimes {
  /** Earliest valid second, +∞ if there is none. */
  readonly earliest: number
  /** Start of the last minute; +∞ if a packet lies in an earlier minute than one before it. */
  readonly last_minute: number
}

/** Reads only the times of a capture. */
export class CaptureScan {
  readonly #times: TimeSink
  readonly #stream: CaptureStream

  /** `interval_s` as of ObserverOptions. */
  constructor(name: string, interval_s: number) {
    this.#times = new TimeSink(interval_s)
    this.#stream = new CaptureStream(name, this.#times)
  }

  /** Problems as of Capture. */
  push(chunk: Uint8Array): Result<void> {
    return this.#stream.push(chunk)
  }

  /** Times since the last call. */
  take(): PartTimes {
    return this.#times.take()
  }
}

class TimeSink implements PacketSink {
  readonly #interval: number
  #earliest = Number.POSITIVE_INFINITY
  #start = 0
  #end = 0
  #in_order = true

  constructor(interval_s: number) {
    this.#interval = interval_s
  }

  packet(_bytes: Uint8Array, _view: DataView, _start: number, _end: number, second: number): void {
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
