const PORTS = 1 << 16

export interface SavedLevels {
  readonly slots: number
  readonly levels: Float32Array
}

/**
 * How many sources ports usually have in a window: a mean over slots whose weight halves in `half_life` slots, so that an event
 * of hours hardly moves it.
 */
export class UsualLevel {
  readonly #share: number
  readonly #levels: Float32Array
  #slots: number

  constructor(half_life: number, saved?: SavedLevels) {
    this.#share = 1 - 2 ** (-1 / half_life)
    this.#levels = saved?.levels ?? new Float32Array(PORTS)
    this.#slots = saved?.slots ?? 0
  }

  /** Takes the sources of each port in a slot. */
  add(sources: ArrayLike<number>): void {
    for (let port = 0; port < PORTS; port++) this.#levels[port]! += this.#share * (sources[port]! - this.#levels[port]!)
    this.#slots++
  }

  /** Of the slots before. Infinity as long as there were fewer than `slots_min`: then nothing is known to be unusual. */
  of(port: number, slots_min: number): number {
    return this.#slots < slots_min ? Infinity : this.#levels[port]! / (1 - (1 - this.#share) ** this.#slots)
  }

  save(): SavedLevels {
    return { slots: this.#slots, levels: this.#levels }
  }
}
