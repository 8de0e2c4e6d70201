/** Counts of consecutive stretches of time and what was expected of each without anything new. */
export interface Window {
  readonly counts: ArrayLike<number>
  /** More than 0. */
  readonly expected: ArrayLike<number>
  /** How much was watched in each, as a multiple of the others; 0: a hole, left out. */
  readonly exposure: ArrayLike<number>
}

/** Growth that doubles in every `doubling` stretches, on top of what was expected. */
export interface Growth {
  readonly doubling: number
  /** Bounds of the doubling time by the profile of the likelihood; Infinity: it need not grow at all. */
  readonly doubling_low: number
  readonly doubling_high: number
  /** Excess over the expected in the last stretch, for exposure 1. */
  readonly amplitude: number
  /** Logarithmic likelihoods above that of what was expected, of three explanations: growth, a steady excess, a step. */
  readonly growth_gain: number
  readonly steady_gain: number
  readonly step_gain: number
  /** Pearson's χ² by degrees of freedom, at least 1: how much more the counts scatter than Poisson's. */
  readonly scatter: number
}

const EXPECTED_MIN = 1e-9
const STEPS_MAX = 60

/**
 * Most likely a ≥ 0 when the counts are Poisson with means expected + a · shape, and how much more likely that is than a = 0.
 * The likelihood is concave in a: Newton's steps kept within a bracket.
 */
export function fitExcess({ counts, expected }: Pick<Window, 'counts' | 'expected'>, shape: ArrayLike<number>): { readonly amplitude: number; readonly gain: number } {
  const n = counts.length
  let total = 0
  let weight = 0
  for (let i = 0; i < n; i++) {
    if (shape[i]! > 0) total += counts[i]!
    weight += shape[i]!
  }
  if (weight <= 0 || total <= 0) return { amplitude: 0, gain: 0 }
  let low = 0
  // Where even counts without anything expected would have their maximum.
  let high = total / weight
  let a = high / 2
  for (let step = 0; step < STEPS_MAX; step++) {
    let slope = -weight
    let curve = 0
    for (let i = 0; i < n; i++) {
      const w = shape[i]!
      if (w <= 0 || counts[i] === 0) continue
      const mean = Math.max(expected[i]!, EXPECTED_MIN) + a * w
      slope += (counts[i]! * w) / mean
      curve += (counts[i]! * w * w) / (mean * mean)
    }
    if (slope > 0) low = a
    else high = a
    if (high - low <= 1e-6 * high) break
    const newton = curve > 0 ? a + slope / curve : a
    a = newton > low && newton < high ? newton : (low + high) / 2
  }
  const amplitude = high <= 1e-6 * (total / weight) ? 0 : a
  return { amplitude, gain: gainOf({ counts, expected }, shape, amplitude) }
}

function gainOf({ counts, expected }: Pick<Window, 'counts' | 'expected'>, shape: ArrayLike<number>, amplitude: number): number {
  if (amplitude === 0) return 0
  let gain = 0
  for (let i = 0; i < counts.length; i++) {
    const more = amplitude * shape[i]!
    const base = Math.max(expected[i]!, EXPECTED_MIN)
    gain += (counts[i]! > 0 ? counts[i]! * Math.log1p(more / base) : 0) - more
  }
  return Math.max(0, gain)
}

export interface GrowthOptions {
  /** Doubling times that are tried, in stretches, ascending. */
  readonly doublings: readonly number[]
  /** Width of the interval in standard deviations. */
  readonly deviations: number
}

/**
 * Fits exponential growth on top of what was expected (the log-linear twin of Zou's worm model as a likelihood, so that it
 * holds for counts of 0 and 1), and what speaks against it: that all was more by one factor, or that it came at once and stayed.
 */
export function fitGrowth(window: Window, { doublings, deviations }: GrowthOptions): Growth {
  const n = window.counts.length
  const shape = new Float64Array(n)
  const fits = doublings.map((doubling) => {
    for (let i = 0; i < n; i++) shape[i] = window.exposure[i]! * 2 ** ((i - n + 1) / doubling)
    return { doubling, ...fitExcess(window, shape) }
  })
  const best = fits.reduce((one, other) => (other.gain > one.gain ? other : one))
  for (let i = 0; i < n; i++) shape[i] = window.exposure[i]! * 2 ** ((i - n + 1) / best.doubling)
  const scatter = scatterOf(window, shape, best.amplitude)
  const within = best.gain - ((deviations ** 2) / 2) * scatter
  const steady_gain = steadyGain(window)
  // Without growth is a doubling time without end: the steady excess.
  const high = steady_gain >= within ? Infinity : edge(fits.toReversed(), within)
  return {
    doubling: best.doubling, doubling_low: edge(fits, within), doubling_high: high, amplitude: best.amplitude,
    growth_gain: best.gain, steady_gain, step_gain: stepGain(window, shape), scatter,
  }
}

/** First doubling time whose gain reaches the level, between two that were tried linear in its logarithm. */
function edge(fits: readonly { readonly doubling: number; readonly gain: number }[], level: number): number {
  const i = fits.findIndex(({ gain }) => gain >= level)
  const inside = fits[i]!
  const outside = fits[i - 1]
  if (!outside) return inside.doubling
  const part = (level - outside.gain) / (inside.gain - outside.gain)
  return outside.doubling * (inside.doubling / outside.doubling) ** part
}

/** All was more, or less, than expected by the same factor. */
function steadyGain({ counts, expected, exposure }: Window): number {
  let total = 0
  let mean = 0
  for (let i = 0; i < counts.length; i++) {
    if (exposure[i] === 0) continue
    total += counts[i]!
    mean += Math.max(expected[i]!, EXPECTED_MIN)
  }
  return total > mean && mean > 0 ? total * Math.log(total / mean) - (total - mean) : 0
}

/** An excess that began at once at the best moment and stayed as it was. */
function stepGain(window: Window, shape: Float64Array): number {
  const n = shape.length
  let most = 0
  for (let from = 1; from < n; from++) {
    for (let i = 0; i < n; i++) shape[i] = i >= from ? window.exposure[i]! : 0
    most = Math.max(most, fitExcess(window, shape).gain)
  }
  return most
}

function scatterOf({ counts, expected, exposure }: Window, shape: ArrayLike<number>, amplitude: number): number {
  let squares = 0
  let means = 0
  let seen = 0
  for (let i = 0; i < counts.length; i++) {
    if (exposure[i] === 0) continue
    const mean = Math.max(expected[i]!, EXPECTED_MIN) + amplitude * shape[i]!
    squares += (counts[i]! - mean) ** 2
    means += mean
    seen++
  }
  // Pooled, since single means near 0 would make one count weigh without bound.
  return seen > 2 && means > 0 ? Math.max(1, (squares / means) * (seen / (seen - 2))) : 1
}
