import type { Result } from '@hirundo/base'
import { CaptureStream } from './capture.ts'
import { PcapTimesReader } from './pcap-reader.ts'
import { TimeSink, type PartTimes } from './time-sink.ts'

/** Reads only the times of a capture. */
export class CaptureScan {
  readonly #times: TimeSink
  readonly #stream: CaptureStream

  /** `interval_s` as of ObserverOptions. */
  constructor(name: string, interval_s: number) {
    this.#times = new TimeSink(interval_s)
    this.#stream = new CaptureStream(name, this.#times, new PcapTimesReader(this.#times))
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
