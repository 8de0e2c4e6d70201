/** A mean of nothing would make one count infinitely surprising. */
const MEAN_MIN = 1e-6

/**
 * How far a count lies from what was expected, in standard deviations of a normal with nearly the same tail: the signed root
 * of the deviance of the negative binomial with this mean and variance mean + dispersion · mean² (McCullagh and Nelder,
 * "Generalized Linear Models", 2nd ed., 1989, section 2.3). Holds for counts of 2 as for those of 20,000; without dispersion
 * it is that of Poisson.
 */
export function surprise(count: number, mean: number, dispersion: number): number {
  const m = Math.max(mean, MEAN_MIN)
  const own = count > 0 ? count * Math.log(count / m) : 0
  const half = dispersion < 1e-9
    ? own - (count - m)
    : own - (count + 1 / dispersion) * Math.log1p((dispersion * (count - m)) / (1 + dispersion * m))
  return Math.sign(count - m) * Math.sqrt(Math.max(0, 2 * half))
}

/** Least whole count that is at least so surprising: a threshold that a reader can compare with the count itself. */
export function countOf(wanted: number, mean: number, dispersion: number): number {
  let high = Math.max(1, Math.ceil(mean))
  while (surprise(high, mean, dispersion) < wanted) {
    // The tail of a strongly dispersed count may never be so thin.
    if (high > 1e15) return Infinity
    high *= 2
  }
  let low = 0
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2)
    if (surprise(middle, mean, dispersion) >= wanted) high = middle
    else low = middle
  }
  return high
}
