/** Density of one port's graph in a slot, at each penalty. */
interface Kept {
  readonly slot: number
  readonly densities: readonly number[]
}
export type SavedHistory = ReadonlyMap<number, readonly Kept[]>

export interface Dropped {
  /** Index of the penalty. */
  readonly penalty: number
  readonly density: number
  /** Variance of the densities without it ÷ with it, at the turn at which it was dropped. */
  readonly variance_ratio: number
}

/**
 * Densities by port over the last slots. A slot without a graph counts as 0: nothing was in step. Ports are bounded: beyond
 * `ports_max` the one that had a graph longest ago is forgotten, and counted.
 */
export class DensityHistory {
  shed = 0
  readonly #slots: number
  readonly #ports_max: number
  readonly #ports: Map<number, Kept[]>

  constructor(slots: number, ports_max: number, saved?: SavedHistory) {
    this.#slots = slots
    this.#ports_max = ports_max
    this.#ports = new Map([...saved ?? []].map(([port, kept]) => [port, [...kept]]))
  }

  /**
   * Adds a slot of a port and asks Dark-TRACER's rule of it: of the densities of the last slots the largest is dropped, again
   * and again, as long as that leaves at most the share `theta` of their variance; a slot that is dropped is an alert. The penalty
   * at which the variance fell most, or undefined.
   */
  add(port: number, slot: number, densities: readonly number[], theta: number): Dropped | undefined {
    const kept = (this.#ports.get(port) ?? []).filter((one) => one.slot > slot - this.#slots)
    kept.push({ slot, densities })
    this.#ports.delete(port)
    this.#ports.set(port, kept)
    if (this.#ports.size > this.#ports_max) {
      this.#ports.delete(this.#ports.keys().next().value!)
      this.shed++
    }
    let best: Dropped | undefined
    densities.forEach((density, penalty) => {
      const variance_ratio = droppedAt(kept.map((one) => one.densities[penalty]!), density, this.#slots, theta)
      if (variance_ratio !== undefined && (!best || variance_ratio < best.variance_ratio)) best = { penalty, density, variance_ratio }
    })
    return best
  }

  save(): SavedHistory {
    return this.#ports
  }
}

/**
 * The ratio at which a value is dropped from `count` values, of which those not given are 0; undefined: it stays. Of equal
 * values all or none are.
 */
export function droppedAt(given: readonly number[], value: number, count: number, theta: number): number | undefined {
  const values = given.filter((one) => one > 0).toSorted((a, b) => b - a)
  let sum = values.reduce((all, one) => all + one, 0)
  let squares = values.reduce((all, one) => all + one * one, 0)
  let left = count
  for (const largest of values) {
    const before = varianceOf(sum, squares, left)
    const after = varianceOf(sum - largest, squares - largest * largest, left - 1)
    if (before <= 0 || after > theta * before) return undefined
    if (largest <= value) return Math.max(0, after / before)
    sum -= largest
    squares -= largest * largest
    left--
  }
  return undefined
}

/** Rounding must not leave a variance where all values are the same. */
const SMALL = 1e-12
function varianceOf(sum: number, squares: number, count: number): number {
  const variance = count > 0 ? squares / count - (sum / count) ** 2 : 0
  return variance > SMALL ? variance : 0
}
