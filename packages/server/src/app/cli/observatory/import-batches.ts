import { DAY_S, type Uuid } from '@hirundo/base'
import { attachSignature, encodeBatch, signedBytes } from '@hirundo/formats'
import { sensorBounds } from '@hirundo/sensor'

const POST_BYTES = sensorBounds.post_bytes_max
/** What is lost of the way when the import is stopped, and held in memory. */
const POST_BATCHES = 4
const BODY_BYTES_MAX = 1024 * 1024
const ROWS_MAX = sensorBounds.batch_rows_max
/** Of the rows of one batch: the node takes 64, and a log may be in no order. */
const MONTHS_MAX = 32

export interface BatchMaker {
  readonly sensor: Uuid
  readonly epoch: Uuid
  readonly sign: (bytes: Uint8Array) => Uint8Array
  /** Takes the next batches, in order; resolves when the node has acknowledged them. */
  readonly send: (batches: readonly Uint8Array[], last: bigint) => Promise<void>
}

/** Batches of one import, numbered from 1, signed, and sent when there are enough of them. */
export class BatchQueue {
  readonly #maker: BatchMaker
  #waiting: Uint8Array[] = []
  #waiting_bytes = 0
  #number = 0n

  constructor(maker: BatchMaker) {
    this.#maker = maker
  }

  add(kind: number, rows: number, body: Uint8Array): void {
    const { sensor, epoch, sign } = this.#maker
    this.#number++
    const unsigned = encodeBatch({ kind, sensor, epoch, first: this.#number, last: this.#number, rows, created_ms: 0 }, body, { compress: true })
    const batch = attachSignature(unsigned, sign(signedBytes(unsigned)))
    this.#waiting.push(batch)
    this.#waiting_bytes += batch.length
  }

  get is_full(): boolean {
    return this.#waiting_bytes >= POST_BYTES || this.#waiting.length >= POST_BATCHES
  }

  async drain(): Promise<void> {
    if (this.#waiting.length === 0) return
    const batches = this.#waiting
    this.#waiting = []
    this.#waiting_bytes = 0
    await this.#maker.send(batches, this.#number)
  }
}

/**
 * Rows of one kind gathered to batches. Where one ends depends on what was read alone: rows that are left out count
 * as if they were there, so that an import which is taken up again after a change of the register of own decoys gives
 * the same rows the same numbers.
 */
export class RowBatches {
  readonly #kind: number
  readonly #out: (kind: number, rows: number, body: Uint8Array) => void
  #rows: Uint8Array[] = []
  #seen = 0
  #seen_bytes = 0
  readonly #months = new Set<number>()

  constructor(kind: number, out: (kind: number, rows: number, body: Uint8Array) => void) {
    this.#kind = kind
    this.#out = out
  }

  /** `row` is not copied. */
  add(row: Uint8Array, at_s: number, is_left_out: boolean): void {
    // About a month; it only has to differ at least as often.
    const month = Math.floor(at_s / (28 * DAY_S))
    if (this.#seen_bytes + row.length > BODY_BYTES_MAX || (this.#months.size === MONTHS_MAX && !this.#months.has(month))) this.flush()
    this.#months.add(month)
    this.#seen++
    this.#seen_bytes += row.length
    if (!is_left_out) this.#rows.push(row)
    if (this.#seen === ROWS_MAX) this.flush()
  }

  flush(): void {
    if (this.#seen === 0) return
    this.#out(this.#kind, this.#rows.length, Buffer.concat(this.#rows))
    this.#rows = []
    this.#seen = 0
    this.#seen_bytes = 0
    this.#months.clear()
  }
}
