import { graphicalLasso, type GlassoOptions } from './glasso.ts'
import { hash32 } from './hash.ts'
import { square, type Square } from './square.ts'

/** Covariance over samples (divided by their number) of some rows whose means are taken off. */
export function covarianceOf(values: Float64Array, samples: number, rows: readonly number[]): Square {
  const covariance = square(rows.length)
  rows.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = rows[j]!
      let sum = 0
      for (let t = 0; t < samples; t++) sum += values[a * samples + t]! * values[b * samples + t]!
      covariance.values[i * rows.length + j] = covariance.values[j * rows.length + i] = sum / samples
    }
  })
  return covariance
}

/** At most `units_max` of the units, drawn by their hash and a seed: the same in every run. */
export function drawUnits(units: readonly number[], units_max: number, seed: number): number[] {
  const all = units.map((_, i) => i)
  if (units.length <= units_max) return all
  const order = units.map((unit) => hash32(unit, seed))
  return all.sort((a, b) => order[a]! - order[b]! || units[a]! - units[b]!).slice(0, units_max).sort((a, b) => a - b)
}

/** Undirected edges ÷ n(n − 1), as Dark-TRACER counts it: at most ½. */
export function densityOf({ n, values }: Square): number {
  let edges = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if (values[i * n + j] !== 0) edges++
  return n > 1 ? edges / (n * (n - 1)) : 0
}

/** Density of the graph at each penalty; `unsettled` counts those that came to the bound on sweeps. */
export function densities(covariance: Square, penalties: readonly number[], options: GlassoOptions): { readonly densities: number[]; readonly unsettled: number } {
  const solved = penalties.map((rho) => graphicalLasso(covariance, rho, options))
  return { densities: solved.map(({ precision }) => densityOf(precision)), unsettled: solved.filter(({ settled }) => !settled).length }
}
