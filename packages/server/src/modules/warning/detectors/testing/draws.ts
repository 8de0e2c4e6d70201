/** Seeded draws for tests: mulberry32, so that a failure comes again. */
export class Draws {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0
  }

  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }

  below(end: number): number {
    return Math.floor(this.unit() * end)
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit())
  }

  /** Knuth's products; large means by the normal. */
  poisson(mean: number): number {
    if (mean <= 0) return 0
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()))
    const end = Math.exp(-mean)
    let count = 0
    for (let product = this.unit(); product > end; product *= this.unit()) count++
    return count
  }

  /** Mean 1 (Marsaglia and Tsang 2000; shape ≥ 1). */
  gamma(shape: number): number {
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(1 - this.unit()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return (d * v) / shape
    }
  }

  /** Failures before the first success. */
  geometric(success: number): number {
    return Math.floor(Math.log(1 - this.unit()) / Math.log(1 - success))
  }
}
