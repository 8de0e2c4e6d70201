import type { PortKey } from '../core/port-key.ts'

/** TCP and UDP ports: their keys are the lowest (core/port-key.ts). */
export const PORTS = 1 << 17

export interface SavedSums {
  readonly last: Uint32Array
  readonly sums: readonly Float32Array[]
  readonly exposures: readonly number[]
  readonly at: number
}

/**
 * For every port a few sums that forget, each with its own memory: the weight of a count falls by e in `memories` bins. Fixed
 * memory whatever comes. How much was watched is summed in the same way, so that a quotient is a mean rate.
 */
export class PortSums {
  readonly #memories: readonly number[]
  readonly #last: Uint32Array
  readonly #sums: readonly Float32Array[]
  readonly #exposures: number[]
  /** Bins since the beginning. */
  #at: number

  constructor(memories: readonly number[], saved?: SavedSums) {
    this.#memories = memories
    this.#last = saved?.last.slice() ?? new Uint32Array(PORTS)
    this.#sums = saved?.sums.map((one) => one.slice()) ?? memories.map(() => new Float32Array(PORTS))
    this.#exposures = [...(saved?.exposures ?? memories.map(() => 0))]
    this.#at = saved?.at ?? 0
  }

  /** Begins the next bin; `exposures`: what it adds to each sum of exposure. Bins that are holes are not told. */
  next(exposures: readonly number[]): void {
    this.#at++
    this.#memories.forEach((memory, i) => {
      this.#exposures[i] = this.#exposures[i]! * Math.exp(-1 / memory) + exposures[i]!
    })
  }

  add(port: PortKey, count: number): void {
    const past = this.#at - this.#last[port]!
    for (let i = 0; i < this.#sums.length; i++) {
      const sums = this.#sums[i]!
      sums[port] = (past === 0 ? sums[port]! : sums[port]! * Math.exp(-past / this.#memories[i]!)) + count
    }
    this.#last[port] = this.#at
  }

  sum(port: PortKey, memory: number): number {
    return this.#sums[memory]![port]! * Math.exp(-(this.#at - this.#last[port]!) / this.#memories[memory]!)
  }

  exposure(memory: number): number {
    return this.#exposures[memory]!
  }

  save(): SavedSums {
    return { last: this.#last.slice(), sums: this.#sums.map((one) => one.slice()), exposures: [...this.#exposures], at: this.#at }
  }
}
