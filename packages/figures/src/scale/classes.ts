import { isValue } from './linear.ts'

export const CLASSES_MAX = 5

/** Two leading digits, rounded up: what a legend can say without pretending to be exact. */
function roundUp(value: number): number {
  const power = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / power - 1e-9) * power).toPrecision(6))
}

/**
 * Upper bounds of up to five classes over the positive values, by quantiles with round bounds: with values over many
 * powers of ten, equal steps would put all but one into the lowest class. The last bound is at least the maximum.
 */
export function classBounds(values: readonly number[]): number[] {
  const sorted = values.filter((value) => isValue(value) && value > 0).sort((a, b) => a - b)
  if (sorted.length === 0) return []
  const bounds: number[] = []
  for (let i = 1; i <= CLASSES_MAX; i++) {
    const bound = roundUp(sorted[Math.min(sorted.length - 1, Math.ceil((i * sorted.length) / CLASSES_MAX) - 1)]!)
    if (bound > (bounds.at(-1) ?? 0)) bounds.push(bound)
  }
  return bounds
}

/** Shade of a value, 1 to 5, or 0 for none; with fewer classes the shades stay far apart. */
export function shadeOf(value: number, bounds: readonly number[]): number {
  if (!(value > 0) || bounds.length === 0) return 0
  const found = bounds.findIndex((bound) => value <= bound)
  const place = found === -1 ? bounds.length - 1 : found
  return bounds.length === 1 ? 3 : 1 + Math.round((place * (CLASSES_MAX - 1)) / (bounds.length - 1))
}
