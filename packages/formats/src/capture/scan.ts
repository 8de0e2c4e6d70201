import { INSTANT_END_S, type Result } from '@hirundo/base'
import { CaptureStream } from './capture.ts'
import type { PacketSink } from './model.ts'

/** Reads only the times of a capture: which comes first in each part of it. */
export class CaptureScan {
  readonly #earliest = new EarliestTime()
  readonly #stream: CaptureStream

  constructor(name: string) {
    this.#stream = new CaptureStream(name, this.#earliest)
  }

  /** Problems as of Capture. */
  push(chunk: Uint8Array): Result<void> {
    return this.#stream.push(chunk)
  }

  /** Earliest valid second since the last call, +∞ if there was none. */
  takeEarliest(): number {
    const { second } = this.#earliest
    this.#earliest.second = Number.POSITIVE_INFINITY
    return second
  }
}

class EarliestTime implements PacketSink {
  second = Number.POSITIVE_INFINITY

  packet(_bytes: Uint8Array, _view: DataView, _start: number, _end: number, second: number): void {
    if (second < this.second && second >= 0 && second < INSTANT_END_S) this.second = second
  }

  malformedRecord(): void {}
}

/** A scan of one stream of pcap or pcapng bytes. */
export const openCaptureScan = (name: string): CaptureScan => new CaptureScan(name)
