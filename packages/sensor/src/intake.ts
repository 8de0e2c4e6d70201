import type { Cidr, Result, World } from '@hirundo/base'
import {
  backscatterLayout, batchKinds, flowLayout, Observer, sensorMinuteLayout, synSampleLayout, type Capture, type MinuteCounters,
  type ObserverCounters, type RowLayout,
} from '@hirundo/formats'
import { Batcher, type BatchOut } from './batcher.ts'
import type { SensorBounds } from './bounds.ts'
import type { Log } from './log.ts'
import { MinuteBook } from './minutes.ts'
import { readCaptureFile } from './sources/files.ts'
import type { Source } from './sources/source.ts'

/**
 * A file's minutes close this long after their end by the packets' own times: captures are not strictly in order. Less
 * than a minute, so that two minutes are held and never a third.
 */
const FILE_LAG_MS = 50_000
/** A file that stopped growing is believed complete up to its last packet after this long. */
const FILE_IDLE_MS = 90_000
const CLOCK_BACK_MS = 5_000

/** Kinds whose rows come from packets. */
type RowKind = Exclude<keyof typeof batchKinds, 'gap' | 'interaction'>

export interface IntakeOptions {
  readonly source: Source
  readonly destinations: readonly Cidr[]
  readonly bounds: SensorBounds
  readonly world: World
  readonly monotonic_ms: () => number
  readonly log: Log
  readonly out: BatchOut
  /** Rows before this second were given out by an earlier run over the same files. */
  readonly resume_s: number
}

/** Capture bytes in, batches of rows out: minutes closed by the clock when live, by the packets' times when not. */
export class Intake {
  readonly #options: IntakeOptions
  readonly #observer: Observer
  readonly #batchers: Readonly<Record<RowKind, Batcher>>
  readonly #minutes: MinuteBook
  #unreadable = 0
  #last_tick_ms: number | undefined
  #last_now_ms = 0
  #dropped = 0
  #closed_s = 0
  #first_row_ms: number | undefined
  #last_push_ms: number

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#last_push_ms = options.monotonic_ms()
    const batcher = (kind: number, layout: RowLayout): Batcher =>
      new Batcher(kind, layout, options.bounds.batch_rows_max, options.out)
    this.#batchers = {
      flow: batcher(batchKinds.flow, flowLayout), backscatter: batcher(batchKinds.backscatter, backscatterLayout),
      syn_sample: batcher(batchKinds.syn_sample, synSampleLayout),
      sensor_minute: batcher(batchKinds.sensor_minute, sensorMinuteLayout),
    }
    this.#minutes = new MinuteBook((row) => this.#keep('sensor_minute', sensorMinuteLayout, row, 1))
    this.#observer = this.#observe()
  }

  #observe(): Observer {
    const { destinations, bounds, world, source } = this.#options
    const { flows_max, syn_samples_per_minute_max } = bounds
    return new Observer(
      { destinations, interval_s: 60, flows_max, syn_samples_per_minute_max, random: world.random },
      {
        flows: (rows, count) => this.#keep('flow', flowLayout, rows, count),
        backscatter: (rows, count) => this.#keep('backscatter', backscatterLayout, rows, count),
        synSamples: (rows, count) => this.#keep('syn_sample', synSampleLayout, rows, count),
        minute: (counters: MinuteCounters) => {
          if (source.live) this.#minutes.liveMinute(counters)
          else this.#minutes.fileMinute(counters)
        },
      },
    )
  }

  get counters(): ObserverCounters {
    return this.#observer.counters
  }

  /** Streams that could not be read to their end. */
  get unreadable(): number {
    return this.#unreadable
  }

  /** Everything before this second has been given out. */
  get closed_s(): number {
    return this.#closed_s
  }

  openCapture(name: string): Capture {
    return this.#observer.openCapture(name)
  }

  /** Bytes of a stream; false when the rest of it cannot be read. */
  push(capture: Capture, chunk: Uint8Array): boolean {
    this.#last_push_ms = this.#options.monotonic_ms()
    const more = this.report(capture.push(chunk))
    if (!this.#options.source.live) this.#closeByPackets()
    return more
  }

  /** Reads a capture file to its end, and says what was wrong with it; false when it could not be read whole. */
  async readFile(path: string, afterChunk: (chunk: Uint8Array) => Promise<void> | void): Promise<boolean> {
    const capture = this.openCapture(path)
    try {
      for await (const chunk of readCaptureFile(path)) {
        if (!this.push(capture, chunk)) return false
        await afterChunk(chunk)
      }
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: unknown }
      this.#unreadable++
      this.#options.log.warn('a capture could not be read to its end', { file: path, code, what: message })
      return false
    }
    return this.report(capture.end())
  }

  /** Counts and tells a stream's problem; true when there was none. */
  report(outcome: Result<void>): boolean {
    if (outcome.ok) return true
    this.#unreadable++
    this.#options.log.warn('a capture could not be read to its end', { code: outcome.problem.code, ...outcome.problem.detail })
    return false
  }

  #closeByPackets(): void {
    const { last_ms } = this.#observer.counters
    if (last_ms === undefined) return
    // One record of the year 2105 must not close everything before it, nor move a followed file's mark there.
    const latest_ms = Math.min(last_ms, this.#options.world.now())
    this.#closeBefore(Math.floor((latest_ms - FILE_LAG_MS) / 60_000) * 60)
  }

  #closeBefore(second: number): void {
    if (second <= this.#closed_s) return
    this.#closed_s = second
    this.#observer.closeBefore(second)
  }

  /** To be called about every second: closes what is due and sends rows on that have waited long enough. */
  tick(): void {
    const { source, world, monotonic_ms, bounds } = this.#options
    const tick_ms = monotonic_ms()
    if (source.live) this.#tickLive(world.now(), tick_ms)
    else if (tick_ms - this.#last_push_ms > FILE_IDLE_MS) this.#closeIdleFile()
    this.#last_tick_ms = tick_ms
    if (this.#first_row_ms !== undefined && tick_ms - this.#first_row_ms >= bounds.batch_age_ms_max) this.flushBatches()
  }

  #tickLive(now_ms: number, tick_ms: number): void {
    const { source, bounds } = this.#options
    // tcpdump tells the last drops when it has ended.
    if (source.watching || source.dropped > this.#dropped) {
      const watched = source.watching && this.#last_tick_ms !== undefined
      const elapsed_ms = watched ? tick_ms - this.#last_tick_ms! : 0
      this.#minutes.watch(now_ms, elapsed_ms, source.dropped - this.#dropped)
      this.#dropped = source.dropped
    }
    // A clock set back: what is open now would wait for its time to come again.
    if (now_ms < this.#last_now_ms - CLOCK_BACK_MS) {
      this.#observer.flush()
      this.#closed_s = 0
    }
    this.#last_now_ms = now_ms
    const second = Math.floor((now_ms - bounds.watermark_ms) / 60_000) * 60
    if (second <= this.#closed_s) return
    this.#closeBefore(second)
    this.#minutes.closeBefore(second)
    this.flushBatches()
  }

  #closeIdleFile(): void {
    const { last_ms } = this.#observer.counters
    if (last_ms !== undefined) this.#closeBefore(Math.floor(last_ms / 60_000) * 60 + 60)
  }

  /** Gives out everything, open minutes too. */
  finish(): void {
    if (this.#options.source.live) this.tick()
    this.#observer.flush()
    this.#minutes.closeBefore(Number.POSITIVE_INFINITY)
    this.flushBatches()
  }

  flushBatches(): void {
    for (const batcher of Object.values(this.#batchers)) batcher.flush()
    this.#first_row_ms = undefined
  }

  #keep(kind: RowKind, layout: RowLayout, rows: Uint8Array, count: number): void {
    this.#first_row_ms ??= this.#options.monotonic_ms()
    const { resume_s } = this.#options
    if (resume_s === 0) return this.#batchers[kind].add(rows, count)
    // The first column of every layout is its time.
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
    for (let row = 0; row < count; row++) {
      const at = row * layout.row_bytes
      if (view.getUint32(at, true) >= resume_s) this.#batchers[kind].add(rows.subarray(at, at + layout.row_bytes), 1)
    }
  }
}
