/** A seeded source of everything that happens by chance: sfc32 (C. Doty-Humphrey, PractRand). Same seed, same course. */
export class SeededRandom {
  readonly #words: Uint32Array

  constructor(seed: number) {
    this.#words = Uint32Array.of(seed, seed ^ 0x9e3779b9, Math.imul(seed, 0x85ebca6b), 1)
    for (let i = 0; i < 16; i++) this.word()
  }

  /** 0 … 2^32 − 1. */
  word(): number {
    const [a, b, c, count] = this.#words as unknown as [number, number, number, number]
    const sum = (a + b + count) >>> 0
    this.#words[0] = b ^ (b >>> 9)
    this.#words[1] = c + (c << 3)
    this.#words[2] = ((c << 21) | (c >>> 11)) + sum
    this.#words[3] = count + 1
    return sum
  }

  /** An integer 0 ≤ value < `end`. */
  below(end: number): number {
    return Math.floor((this.word() / 2 ** 32) * end)
  }

  /** An integer `first` … `last`. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1)
  }

  chance(probability: number): boolean {
    return this.word() / 2 ** 32 < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.word() & 0xff)
  }

  /** 16 bytes in hex. */
  nonce(): string {
    return Buffer.from(this.bytes(16)).toString('hex')
  }

  /** A random UUIDv4. */
  uuid(): string {
    const hex = this.nonce()
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
  }
}
