/** Where a block of rows goes. Each table has a wire layout (formats/row-layout.ts, formats/interaction) and columns the node adds. */
export type BlockTable = 'flow' | 'backscatter' | 'syn_sample' | 'sensor_minute' | 'interaction'

/**
 * At most `block_rows_max` rows of one month for one table: one insert is one part per table, whole or absent.
 * `id` is the journal range's number, the same at every try.
 */
export interface Block {
  readonly id: bigint
  readonly table: BlockTable
  /**
   * One run of rows per sensor and batch; the rows are RowBinary of the table's layout. Rows of interactions differ in length:
   * each follows its length (UInt32, little endian).
   */
  readonly runs: readonly { readonly organisation: number; readonly sensor: number; readonly rows: Uint8Array }[]
}
export const block_rows_max = 500_000

/** Times are whole seconds since 1970 UTC; `to` is exclusive. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/**
 * Which closed periods the rollups hold as the raw rows have them now. What is not listed is read from a finer tier.
 * Ranges are sorted, apart, and begin and end on the tier's boundary.
 */
export interface Freshness {
  readonly hours: readonly TimeRange[]
  readonly days: readonly TimeRange[]
  /** Raw rows before this instant have been dropped: below it the rollups are the only source. */
  readonly raw_from: number
}

export type Research = 'include' | 'exclude' | 'only'
/** `port`: protocol and destination port (ICMP: type and code). */
export type Dimension = 'port' | 'protocol' | 'economy' | 'asn' | 'sensor' | 'source'

/** A value of a dimension, as text in questions and answers: `tcp/23`, `icmp/8/0`, `17`, `XA`, `64512`, `12`, `240.1.2.3`. */
export type Key = string

export interface Question extends TimeRange {
  readonly organisation: number
  /** Internal numbers; absent: all of the organisation. */
  readonly sensors?: readonly number[]
  readonly research: Research
  readonly fresh: Freshness
}

export interface Counts {
  readonly packets: number
  /** Unique source addresses, by uniqCombined64 (exact while small); its error stands in the answer's method. */
  readonly sources: number
}
export interface TopRow extends Counts {
  readonly key: Key
  readonly rank: number
  /** Rank in the previous period of the same length; null: not among that period's ranks looked at, or absent then. */
  readonly previous_rank: number | null
  readonly bytes: number
}
export interface SeriesPoint extends Counts {
  readonly at: number
  readonly bytes: number
  /** Sensors that watched in this bin (sensor_minute); 0: a hole, the figures are unknown and not zero. */
  readonly live_sensors: number
  /** Sensor-minutes watched ÷ minutes of the bin: the divisor of the mean per sensor. */
  readonly sensor_equivalents: number
}
