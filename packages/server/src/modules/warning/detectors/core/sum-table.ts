const START_SLOTS = 1 << 10
const LOAD_MAX = 0.7
const EMPTY = -1

/** Scrambles both halves of a whole number below 2⁵³ (finaliser of MurmurHash3, keyed). */
function hash(key: number, seed: number): number {
  let h = (key | 0) ^ Math.imul((key / 0x1_0000_0000) | 0, 0x9e3779b1) ^ seed
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

type Sums = Float64Array | Float32Array

export interface SavedTable {
  readonly keys: Float64Array
  readonly sums: Sums
  readonly level: number
  readonly seed: number
}

/**
 * Sums by key (whole numbers 0 … 2⁵³) in bounded memory. While all keys fit, sums and the number of keys are exact. Beyond
 * `keys_max` only keys whose hash ends in `level` zero bits stay, and each stands for 2^level (Wegman's adaptive sampling;
 * Flajolet, "On adaptive sampling", Computing 43, 1990). What is kept depends on the set of keys alone, not on their order.
 */
export class SumTable {
  level = 0
  size = 0
  readonly #keys_max: number
  readonly #seed: number
  readonly #make: (slots: number) => Sums
  #keys = new Float64Array(START_SLOTS).fill(EMPTY)
  #sums: Sums

  /** `rough`: sums in 4 bytes instead of 8, for those of which only a share is wanted. */
  constructor(keys_max: number, seed: number, saved?: SavedTable, rough = false) {
    this.#make = (slots) => (rough ? new Float32Array(slots) : new Float64Array(slots))
    this.#sums = this.#make(START_SLOTS)
    this.#keys_max = keys_max
    this.#seed = saved?.seed ?? seed
    if (!saved) return
    this.level = saved.level
    saved.keys.forEach((key, i) => this.add(key, saved.sums[i]!))
  }

  add(key: number, value: number): void {
    const hashed = hash(key, this.#seed)
    if (this.level > 0 && !this.#stays(hashed)) return
    const mask = this.#keys.length - 1
    let slot = (hashed >>> 3) & mask
    for (; this.#keys[slot] !== EMPTY; slot = (slot + 1) & mask) {
      if (this.#keys[slot] === key) {
        this.#sums[slot]! += value
        return
      }
    }
    this.#keys[slot] = key
    this.#sums[slot] = value
    if (++this.size > this.#keys_max) this.#sample()
    else if (this.size > this.#keys.length * LOAD_MAX) this.#move(this.#keys.length * 2)
  }

  /** Calls with each key that is kept, in no order; `slot` is where it stands until the next is added. */
  each(see: (key: number, sum: number, slot: number) => void): void {
    for (let i = 0; i < this.#keys.length; i++) if (this.#keys[i] !== EMPTY) see(this.#keys[i]!, this.#sums[i]!, i)
  }

  keyAt(slot: number): number {
    return this.#keys[slot]!
  }

  sumAt(slot: number): number {
    return this.#sums[slot]!
  }

  /** How many keys one that is kept stands for. */
  get weight(): number {
    return 2 ** this.level
  }

  save(): SavedTable {
    const keys = new Float64Array(this.size)
    const sums = this.#make(this.size)
    let at = 0
    this.each((key, sum) => {
      keys[at] = key
      sums[at++] = sum
    })
    return { keys, sums, level: this.level, seed: this.#seed }
  }

  /** By the highest bits: the slot is of the others. */
  #stays(hashed: number): boolean {
    return hashed >>> (32 - this.level) === 0
  }

  #sample(): void {
    while (this.size > this.#keys_max) {
      this.level++
      this.#move(this.#keys.length)
    }
  }

  #move(slots: number): void {
    const [keys, sums] = [this.#keys, this.#sums]
    this.#keys = new Float64Array(slots).fill(EMPTY)
    this.#sums = this.#make(slots)
    this.size = 0
    const mask = slots - 1
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      if (key === EMPTY) continue
      const hashed = hash(key, this.#seed)
      if (this.level > 0 && !this.#stays(hashed)) continue
      let slot = (hashed >>> 3) & mask
      while (this.#keys[slot] !== EMPTY) slot = (slot + 1) & mask
      this.#keys[slot] = key
      this.#sums[slot] = sums[i]!
      this.size++
    }
  }
}
