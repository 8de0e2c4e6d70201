import type { FlowTable } from './flow-table.ts'

const SMALL = 40
/** Flows that are brought near together. */
const FLOWS_AHEAD = 128

/** Orders the flows of a table by key, words unsigned; its buffers are kept for the next table. */
export class FlowSorter {
  #size = 0
  /** Keeps the reads of #prefetch from being optimised away. */
  touched = 0
  #order = new Uint32Array(0)
  #other = new Uint32Array(0)
  #keys = new Uint32Array(0)
  #other_keys = new Uint32Array(0)
  readonly #counts = new Uint32Array(2048)

  /** Indexes of flows in order of key; valid until the next call. */
  sorted(table: FlowTable): Uint32Array {
    this.start(table)
    this.finish(table, 0, table.size)
    return this.#order.subarray(0, table.size)
  }

  /** Indexes of flows: by the first word of their key after `start`, wholly where `finish` has been. */
  get order(): Uint32Array {
    return this.#order
  }

  /** Orders by the first word of the key. */
  start(table: FlowTable): void {
    const size = (this.#size = table.size)
    if (this.#order.length < size) {
      const room = Math.ceil(size * 1.25)
      this.#order = new Uint32Array(room)
      this.#other = new Uint32Array(room)
      this.#keys = new Uint32Array(room)
      this.#other_keys = new Uint32Array(room)
    }
    this.#sortHeads(table.heads, size)
  }

  #sortHeads(heads: Int32Array, size: number): void {
    const keys = this.#keys
    const order = this.#order
    let all = -1
    let any = 0
    for (let i = 0; i < size; i++) {
      const key = heads[i]!
      keys[i] = key
      order[i] = i
      all &= key
      any |= key
    }
    this.#passes(all ^ any, 0, size)
  }

  /**
   * Orders the runs of equal first words from `from` (the start of one) until at least `least` by the other words; the
   * end of the last of these runs. Done piece by piece, what is sorted is still near when it is written.
   */
  finish(table: FlowTable, from: number, least: number): number {
    const size = this.#size
    let near = 0
    while (from < Math.min(least, size)) {
      if (from >= near) near = this.#prefetch(table, from, size)
      const keys = this.#keys
      const first = keys[from]!
      let to = from + 1
      while (to < size && keys[to] === first) to++
      if (to - from > SMALL) {
        for (let word = table.key_words - 1; word > 0; word--) this.#sortBy(table, word, from, to)
      } else if (to - from > 1) insertionSort(table, this.#order, from, to)
      from = to
    }
    return from
  }

  /** Reads of scattered memory in a loop of their own are under way together. */
  #prefetch(table: FlowTable, from: number, size: number): number {
    const { words } = table
    const to = Math.min(size, from + FLOWS_AHEAD)
    let touched = 0
    for (let i = from; i < to; i++) touched ^= words[table.place(this.#order[i]!)]!
    this.touched ^= touched
    return to
  }

  /** Stable radix sort of order[from, to) by one word, least digit first; digits in which all agree are skipped. */
  #sortBy(table: FlowTable, word: number, from: number, to: number): void {
    const { words } = table
    let all = -1
    let any = 0
    for (let i = from; i < to; i++) {
      const key = words[table.place(this.#order[i]!) + word]!
      this.#keys[i] = key
      all &= key
      any |= key
    }
    this.#passes(all ^ any, from, to)
  }

  /** `varying`: the bits in which keys differ. */
  #passes(varying: number, from: number, to: number): void {
    const bits = to - from > 4096 ? 11 : 8
    const mask = (1 << bits) - 1
    for (let shift = 0; shift < 32; shift += bits) {
      if (((varying >>> shift) & mask) !== 0) this.#pass(shift, mask, from, to)
    }
  }

  #pass(shift: number, mask: number, from: number, to: number): void {
    const counts = this.#counts
    const keys = this.#keys
    const order = this.#order
    const other_keys = this.#other_keys
    const other = this.#other
    counts.fill(0, 0, mask + 1)
    for (let i = from; i < to; i++) {
      const digit = (keys[i]! >>> shift) & mask
      counts[digit] = counts[digit]! + 1
    }
    let sum = from
    for (let digit = 0; digit <= mask; digit++) {
      const count = counts[digit]!
      counts[digit] = sum
      sum += count
    }
    for (let i = from; i < to; i++) {
      const digit = (keys[i]! >>> shift) & mask
      const place = counts[digit]!
      counts[digit] = place + 1
      other_keys[place] = keys[i]!
      other[place] = order[i]!
    }
    if (to - from < this.#size) {
      keys.set(other_keys.subarray(from, to), from)
      order.set(other.subarray(from, to), from)
      return
    }
    ;[this.#keys, this.#other_keys] = [other_keys, keys]
    ;[this.#order, this.#other] = [other, order]
  }
}

/** By the words after the first, unsigned. */
function insertionSort(table: FlowTable, order: Uint32Array, from: number, to: number): void {
  const { words, key_words } = table
  for (let i = from + 1; i < to; i++) {
    const moving = order[i]!
    const key = table.place(moving)
    let place = i
    for (; place > from; place--) {
      const before = table.place(order[place - 1]!)
      let word = 1
      while (word < key_words - 1 && words[before + word] === words[key + word]) word++
      if (words[before + word]! >>> 0 <= words[key + word]! >>> 0) break
      order[place] = order[place - 1]!
    }
    order[place] = moving
  }
}
