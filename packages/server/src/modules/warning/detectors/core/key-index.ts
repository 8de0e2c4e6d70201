const FREE = 0
const START_BITS = 10

/**
 * Finds the slot of a key (a whole number 0 … 2⁵³) by open addressing. Keys lie outside, by slot: `keys[slot]`. Half of the
 * places stay free, so that a search ends after a few steps; the seed keeps anybody from choosing keys that collide.
 */
export class KeyIndex {
  readonly #low: number
  readonly #high: number
  #bits = START_BITS
  /** Slot + 1. */
  #places = new Int32Array(1 << START_BITS)
  #size = 0

  constructor(seed: number) {
    this.#low = Math.imul(seed | 0, 0x85ebca6b) ^ 0x2545f491
    this.#high = Math.imul(seed | 0, 0xc2b2ae35) ^ 0x9e3779b1
  }

  /** −1: there is none. */
  find(key: number, keys: Float64Array): number {
    const places = this.#places
    const mask = places.length - 1
    for (let place = this.#hash(key); ; place = (place + 1) & mask) {
      const found = places[place]!
      if (found === FREE) return -1
      if (keys[found - 1] === key) return found - 1
    }
  }

  /** The key must not be there yet. */
  add(key: number, slot: number, keys: Float64Array): void {
    if (++this.#size * 2 > this.#places.length) this.#grow(keys)
    this.#put(key, slot)
  }

  /** The key must be there; keys of the slots must still stand. */
  remove(key: number, keys: Float64Array): void {
    const places = this.#places
    const mask = places.length - 1
    let hole = this.#hash(key)
    while (keys[places[hole]! - 1] !== key) hole = (hole + 1) & mask
    this.#size--
    // What stands behind the hole and could not be found across it moves into it.
    for (let place = (hole + 1) & mask; places[place] !== FREE; place = (place + 1) & mask) {
      const home = this.#hash(keys[places[place]! - 1]!)
      if (((place - home) & mask) < ((place - hole) & mask)) continue
      places[hole] = places[place]!
      hole = place
    }
    places[hole] = FREE
  }

  clear(): void {
    this.#places.fill(FREE)
    this.#size = 0
  }

  #put(key: number, slot: number): void {
    const places = this.#places
    const mask = places.length - 1
    let place = this.#hash(key)
    while (places[place] !== FREE) place = (place + 1) & mask
    places[place] = slot + 1
  }

  #grow(keys: Float64Array): void {
    const before = this.#places
    this.#bits++
    this.#places = new Int32Array(1 << this.#bits)
    for (let i = 0; i < before.length; i++) if (before[i] !== FREE) this.#put(keys[before[i]! - 1]!, before[i]! - 1)
  }

  #hash(key: number): number {
    // Both halves go through a multiplication of their own: keys that differ in few bits come apart.
    let h = Math.imul((key | 0) ^ this.#low, 0x9e3779b1) ^ Math.imul(((key / 0x1_0000_0000) | 0) ^ this.#high, 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
    return (h ^ (h >>> 13)) >>> (32 - this.#bits)
  }
}
