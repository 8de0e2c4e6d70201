import type { RowLayout } from '@hirundo/formats'

const ROWS_MIN = 512

/** Where a full batch goes; `body` is valid only during the call. */
export type BatchOut = (kind: number, rows: number, body: Uint8Array) => void

/** Rows of one kind, gathered until there are enough of them. */
export class Batcher {
  readonly #kind: number
  readonly #row_bytes: number
  readonly #rows_max: number
  readonly #out: BatchOut
  #buffer = new Uint8Array(0)
  #rows = 0

  constructor(kind: number, layout: RowLayout, rows_max: number, out: BatchOut) {
    this.#kind = kind
    this.#row_bytes = layout.row_bytes
    this.#rows_max = rows_max
    this.#out = out
  }

  get rows(): number {
    return this.#rows
  }

  add(rows: Uint8Array, count: number): void {
    for (let taken = 0; taken < count; ) {
      const part = Math.min(count - taken, this.#rows_max - this.#rows)
      this.#reserve(this.#rows + part)
      const from = taken * this.#row_bytes
      this.#buffer.set(rows.subarray(from, from + part * this.#row_bytes), this.#rows * this.#row_bytes)
      this.#rows += part
      taken += part
      if (this.#rows === this.#rows_max) this.flush()
    }
  }

  flush(): void {
    if (this.#rows === 0) return
    const rows = this.#rows
    this.#rows = 0
    this.#out(this.#kind, rows, this.#buffer.subarray(0, rows * this.#row_bytes))
  }

  /** Grown by need: a quiet sensor never pays for a full batch. */
  #reserve(rows: number): void {
    if (rows * this.#row_bytes <= this.#buffer.length) return
    const capacity = Math.min(this.#rows_max, Math.max(ROWS_MIN, 2 ** Math.ceil(Math.log2(rows))))
    const grown = new Uint8Array(capacity * this.#row_bytes)
    grown.set(this.#buffer)
    this.#buffer = grown
  }
}
