import { KeyIndex } from './key-index.ts'

/**
 * Gives each value a bit, in the order in which they are met, so that a set of them is a few words in a column of each event.
 * With more values than bits the last bit stands for all others: counts are then lower bounds, and `exact` says so.
 */
export class BitBook {
  exact: boolean
  readonly bits_max: number
  readonly #values: Float64Array
  readonly #index: KeyIndex
  #size = 0

  constructor(bits_max: number, seed: number, saved?: SavedBits) {
    this.bits_max = bits_max
    this.exact = saved?.exact ?? true
    this.#values = new Float64Array(bits_max)
    this.#index = new KeyIndex(seed)
    saved?.values.forEach((value) => this.bitOf(value))
  }

  get size(): number {
    return this.#size
  }

  /** 0 … bits_max − 1. */
  bitOf(value: number): number {
    const known = this.#index.find(value, this.#values)
    if (known >= 0) return known
    if (this.#size >= this.bits_max) {
      this.exact = false
      return this.bits_max - 1
    }
    this.#values[this.#size] = value
    this.#index.add(value, this.#size, this.#values)
    return this.#size++
  }

  save(): SavedBits {
    return { values: this.#values.slice(0, this.#size), exact: this.exact }
  }
}

export interface SavedBits {
  readonly values: Float64Array
  readonly exact: boolean
}

/** Adds a bit to the set of an event that lies in a column of `words` words; true when it was not in it. */
export function addBit(sets: Uint32Array, words: number, slot: number, bit: number): boolean {
  const at = slot * words + (bit >>> 5)
  const before = sets[at]!
  const mask = 1 << (bit & 31)
  if ((before & mask) !== 0) return false
  sets[at] = before | mask
  return true
}

/** How many are in the set. */
export function bitsIn(sets: Uint32Array, words: number, slot: number): number {
  let count = 0
  for (let i = slot * words; i < (slot + 1) * words; i++) count += ones(sets[i]!)
  return count
}

/** Bits of a word that are set. */
export function ones(word: number): number {
  let left = word - ((word >>> 1) & 0x55555555)
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333)
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Sensors that are told apart. */
export const sensors_max = 256
export const SENSOR_WORDS = sensors_max / 32
