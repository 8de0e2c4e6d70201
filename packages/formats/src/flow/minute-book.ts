import type { ObserverOptions, ObserverSink } from '../observer-model.ts'
import { BackscatterWriter } from './backscatter-writer.ts'
import { BATCH_PACKETS } from './flow-batch.ts'
import { FLOWS_LIMIT } from './flow-layout.ts'
import { Minute, TablePool } from './minute.ts'
import { PacketStage } from './packet-stage.ts'
import { RowWriter } from './row-writer.ts'
import { SampleDice, SynReservoir } from './syn-reservoir.ts'

/** The open minutes: which one a packet belongs to, and when one is given out. */
export class MinuteBook {
  /** The minute of the last packet; one that no time lies in before the first packet and after its closing. */
  current: Minute
  /** Minutes close when a later one begins. */
  in_order = false
  readonly totals = { packets: 0, not_ip: 0, not_for_us: 0, malformed: 0, flows: 0 }
  /** µs since 1970 of counted packets in closed minutes. */
  first = Number.POSITIVE_INFINITY
  last = -1
  /** IPv4 packets of the current minute that are not in its table yet. */
  readonly stage: PacketStage
  readonly #open = new Map<number, Minute>()
  readonly #pool: TablePool
  readonly #writer: RowWriter | undefined
  readonly #vectors: BackscatterWriter | undefined
  readonly #dice: SampleDice
  readonly #samples_max: number
  readonly #sink: ObserverSink
  readonly #interval: number
  readonly #load_max: number
  readonly #no_minute: Minute
  #closed_before = 0
  #rows = 0

  constructor(options: ObserverOptions, sink: ObserverSink) {
    this.#interval = options.interval_s
    this.#load_max = Math.min(options.flows_max, FLOWS_LIMIT - BATCH_PACKETS)
    this.#sink = sink
    this.stage = new PacketStage(Math.min(options.packets_staged_max ?? 0, this.#load_max))
    this.#pool = new TablePool(options.random)
    if (sink.flows) {
      this.#writer = new RowWriter((rows, count) => {
        this.#rows += count
        sink.flows!(rows, count)
      })
    }
    if (sink.backscatter) this.#vectors = new BackscatterWriter((rows, count) => sink.backscatter!(rows, count))
    this.#dice = new SampleDice(options.random)
    this.#samples_max = sink.synSamples ? options.syn_samples_per_minute_max : 0
    this.#no_minute = this.current = new Minute(-1, -1, this.#pool.take())
    this.#no_minute.room = 1
  }

  get open(): Iterable<Minute> {
    return [this.#no_minute, ...this.#open.values()]
  }

  /** Makes the minute of `second` (0 … INSTANT_END_S) the current one. */
  turn(second: number): Minute {
    const start = second - (second % this.#interval)
    if (this.in_order) this.closeBefore(start)
    this.settle()
    let minute = this.#open.get(start)
    if (!minute) {
      minute = this.#make(start)
      minute.partial = minute.end <= this.#closed_before
      this.#open.set(start, minute)
      this.#adopt(minute)
    }
    let others = 0
    for (const other of this.#open.values()) if (other !== minute) others += other.load
    minute.room = Math.max(1, this.#load_max - others)
    this.stage.begin(minute.v4.size === 0)
    return (this.current = minute)
  }

  #make(start: number): Minute {
    const samples = this.#samples_max > 0 ? new SynReservoir(this.#samples_max, this.#dice) : undefined
    return new Minute(start, start + this.#interval, this.#pool.take(), samples)
  }

  /** Packets without a time that came before any minute was open count in the first that is. */
  #adopt(minute: Minute): void {
    minute.packets += this.#no_minute.packets
    minute.malformed += this.#no_minute.malformed
    this.#no_minute.resetCounters()
  }

  /** The stage is full. */
  takeIn(): void {
    if (!this.stage.divide()) this.settle()
  }

  /** Takes the waiting packets into the current minute's table, and looks whether the memory bound is reached. */
  settle(): void {
    const { current, stage } = this
    if (stage.count > 0) {
      for (let part = 0; part < stage.parts; part++) {
        stage.each(part, (from, count) => current.v4.addPackets(stage.words, from, count))
      }
      stage.begin(false)
    }
    if (current.load >= current.room) this.#overflow()
  }

  /** All that is held goes out as partial rows. */
  #overflow(): void {
    for (const minute of this.#ascending()) {
      minute.partial = true
      this.#giveOut(minute)
      minute.v4.clear()
      minute.v6.clear()
      minute.vectors.clear()
      minute.room = this.#load_max
    }
  }

  closeBefore(second: number): void {
    if (!this.stage.large) this.settle()
    for (const minute of this.#ascending()) if (minute.end <= second) this.#close(minute)
    this.#closed_before = Math.max(this.#closed_before, second)
  }

  closeAll(): void {
    if (!this.stage.large) this.settle()
    for (const minute of this.#ascending()) this.#close(minute)
  }

  #ascending(): Minute[] {
    return [...this.#open.values()].sort((a, b) => a.start - b.start)
  }

  #close(minute: Minute): void {
    minute.samples?.giveOut((rows, count) => this.#sink.synSamples!(rows, count))
    this.#giveOut(minute)
    this.#open.delete(minute.start)
    this.#closed_before = Math.max(this.#closed_before, minute.end)
    if (this.current === minute) this.current = this.#no_minute
    this.#pool.give(minute)
  }

  #giveOut(minute: Minute): void {
    const { packets, counted, not_ip, not_for_us, malformed, partial } = minute
    this.#rows = 0
    const context = { minute: minute.start, partial }
    if (minute === this.current && this.stage.count > 0) {
      this.#writer?.writeStaged(context, this.stage, minute.v4, minute.v6)
      this.stage.begin(false)
    } else this.#writer?.write(context, minute.v4, minute.v6)
    this.#vectors?.write(minute.vectors, partial)
    const flows = this.#rows
    this.#sink.minute({ minute: minute.start, packets, counted, not_ip, not_for_us, malformed, flows, partial })
    this.totals.packets += packets
    this.totals.not_ip += not_ip
    this.totals.not_for_us += not_for_us
    this.totals.malformed += malformed
    this.totals.flows += flows
    if (minute.last_at >= 0) {
      this.first = Math.min(this.first, minute.start * 1e6 + minute.first_at)
      this.last = Math.max(this.last, minute.start * 1e6 + minute.last_at)
    }
    minute.resetCounters()
  }
}
