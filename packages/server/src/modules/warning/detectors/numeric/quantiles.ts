/** Value below which the share `q` of sorted values lies, linear between neighbours (type 7 of Hyndman and Fan 1996); 0 of none. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return 0
  const at = (sorted.length - 1) * q
  const below = Math.floor(at)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (at - below)
}

export const sorted = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort()

export const median = (values: Iterable<number>): number => quantile(sorted(values), 0.5)

/** Makes the median absolute deviation of normal values their standard deviation. */
export const MAD_NORMAL = 1.4826

/** Middle and spread of values that outliers hardly move: median and scaled median absolute deviation. */
export function robust(values: Iterable<number>): { readonly median: number; readonly deviation: number } {
  const all = sorted(values)
  const middle = quantile(all, 0.5)
  return { median: middle, deviation: MAD_NORMAL * quantile(all.map((one) => Math.abs(one - middle)).sort(), 0.5) }
}

export function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 0 }
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}
