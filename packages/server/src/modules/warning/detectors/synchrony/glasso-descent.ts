import type { GlassoOptions } from './glasso.ts'
import { square, type Square } from './square.ts'

/**
 * Minimises tr(SΘ) − log det Θ + Σ_{i≠j} bound_ij · |Θ_ij| with the diagonal of Θ⁻¹ given, column by column (DP-GLASSO, see
 * glasso.ts). Θ is positive definite after every step, so that it may end after any.
 */
export function descend(covariance: Square, diagonal: Float64Array, bound: Square, options: GlassoOptions): { readonly precision: Square; readonly settled: boolean } {
  const descent = new Descent(covariance, diagonal, bound, options)
  const settled = descent.run()
  return { precision: descent.precision, settled }
}

class Descent {
  readonly precision: Square
  readonly #n: number
  readonly #s: Float64Array
  readonly #diagonal: Float64Array
  readonly #bound: Float64Array
  readonly #options: GlassoOptions
  /** Row j: the estimate w₁₂ of column j, within its bound of s₁₂. */
  readonly #w: Float64Array
  /** Θ₁₁w₁₂ of the column at work. */
  readonly #pull: Float64Array
  /** Row k: the columns of Θ that are not zero, in no order, its own among them. */
  readonly #near: Int32Array
  readonly #degree: Int32Array

  constructor(covariance: Square, diagonal: Float64Array, bound: Square, options: GlassoOptions) {
    const { n, values } = covariance
    this.#n = n
    this.#s = values
    this.#diagonal = diagonal
    this.#bound = bound.values
    this.#options = options
    this.#pull = new Float64Array(n)
    this.#w = Float64Array.from(values, (s, at) => Math.sign(s) * Math.max(0, Math.abs(s) - bound.values[at]!))
    this.#near = new Int32Array(n * n)
    this.#degree = new Int32Array(n)
    this.precision = square(n)
    for (let i = 0; i < n; i++) {
      this.precision.values[i * (n + 1)] = 1 / diagonal[i]!
      this.#near[i * n + this.#degree[i]!++] = i
    }
  }

  /** Whether it settled within its bounds. */
  run(): boolean {
    for (let sweep = 0; sweep < this.#options.sweeps_max; sweep++) {
      let [moved, size] = [0, 0]
      for (let j = 0; j < this.#n; j++) {
        moved += this.#column(j)
        size += this.precision.values[j * (this.#n + 1)]!
      }
      if (moved <= this.#options.tolerance * size) return true
    }
    return false
  }

  /** Solves column j and puts it into Θ; how far Θ moved. */
  #column(j: number): number {
    const [n, w, pull, theta] = [this.#n, this.#w, this.#pull, this.precision.values]
    const own = j * n
    pull.fill(0)
    for (let k = 0; k < n; k++) if (k !== j && w[own + k] !== 0) this.#take(k, w[own + k]!)
    this.#solve(j)
    let [square, moved] = [0, 0]
    for (let k = 0; k < n; k++) {
      if (k === j) continue
      square += w[own + k]! * pull[k]!
      const [value, s, bound] = [w[own + k]!, this.#s[own + k]!, this.#bound[own + k]!]
      const next = value <= s - bound || value >= s + bound ? -pull[k]! / this.#diagonal[j]! : 0
      moved += Math.abs(next - theta[own + k]!)
      this.#put(j, k, next)
    }
    const diagonal = (1 + square / this.#diagonal[j]!) / this.#diagonal[j]!
    moved += Math.abs(diagonal - theta[own + j]!)
    theta[own + j] = diagonal
    return moved
  }

  /** Coordinate descent on ½wᵀΘ₁₁w within the bound: all coordinates until none moves. */
  #solve(j: number): void {
    const [n, w, s, bound, pull, theta] = [this.#n, this.#w, this.#s, this.#bound, this.#pull, this.precision.values]
    const own = j * n
    for (let round = 0; round < this.#options.rounds_max; round++) {
      let [change, size] = [0, 0]
      for (let k = 0; k < n; k++) {
        if (k === j) continue
        const before = w[own + k]!
        const free = before - pull[k]! / theta[k * (n + 1)]!
        const [low, high] = [s[own + k]! - bound[own + k]!, s[own + k]! + bound[own + k]!]
        const after = free < low ? low : free > high ? high : free
        size += Math.abs(after)
        if (after === before) continue
        w[own + k] = after
        change += Math.abs(after - before)
        this.#take(k, after - before)
      }
      if (change <= 0.1 * this.#options.tolerance * size) return
    }
  }

  /** Also into the pull of the column at work itself, which nobody reads. */
  #take(k: number, change: number): void {
    const [pull, theta, near] = [this.#pull, this.precision.values, this.#near]
    const row = k * this.#n
    const end = row + this.#degree[k]!
    for (let at = row; at < end; at++) {
      const l = near[at]!
      pull[l]! += change * theta[row + l]!
    }
  }

  #put(j: number, k: number, value: number): void {
    const [n, theta] = [this.#n, this.precision.values]
    const before = theta[j * n + k]!
    theta[j * n + k] = theta[k * n + j] = value
    if ((before === 0) === (value === 0)) return
    this.#link(j, k, value !== 0)
    this.#link(k, j, value !== 0)
  }

  #link(of: number, other: number, joined: boolean): void {
    const [near, row] = [this.#near, of * this.#n]
    if (joined) {
      near[row + this.#degree[of]!++] = other
      return
    }
    const at = near.indexOf(other, row)
    near[at] = near[row + --this.#degree[of]!]!
  }
}
