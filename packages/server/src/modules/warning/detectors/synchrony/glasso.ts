import { descend } from './glasso-descent.ts'
import { cut, paste, square, type Square } from './square.ts'

export interface GlassoOptions {
  /** A sweep over all columns that moves Θ by less than this share of its trace is the last. */
  readonly tolerance: number
  readonly sweeps_max: number
  /** Rounds of coordinate descent in one column. */
  readonly rounds_max: number
}
export const glassoDefaults: GlassoOptions = { tolerance: 1e-3, sweeps_max: 20, rounds_max: 50 }

export interface Glasso {
  /** The sparse inverse covariance Θ: an entry that is not zero is an edge. */
  readonly precision: Square
  /** False: the bound on sweeps came first. */
  readonly settled: boolean
}

/**
 * The graphical lasso: Θ that minimises tr(SΘ) − log det Θ + ρ · Σ|Θ_ij|, diagonal included (Friedman, Hastie and Tibshirani,
 * "Sparse inverse covariance estimation with the graphical lasso", Biostatistics 9, 2008). S must be positive semidefinite, ρ
 * above 0. Three things make it fast without changing the solution: variables that no chain of |S_ij| > ρ joins are apart in
 * it too, and are solved apart (Witten, Friedman and Simon 2011); columns are solved in the form that keeps Θ sparse and
 * positive definite (DP-GLASSO: Mazumder and Hastie, "The graphical lasso: new insights and alternatives", EJS 6, 2012); and
 * variables that are copies of each other, which sources in step are, are solved as one.
 */
export function graphicalLasso(covariance: Square, rho: number, options: GlassoOptions = glassoDefaults): Glasso {
  const { n, values: s } = covariance
  const precision = square(n)
  let settled = true
  for (const part of partsOf(covariance, rho)) {
    if (part.length === 1) {
      const i = part[0]! * (n + 1)
      precision.values[i] = 1 / (s[i]! + rho)
      continue
    }
    const solved = solvePart(cut(covariance, part), rho, options)
    settled = solved.settled && settled
    paste(precision, part, solved.precision)
  }
  return { precision, settled }
}

/** The parts of the graph that has an edge wherever |S_ij| > ρ. */
export function partsOf({ n, values }: Square, rho: number): number[][] {
  const seen = new Uint8Array(n)
  const parts: number[][] = []
  for (let start = 0; start < n; start++) {
    if (seen[start]) continue
    const part = [start]
    seen[start] = 1
    for (const i of part) {
      for (let j = 0; j < n; j++) {
        if (seen[j] || Math.abs(values[i * n + j]!) <= rho) continue
        seen[j] = 1
        part.push(j)
      }
    }
    parts.push(part)
  }
  return parts
}

function solvePart(part: Square, rho: number, options: GlassoOptions): Glasso {
  let bundles = bundlesOf(part, rho)
  for (;;) {
    const { bundled, diagonal, bound } = bundle(part, bundles, rho)
    const { precision: inner, settled } = descend(bundled, diagonal, bound, options)
    // Of copies the formula below holds only as far as they are joined; those that another variable explains are solved one by one.
    const loose = bundles.filter((members, g) => members.length > 1 && inner.values[g * (inner.n + 1)]! > apartness(rho))
    if (loose.length === 0) return { precision: unbundle(part.n, bundles, inner, rho), settled }
    bundles = bundles.flatMap((members) => (loose.includes(members) ? members.map((one) => [one]) : [members]))
  }
}

/** Copies of each other: x_i = x_j where S_ii = S_ij = S_jj. Of those with a variance up to ρ it is not sure that they are joined. */
function bundlesOf({ n, values }: Square, rho: number): number[][] {
  const bundles: number[][] = []
  const taken = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    if (taken[i]) continue
    const own = values[i * n + i]!
    const members = [i]
    bundles.push(members)
    if (own <= rho) continue
    for (let j = i + 1; j < n; j++) {
      if (taken[j] || values[i * n + j] !== own || values[j * n + j] !== own) continue
      taken[j] = 1
      members.push(j)
    }
  }
  return bundles
}

/**
 * Of m copies with variance v, by symmetry, Θ has one diagonal value a and one joint value b. In the directions that tell
 * copies apart it is a − b, for which the objective has its minimum at 1 ÷ 2ρ alone, as long as b ≤ 0 …
 */
const apartness = (rho: number): number => 1 / (2 * rho)

/**
 * … and in the direction of their mean it is q = a + (m − 1)b, in which the objective is that of one variable with variance
 * mv and penalty (2 − m)ρ; towards another bundle of l copies covariance and penalty are multiplied by √(ml).
 */
function bundle({ n, values }: Square, bundles: readonly (readonly number[])[], rho: number) {
  const size = bundles.length
  const [bundled, bound] = [square(size), square(size)]
  const diagonal = new Float64Array(size)
  bundles.forEach((members, g) => {
    const m = members.length
    diagonal[g] = m * values[members[0]! * (n + 1)]! + (2 - m) * rho
    bundles.forEach((others, h) => {
      const weight = Math.sqrt(m * others.length)
      bundled.values[g * size + h] = weight * values[members[0]! * n + others[0]!]!
      bound.values[g * size + h] = weight * rho
    })
  })
  return { bundled, diagonal, bound }
}

function unbundle(n: number, bundles: readonly (readonly number[])[], inner: Square, rho: number): Square {
  const precision = square(n)
  const of = new Uint32Array(n)
  bundles.forEach((members, g) => members.forEach((one) => {
    of[one] = g
  }))
  for (let i = 0; i < n; i++) {
    const g = of[i]!
    for (let j = 0; j < n; j++) {
      const h = of[j]!
      const value = inner.values[g * inner.n + h]!
      const m = bundles[g]!.length
      // Of one alone a is q itself; of several a = b + (a − b).
      const joint = (value - apartness(rho)) / m
      precision.values[i * n + j] = g !== h ? value / Math.sqrt(m * bundles[h]!.length) : m === 1 ? value : i === j ? joint + apartness(rho) : joint
    }
  }
  return precision
}
