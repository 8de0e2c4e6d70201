import { synSampleLayout } from '../row-layout.ts'

const ROW_WORDS = synSampleLayout.row_bytes / 4

/** Random numbers for sampling (xorshift128, Marsaglia 2003): fast, and seeded from a source that nobody can foresee. */
export class SampleDice {
  readonly #state: Int32Array

  constructor(random: (bytes: number) => Uint8Array) {
    this.#state = new Int32Array(random(16).slice().buffer)
    this.#state[0] = this.#state[0]! | 1
  }

  /** An integer 0 … below − 1. */
  roll(below: number): number {
    const state = this.#state
    let mixed = state[3]!
    mixed ^= mixed << 11
    mixed ^= mixed >>> 8
    state[3] = state[2]!
    state[2] = state[1]!
    state[1] = state[0]!
    mixed ^= state[0]! ^ (state[0]! >>> 19)
    state[0] = mixed
    return Math.floor(((mixed >>> 0) / 2 ** 32) * below)
  }
}

/** A uniform sample of the SYNs of a minute (Vitter's algorithm R), kept as rows of synSampleLayout. */
export class SynReservoir {
  readonly #rows_max: number
  readonly #dice: SampleDice
  #words = new Int32Array(0)
  #seen = 0

  constructor(rows_max: number, dice: SampleDice) {
    this.#rows_max = rows_max
    this.#dice = dice
  }

  /** The row to fill for the next SYN (a view on `words`), −1 when it is not drawn. */
  draw(): number {
    const row = this.#seen++
    if (row < this.#rows_max) return this.#place(row)
    const drawn = this.#dice.roll(this.#seen)
    return drawn < this.#rows_max ? this.#place(drawn) : -1
  }

  get words(): Int32Array {
    return this.#words
  }

  /** Gives the rows with their weight, and begins anew. */
  giveOut(emit: (rows: Uint8Array, count: number) => void): void {
    const count = Math.min(this.#seen, this.#rows_max)
    const weight = Math.min(0xffffffff, Math.round((this.#seen * 1000) / Math.max(1, count)))
    for (let row = 0; row < count; row++) this.#words[row * ROW_WORDS + ROW_WORDS - 1] = weight
    if (count > 0) emit(new Uint8Array(this.#words.buffer, 0, count * synSampleLayout.row_bytes), count)
    this.#seen = 0
  }

  #place(row: number): number {
    if ((row + 1) * ROW_WORDS > this.#words.length) {
      const grown = new Int32Array(Math.min(this.#rows_max, Math.max(64, row * 2)) * ROW_WORDS)
      grown.set(this.#words)
      this.#words = grown
    }
    return row * ROW_WORDS
  }
}
