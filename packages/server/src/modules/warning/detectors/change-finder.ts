/**
 * ChangeFinder (Takeuchi and Yamanishi, "A Unifying Framework for Detecting Outliers and Change Points from Time
 * Series", IEEE TKDE 18(4), 2006): an autoregressive model that forgets scores how unlikely each value is, a moving mean
 * smooths the scores, a second model scores those, and a second moving mean gives the score of change.
 */
export interface ChangeFinderParameters {
  /** Order of both models; at most 16. */
  readonly order: number
  /** How fast both forget, 0 … 1. */
  readonly discount: number
  /** Widths of the two moving means. */
  readonly smoothing: readonly [first: number, second: number]
  /** Score from which a value is a change point. */
  readonly threshold: number
  /** First values, whose scores say nothing yet. */
  readonly ignored: number
}

/** NICT's settings for bins of ten minutes; packets and hosts are looked at apart and either one raises. */
export const nictSettings: ChangeFinderParameters = { order: 2, discount: 0.005, smoothing: [10, 5], threshold: 3, ignored: 15 }

/** Plain data from which a finder goes on. */
export interface SavedFinder {
  readonly outliers: SavedSdar
  readonly changes: SavedSdar
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly seen: number
}
interface SavedSdar { readonly past: readonly number[]; readonly covariance: readonly number[]; readonly mean: number; readonly variance: number }

export class ChangeFinder {
  readonly #parameters: ChangeFinderParameters
  readonly #outliers: Sdar
  readonly #changes: Sdar
  readonly #first: MovingMean
  readonly #second: MovingMean
  #seen: number

  constructor(parameters: ChangeFinderParameters, saved?: SavedFinder) {
    this.#parameters = parameters
    const { order, discount, smoothing: [first, second] } = parameters
    this.#outliers = new Sdar(order, discount, saved?.outliers)
    this.#changes = new Sdar(order, discount, saved?.changes)
    this.#first = new MovingMean(first, saved?.first)
    this.#second = new MovingMean(second, saved?.second)
    this.#seen = saved?.seen ?? 0
  }

  /** The score of the next value of the series, and whether it is a change point. */
  next(value: number): { readonly score: number; readonly is_change: boolean } {
    const score = this.#second.next(this.#changes.next(this.#first.next(this.#outliers.next(value))))
    this.#seen++
    return { score, is_change: this.#seen > this.#parameters.ignored && score > this.#parameters.threshold }
  }

  save(): SavedFinder {
    return { outliers: this.#outliers.save(), changes: this.#changes.save(), first: this.#first.save(), second: this.#second.save(), seen: this.#seen }
  }
}

class MovingMean {
  readonly #values: number[]
  readonly #width: number

  constructor(width: number, saved: readonly number[] = []) {
    this.#width = width
    this.#values = [...saved]
  }

  next(value: number): number {
    this.#values.push(value)
    if (this.#values.length > this.#width) this.#values.shift()
    return this.#values.reduce((sum, one) => sum + one, 0) / this.#values.length
  }

  save(): readonly number[] {
    return [...this.#values]
  }
}

/** Sequentially discounting autoregression: the model's logarithmic loss of each value, given those before. */
class Sdar {
  readonly #order: number
  readonly #discount: number
  /** The last values, newest first. */
  readonly #past: number[]
  readonly #covariance: number[]
  #mean: number
  #variance: number

  constructor(order: number, discount: number, saved?: SavedSdar) {
    this.#order = order
    this.#discount = discount
    this.#past = [...(saved?.past ?? [])]
    this.#covariance = saved ? [...saved.covariance] : Array.from({ length: order + 1 }, () => 0)
    this.#mean = saved?.mean ?? 0
    this.#variance = saved?.variance ?? 0
  }

  save(): SavedSdar {
    return { past: [...this.#past], covariance: [...this.#covariance], mean: this.#mean, variance: this.#variance }
  }

  next(value: number): number {
    const r = this.#discount
    this.#mean = (1 - r) * this.#mean + r * value
    const loss = this.#past.length < this.#order ? 0 : this.#lossOf(value)
    this.#past.unshift(value)
    if (this.#past.length > this.#order) this.#past.pop()
    return loss
  }

  #lossOf(value: number): number {
    const r = this.#discount
    const mean = this.#mean
    const shifted = [value, ...this.#past].map((one) => one - mean)
    shifted.forEach((one, j) => {
      this.#covariance[j] = (1 - r) * this.#covariance[j]! + r * shifted[0]! * one
    })
    const expected = yuleWalker(this.#covariance).reduce((sum, weight, i) => sum + weight * shifted[i + 1]!, mean)
    const error = (value - expected) ** 2
    this.#variance = (1 - r) * this.#variance + r * error
    // A series that has not moved yet: nothing is unlikely.
    return this.#variance > 0 ? (Math.log(2 * Math.PI * this.#variance) + error / this.#variance) / 2 : 0
  }
}

/**
 * Weights of the autoregression with these covariances at lags 0 … k (Levinson and Durbin); zero where none can be had.
 * Covariances that were discounted need not be positive definite at first: the equations are solved all the same.
 */
export function yuleWalker(covariance: readonly number[]): number[] {
  const order = covariance.length - 1
  let weights: number[] = []
  let error = covariance[0]!
  for (let m = 0; m < order; m++) {
    if (error === 0) return padded(weights, order)
    const reflection = weights.reduce((rest, weight, i) => rest - weight * covariance[m - i]!, covariance[m + 1]!) / error
    weights = [...weights.map((weight, i) => weight - reflection * weights[m - 1 - i]!), reflection]
    error *= 1 - reflection ** 2
  }
  return weights.every(Number.isFinite) ? weights : padded([], order)
}

const padded = (weights: readonly number[], length: number): number[] => Array.from({ length }, (_, i) => weights[i] ?? 0)
