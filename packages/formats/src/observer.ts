import { CaptureStream } from './capture/capture.ts'
import { MinuteBook } from './flow/minute-book.ts'
import { PacketCounter } from './flow/packet-counter.ts'
import { AddressSet } from './frame/address-set.ts'
import type { Capture, ObserverCounters, ObserverOptions, ObserverSink } from './observer-model.ts'

const INTERVAL_S_MAX = 3600

/** Frames in, FlowTuples out: the same for a file that is read and for a sensor that listens. */
export class Observer {
  readonly #book: MinuteBook
  readonly #counter: PacketCounter

  constructor(options: ObserverOptions, sink: ObserverSink) {
    if (!Number.isInteger(options.interval_s) || options.interval_s < 1 || options.interval_s > INTERVAL_S_MAX) {
      throw new RangeError(`interval_s must be 1 … ${INTERVAL_S_MAX}`)
    }
    const bin_s = options.backscatter_bin_s
    if (bin_s !== undefined && !(Number.isInteger(bin_s) && bin_s >= 1 && options.interval_s % bin_s === 0)) {
      throw new RangeError('backscatter_bin_s must divide interval_s')
    }
    this.#book = new MinuteBook(options, sink)
    this.#counter = new PacketCounter(this.#book, new AddressSet(options.destinations), {
      flows: sink.flows !== undefined, vectors: sink.backscatter !== undefined, vector_bin_s: bin_s,
    })
  }

  /** A stream of pcap or pcapng bytes, told apart by magic; `name` stands in problems. Several may be open at once. */
  openCapture(name: string): Capture {
    return new CaptureStream(name, this.#counter)
  }

  /** Emits all minutes that end at or before `second`; packets for them that come later make `partial` rows. */
  closeBefore(second: number): void {
    this.#book.closeBefore(second)
  }

  /**
   * Says that in what is pushed from now on no packet lies in an earlier minute than one before it: a minute is then
   * emitted when the next begins, and its memory used again.
   */
  setInOrder(in_order: boolean): void {
    this.#book.in_order = in_order
  }

  /** Emits all open minutes. */
  flush(): void {
    this.#book.closeAll()
  }

  get counters(): ObserverCounters {
    const sums = { ...this.#book.totals }
    let { first, last } = this.#book
    for (const minute of this.#book.open) {
      sums.packets += minute.packets
      sums.not_ip += minute.not_ip
      sums.not_for_us += minute.not_for_us
      sums.malformed += minute.malformed
      if (minute.last_at < 0) continue
      first = Math.min(first, minute.start * 1e6 + minute.first_at)
      last = Math.max(last, minute.start * 1e6 + minute.last_at)
    }
    const counted = sums.packets - sums.not_ip - sums.not_for_us - sums.malformed
    const times = last < 0 ? {} : { first_ms: Math.floor(first / 1000), last_ms: Math.floor(last / 1000) }
    return { ...sums, counted, ...times }
  }
}
