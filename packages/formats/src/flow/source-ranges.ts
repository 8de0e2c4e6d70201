const NETWORKS = 1 << 16
/** A /16 in which so many ranges would begin is divided by the lower half of addresses, too. */
const CROWDED = 3
const CROWDED_MAX = 16

/** Ranges of IPv4 addresses, numbered in order, with about as many packets in each as a sample has. */
export class SourceRanges {
  count = 1
  readonly #ranges_max: number
  /** For each /16: its range, or ranges_max + index of a table in #crowded. */
  readonly #networks = new Uint16Array(NETWORKS)
  #crowded = new Uint8Array(0)

  /** `ranges_max`: at most 256. */
  constructor(ranges_max: number) {
    this.#ranges_max = ranges_max
  }

  /** Makes all addresses one range. */
  join(): void {
    if (this.count > 1) this.#networks.fill(0)
    this.count = 1
  }

  /** Range of an address given as a number of either sign. */
  of(address: number): number {
    const range = this.#networks[address >>> 16]!
    return range < this.#ranges_max ? range : this.#crowded[((range - this.#ranges_max) << 16) | (address & 0xffff)]!
  }

  /** `sample`: addresses in ascending order. */
  divide(sample: Uint32Array): void {
    const starts = this.#starts(sample)
    if (this.#crowded.length === 0) this.#crowded = new Uint8Array(CROWDED_MAX * NETWORKS)
    let range = 0
    let next = 0
    let tables = 0
    for (let network = 0; network < NETWORKS; network++) {
      let to = next
      while (to < starts.length && starts[to]! >>> 16 === network) to++
      if (to - next >= CROWDED && tables < CROWDED_MAX) {
        this.#networks[network] = this.#ranges_max + tables
        range = this.#fill(tables++, starts.subarray(next, to), range)
      } else {
        if (to > next) range++
        this.#networks[network] = range
      }
      next = to
    }
    this.count = range + 1
  }

  /** First addresses of all ranges but the first, without repetition. */
  #starts(sample: Uint32Array): Uint32Array {
    const starts = new Uint32Array(this.#ranges_max - 1)
    let count = 0
    for (let i = 1; i < this.#ranges_max; i++) {
      const start = sample[Math.floor((i * sample.length) / this.#ranges_max)]!
      if (count === 0 || starts[count - 1] !== start) starts[count++] = start
    }
    return starts.subarray(0, count)
  }

  /** Ranges within a /16 by their first addresses; the number of the last. */
  #fill(table: number, starts: Uint32Array, before: number): number {
    const from = table << 16
    let at = from
    let range = before
    for (const start of starts) {
      this.#crowded.fill(range++, at, from | (start & 0xffff))
      at = from | (start & 0xffff)
    }
    this.#crowded.fill(range, at, from + NETWORKS)
    return range
  }
}
