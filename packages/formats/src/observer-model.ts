import type { Cidr, Result } from '@hirundo/base'

export interface ObserverOptions {
  /** Networks whose packets count; empty: all packets count (private test mode). */
  readonly destinations: readonly Cidr[]
  /** Length of a row's `minute` in seconds, 1 … 3600; a batch carries 60. */
  readonly interval_s: number
  /** Flows held open at once over all open minutes; reaching it emits what is held as rows with `partial` = 1. */
  readonly flows_max: number
  /**
   * IPv4 packets of the current minute that may be held (32 bytes each) until it is closed, which is faster than to
   * look up each when it comes. Left out: none; a sensor that listens needs its memory for flows.
   */
  readonly packets_staged_max?: number
  readonly syn_samples_per_minute_max: number
  /** Length of the bins of backscatter vectors in seconds, a divisor of `interval_s`; left out: 10, as batches carry them. */
  readonly backscatter_bin_s?: number
  /** Fresh random bytes: they key the hash tables and draw the SYN samples. */
  readonly random: (bytes: number) => Uint8Array
}

/** packets = counted + not_ip + not_for_us + malformed, always. */
export interface PacketCounts {
  readonly packets: number
  readonly counted: number
  readonly not_ip: number
  readonly not_for_us: number
  readonly malformed: number
}

/** Packets of one minute. */
export interface MinuteCounters extends PacketCounts {
  /** Seconds since 1970 of the minute's start. */
  readonly minute: number
  /** Rows given out for this minute in this call. */
  readonly flows: number
  readonly partial: boolean
}

/**
 * Where closed minutes go. `rows` are whole rows of the layouts in row-layout.ts; the view is valid only during the
 * call. A minute's `minute` call comes after its rows; a late packet makes the same minute come again with
 * `partial`, and its counters add to those given before.
 */
export interface ObserverSink {
  /** Left out: flow rows are not made. */
  flows?(rows: Uint8Array, count: number): void
  minute(counters: MinuteCounters): void
  /** Left out: backscatter vectors are not made. */
  backscatter?(rows: Uint8Array, count: number): void
  /** Left out: SYN samples are not drawn. */
  synSamples?(rows: Uint8Array, count: number): void
}

/** Sums since the observer was made. */
export interface ObserverCounters extends PacketCounts {
  /** Flow rows given to the sink. */
  readonly flows: number
  /** Earliest and latest counted packet, milliseconds since 1970. */
  readonly first_ms?: number
  readonly last_ms?: number
}

/**
 * One stream of a capture format. Problems: `capture/unreadable` (not a capture, or a record that cannot be) and
 * `capture/cut-off` (from `end`), with `file`, `offset` (bytes from the start of the uncompressed stream) and
 * `what`. After a problem every further call gives the same problem; what was complete before it has been counted.
 */
export interface Capture {
  push(chunk: Uint8Array): Result<void>
  end(): Result<void>
}
