import { mix } from './random.ts'

/** Counts distinct keys of four words: open addressing over two hashes of 32 bits each (a false match: 1 in 2⁶⁴ per pair). */
export class KeySet {
  #slots = new Uint32Array(2 << 12)
  #mask = (1 << 12) - 1
  size = 0

  add(a: number, b: number, c: number, d: number): void {
    const first = mix(a, b, c ^ Math.imul(d, 0x9e3779b1))
    const second = mix(d, c ^ a, b) | 1
    if (this.#put(first, second) && ++this.size * 2 > this.#mask) this.#grow()
  }

  clear(): void {
    this.#slots.fill(0)
    this.size = 0
  }

  /** The second hash is odd, so an empty slot is told by its zero. */
  #put(first: number, second: number): boolean {
    const slots = this.#slots
    for (let i = first & this.#mask; ; i = (i + 1) & this.#mask) {
      if (slots[2 * i + 1] === 0) {
        slots[2 * i] = first
        slots[2 * i + 1] = second
        return true
      }
      if (slots[2 * i] === first && slots[2 * i + 1] === second >>> 0) return false
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#mask = old.length - 1
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) this.#put(old[i]!, old[i + 1]!)
  }
}
