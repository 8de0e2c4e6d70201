const STRIDE = 4

/**
 * How often each value came for each owner: one open-addressing table for all owners, so that a flow with many
 * source ports costs 16 bytes per port and a flow with one costs nothing here.
 */
export class ValueTable {
  /** Pairs held. */
  size = 0
  #bits: number
  #slots: Int32Array
  readonly #seed: number
  /** Keeps the reads of prefetch from being optimised away. */
  touched = 0

  /** `seed`: secret and random, so that a sender cannot choose values that collide. */
  constructor(seed: number, bits = 6) {
    this.#seed = seed | 1
    this.#bits = bits
    this.#slots = new Int32Array(STRIDE << bits)
  }

  /** Adds `times` to the count of the value (two words) of `owner` (0 … 2³¹ − 2) and returns the new count. */
  add(owner: number, low: number, high: number, times: number): number {
    this.reserve(1)
    return this.addAt(this.#place(owner + 1, low, high), owner, low, high, times)
  }

  /** Makes room for `more` pairs, so that places stay good while they are added. */
  reserve(more: number): void {
    while ((this.size + more) * 2 * STRIDE > this.#slots.length) this.#grow()
  }

  /** Places of `count` tallies (owner, value, …) of `words` words each; brings them into the cache. */
  prefetch(tallies: Int32Array, words: number, count: number, places: Int32Array): void {
    const slots = this.#slots
    let touched = 0
    for (let i = 0; i < count; i++) {
      const place = this.#place(tallies[i * words]! + 1, tallies[i * words + 1]!, 0)
      places[i] = place
      touched ^= slots[place]!
    }
    this.touched ^= touched
  }

  /** As add, where the place is known and there is room. */
  addAt(place: number, owner: number, low: number, high: number, times: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    const mark = owner + 1
    let slot = place
    for (;;) {
      const found = slots[slot]!
      if (found === mark && slots[slot + 1] === low && slots[slot + 2] === high) {
        return (slots[slot + 3] = slots[slot + 3]! + times)
      }
      if (found === 0) break
      slot = (slot + STRIDE) & mask
    }
    slots[slot] = mark
    slots[slot + 1] = low
    slots[slot + 2] = high
    slots[slot + 3] = times
    this.size++
    return times
  }

  clear(): void {
    if (this.size > 0) this.#slots.fill(0)
    this.size = 0
  }

  #place(mark: number, low: number, high: number): number {
    let hash = Math.imul(mark, this.#seed) + Math.imul(low, 0x9e3779b1) + Math.imul(high, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15) ^ this.#seed, 0x2c1b3c6d)
    hash = Math.imul(hash ^ (hash >>> 13), this.#seed)
    return (hash >>> (32 - this.#bits)) * STRIDE
  }

  #grow(): void {
    const old = this.#slots
    this.#bits++
    const slots = new Int32Array(old.length * 2)
    const mask = slots.length - 1
    for (let from = 0; from < old.length; from += STRIDE) {
      if (old[from] === 0) continue
      let slot = this.#place(old[from]!, old[from + 1]!, old[from + 2]!)
      while (slots[slot] !== 0) slot = (slot + STRIDE) & mask
      for (let i = 0; i < STRIDE; i++) slots[slot + i] = old[from + i]!
    }
    this.#slots = slots
  }
}
