import type { Random } from '../traffic/random.ts'

/** Standard normal (Box and Muller; the second value is not kept, so that a stream of draws has no state but its own). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())

const LARGE_MEAN = 60

/** A Poisson count: by products of uniforms (Knuth); of large means rounded from the normal that it tends to. */
export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0
  if (mean > LARGE_MEAN) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  const end = Math.exp(-mean)
  let count = 0
  for (let product = random.unit(); product > end; product *= random.unit()) count++
  return count
}

/** Gamma with this shape and mean 1 (Marsaglia and Tsang 2000; shape ≥ 1): makes Poisson counts overdispersed. */
export function gamma(random: Random, shape: number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random.unit()) < x * x / 2 + d - d * v + d * Math.log(v)) return (d * v) / shape
  }
}

/** Pareto from `least` with this exponent, at most `most`: few large, many small. */
export const pareto = (random: Random, least: number, most: number, exponent: number): number =>
  Math.min(most, least * (1 - random.unit()) ** (-1 / exponent))

export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random.unit())

export const between = (random: Random, least: number, most: number): number => least + (most - least) * random.unit()

export const pickOf = <T>(random: Random, of: readonly T[]): T => of[random.below(of.length)]!

/**
 * A logarithm of a rate that wanders: an Ornstein–Uhlenbeck process in steps of ten minutes, with the standard deviation
 * `sigma` and the memory `memory_s`. `level` has mean 1.
 */
export class Wander {
  readonly #sigma: number
  readonly #keep: number
  readonly #noise: number
  #x: number

  constructor(random: Random, sigma: number, memory_s: number) {
    this.#sigma = sigma
    this.#keep = Math.exp(-STEP_S / memory_s)
    this.#noise = sigma * Math.sqrt(1 - this.#keep ** 2)
    this.#x = sigma * normal(random)
  }

  step(random: Random): void {
    this.#x = this.#keep * this.#x + this.#noise * normal(random)
  }

  get level(): number {
    return Math.exp(this.#x - this.#sigma ** 2 / 2)
  }
}
export const STEP_S = 600
