import { countOf } from '../numeric/counts.ts'
import { PORTS } from '../series/port-sums.ts'

export interface SavedRates {
  readonly totals: Float32Array
  readonly days: number
  readonly mean: readonly number[]
  readonly shape: readonly number[]
}

/** UDP ports follow TCP ports (core/port-key.ts). */
const KINDS = 2
const KIND_PORTS = PORTS / KINDS
/** A mean over so many days at most: later ones weigh more. */
const DAYS_MAX = 28
const SHAPE_MIN = 0.5
const SHAPE_MAX = 50
/** Days that are learned as they are. */
const DAYS_FIRST = 3
const SURPRISING = 2.5
const MEAN_FIRST = 0.5
const MEAN_MIN = 0.01

/**
 * How many sources a day each quiet port gets: the port's own mean, drawn towards that of all quiet ports of its protocol as much
 * as they are alike (gamma prior by the method of moments). A port that nobody happened to try for a week is not taken for one
 * that nobody ever tries.
 */
export class QuietRates {
  readonly #totals: Float32Array
  #days: number
  #mean: number[]
  #shape: number[]

  constructor(saved?: SavedRates) {
    this.#totals = saved?.totals.slice() ?? new Float32Array(PORTS)
    this.#days = saved?.days ?? 0
    this.#mean = [...(saved?.mean ?? [MEAN_FIRST, MEAN_FIRST])]
    this.#shape = [...(saved?.shape ?? [SHAPE_MIN, SHAPE_MIN])]
  }

  /**
   * Learns a day; `quiet`: ports that tell what strays bring. Of a count that surprises only so much is learned as would not:
   * what spreads slowly must not become its own baseline.
   */
  learn(counts: ReadonlyMap<number, number>, quiet: (port: number) => boolean): void {
    const learned = this.#days < DAYS_FIRST ? counts : new Map([...counts].map(([port, count]) => [port, Math.min(count, countOf(SURPRISING, this.rate(port), 0))]))
    if (this.#days === DAYS_MAX) for (let port = 0; port < PORTS; port++) this.#totals[port]! *= (DAYS_MAX - 1) / DAYS_MAX
    else this.#days++
    for (const [port, count] of learned) this.#totals[port]! += count
    for (let kind = 0; kind < KINDS; kind++) this.#fit(kind, quiet)
  }

  rate(port: number): number {
    const kind = port < KIND_PORTS ? 0 : 1
    const shape = this.#shape[kind]!
    return (this.#totals[port]! + shape) / (this.#days + shape / this.#mean[kind]!)
  }

  save(): SavedRates {
    return { totals: this.#totals.slice(), days: this.#days, mean: [...this.#mean], shape: [...this.#shape] }
  }

  #fit(kind: number, quiet: (port: number) => boolean): void {
    let [ports, sum, squares] = [0, 0, 0]
    for (let port = kind * KIND_PORTS; port < (kind + 1) * KIND_PORTS; port++) {
      if (!quiet(port)) continue
      const total = this.#totals[port]!
      ports++
      sum += total
      squares += total * total
    }
    if (ports === 0) return
    const mean = sum / ports
    const beyond = squares / ports - mean * mean - mean
    this.#mean[kind] = Math.max(MEAN_MIN, mean / this.#days)
    this.#shape[kind] = Math.min(SHAPE_MAX, Math.max(SHAPE_MIN, beyond > 0 ? (mean * mean) / beyond : SHAPE_MAX))
  }
}
