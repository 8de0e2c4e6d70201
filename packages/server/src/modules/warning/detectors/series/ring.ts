export interface SavedRing {
  readonly newest: number | null
  readonly values: Float32Array | Float64Array
}

/**
 * The last `width` values of series that share one clock, by slot: a value's time is a whole number that only grows (an hour, a
 * day). Times that were left out are 0.
 */
export class Ring {
  readonly width: number
  newest: number | null
  #values: Float32Array | Float64Array

  /** `wide`: sums beyond 2²⁴ stay exact. */
  constructor(width: number, { wide = false, saved }: { readonly wide?: boolean; readonly saved?: SavedRing | undefined } = {}) {
    this.width = width
    this.newest = saved?.newest ?? null
    this.#values = saved?.values.slice() ?? (wide ? new Float64Array(0) : new Float32Array(0))
  }

  /** Makes room for so many slots. */
  grow(slots: number): void {
    if (slots * this.width <= this.#values.length) return
    const grown = this.#values instanceof Float64Array ? new Float64Array(slots * this.width) : new Float32Array(slots * this.width)
    grown.set(this.#values)
    this.#values = grown
  }

  /** Goes on to a time; what is older than `width` is forgotten. */
  advance(time: number): void {
    const before = this.newest
    if (before !== null && time <= before) return
    this.newest = time
    if (before === null || time - before >= this.width) this.#values.fill(0)
    else for (let one = before + 1; one <= time; one++) this.#clearColumn(one % this.width)
  }

  add(slot: number, value: number): void {
    if (this.newest !== null) this.#values[slot * this.width + (this.newest % this.width)]! += value
  }

  set(slot: number, time: number, value: number): void {
    if (this.#holds(time)) this.#values[slot * this.width + (time % this.width)] = value
  }

  /** 0 for a time that is not held. */
  at(slot: number, time: number): number {
    return this.#holds(time) ? this.#values[slot * this.width + (time % this.width)]! : 0
  }

  clear(slot: number): void {
    this.#values.fill(0, slot * this.width, (slot + 1) * this.width)
  }

  /** First time that is held. */
  get oldest(): number {
    return this.newest === null ? 0 : Math.max(0, this.newest - this.width + 1)
  }

  save(): SavedRing {
    return { newest: this.newest, values: this.#values.slice() }
  }

  #holds(time: number): boolean {
    return this.newest !== null && time <= this.newest && time > this.newest - this.width && time >= 0
  }

  #clearColumn(column: number): void {
    for (let at = column; at < this.#values.length; at += this.width) this.#values[at] = 0
  }
}
