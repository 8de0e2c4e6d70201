/** Mixes three 32-bit words into one (the finaliser of MurmurHash3, applied to each word in turn). */
export function mix(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b)
  h = scramble(h ^ b)
  return scramble(h ^ Math.imul(c, 0xc2b2ae35))
}

function scramble(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A seeded stream of 32-bit words: sfc32 (C. Doty-Humphrey, PractRand). Same seed, same stream, on every machine. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, stream = 0, part = 0) {
    this.#a = mix(seed, stream, part)
    this.#b = mix(seed ^ 0x5bd1e995, part, stream)
    this.#c = mix(part, seed, stream ^ 0x27d4eb2f)
    for (let i = 0; i < 12; i++) this.word()
  }

  /** 0 … 2³²−1. */
  word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** 0 ≤ value < 1. */
  unit(): number {
    return this.word() / 0x1_0000_0000
  }

  /** An integer 0 ≤ value < `end` (end ≤ 2³²). */
  below(end: number): number {
    return Math.floor(this.unit() * end)
  }
}

/** A weighted choice in constant time, to one part in 4096: slot → index of the weight. */
export function choiceTable(weights: readonly number[]): Uint16Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const table = new Uint16Array(CHOICE_SLOTS)
  let slot = 0
  let reached = 0
  weights.forEach((weight, index) => {
    reached += weight
    const end = Math.round((reached / total) * CHOICE_SLOTS)
    while (slot < end) table[slot++] = index
  })
  return table
}
export const CHOICE_SLOTS = 4096
