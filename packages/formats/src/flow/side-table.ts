import { ALIGN_WORDS, column, COLUMN_BITS, PORTS_SHIFT, S, SIDE_WORDS } from './flow-layout.ts'
import { ValueTable } from './value-table.ts'

const TALLY_WORDS = 3
const TALLIES_MAX = 1024

/** Counts to come as (side << COLUMN_BITS | column, value, times); empty between batches, so that tables share one. */
export class TallyQueue {
  readonly words = new Int32Array(TALLY_WORDS * TALLIES_MAX)
  readonly places = new Int32Array(TALLIES_MAX)
  count = 0
}

/** Side records of a table's flows. Offsets given out by `place` are of words. */
export class SideTable {
  words = new Int32Array(ALIGN_WORDS + SIDE_WORDS * 5)
  readonly #values: ValueTable
  readonly #queue: TallyQueue
  #size = 0

  constructor(seed: number, queue: TallyQueue) {
    this.#queue = queue
    this.#values = new ValueTable(seed)
  }

  /** Memory in use, counted in flows of 64 bytes. */
  get load(): number {
    return this.#size + (this.#values.size >>> 2)
  }

  clear(): void {
    this.#size = 0
    this.#values.clear()
  }

  /** Offset of a record; that of −1 is empty. */
  place(side: number): number {
    return ALIGN_WORDS + (side + 1) * SIDE_WORDS
  }

  /** Index of a new record. */
  claim(): number {
    const side = this.#size++
    const from = this.place(side)
    if (from + SIDE_WORDS > this.words.length) {
      const grown = new Int32Array(ALIGN_WORDS + Math.ceil(this.#size * 1.5 + 1) * SIDE_WORDS)
      grown.set(this.words)
      this.words = grown
    }
    const { words } = this
    for (let i = from; i < from + SIDE_WORDS; i++) words[i] = 0
    return side
  }

  noteDst4(side: number, last_byte: number): void {
    const { words } = this
    const base = this.place(side)
    const at = base + S.bitmap + (last_byte >> 5)
    const shift = last_byte & 31
    const bits = words[at]!
    words[at] = bits | (1 << shift)
    words[base + S.uniques] = words[base + S.uniques]! + (((bits >>> shift) & 1) ^ 1)
  }

  /** The destination by its lower half. */
  noteDst6(side: number, low: number, high: number): void {
    if (this.#values.add((side << COLUMN_BITS) | column.dst, low, high, 1) > 1) return
    const at = this.place(side) + S.bitmap
    this.words[at] = this.words[at]! + 1
  }

  /** Counts a value of ttl, flags, size or port `times`; done by settle. */
  tally(side: number, col: number, value: number, times: number): void {
    if (this.#queue.count === TALLIES_MAX) this.settle()
    const { words } = this.#queue
    const at = this.#queue.count++ * TALLY_WORDS
    words[at] = (side << COLUMN_BITS) | col
    words[at + 1] = value
    words[at + 2] = times
  }

  /** Does what tally put off: looked up together, lookups wait for memory together instead of one after another. */
  settle(): void {
    const { count, words, places } = this.#queue
    this.#queue.count = 0
    if (count === 0) return
    this.#values.reserve(count)
    this.#values.prefetch(words, TALLY_WORDS, count, places)
    for (let i = 0; i < count; i++) {
      const at = i * TALLY_WORDS
      this.#count(words[at]!, words[at + 1]!, words[at + 2]!, places[i]!)
    }
  }

  #count(owner: number, value: number, times: number, place: number): void {
    const { words } = this
    const count = this.#values.addAt(place, owner, value, 0, times)
    const base = this.place(owner >>> COLUMN_BITS)
    const col = owner & ((1 << COLUMN_BITS) - 1)
    if (col === column.port && count === times) words[base + S.uniques] = words[base + S.uniques]! + (1 << PORTS_SHIFT)
    const best = words[base + S.ttl_count + col]!
    // Of equally frequent values the smallest is kept: the answer must not depend on the order of the packets.
    if (count < best || (count === best && value >= this.bestValue(base, col))) return
    words[base + S.ttl_count + col] = count
    if (col === column.size) words[base + S.size] = value
    else if (col === column.port) words[base + S.port] = value
    else {
      const shift = col === column.ttl ? 0 : 8
      words[base + S.ttl_flags] = (words[base + S.ttl_flags]! & ~(0xff << shift)) | (value << shift)
    }
  }

  /** The most frequent value of a column of the record at `base`. */
  bestValue(base: number, col: number): number {
    const { words } = this
    if (col === column.size) return words[base + S.size]!
    if (col === column.port) return words[base + S.port]!
    return (words[base + S.ttl_flags]! >>> (col === column.ttl ? 0 : 8)) & 0xff
  }
}
