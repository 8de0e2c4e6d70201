export interface RateEstimate {
  /** Share by which what came so far grows in a stretch. */
  readonly rate: number
  readonly deviation: number
}

export interface KalmanOptions {
  /** Variance by which the rate may wander in a stretch: lets it follow, and forget noise before the outbreak. */
  readonly wander: number
  /** Variance of the first guess, which is 0. */
  readonly prior: number
}

/**
 * The infection rate of a worm after Zou, Gong, Towsley and Gao ("The monitoring and early detection of Internet worms",
 * IEEE/ACM ToN 13(5), 2005): a Kalman filter whose state is the rate and whose measurement is that new ones come in proportion
 * to those that came. An outbreak settles at a positive constant; noise swings around 0; of a burst that came at once the rate
 * falls, since as many come while ever more came. Cumulated excess over the expected stands for the infected ones.
 */
export function infectionRates(
  counts: ArrayLike<number>, expected: ArrayLike<number>, { wander, prior }: KalmanOptions,
): RateEstimate[] {
  let rate = 0
  let variance = prior
  let sum = 0
  const estimates: RateEstimate[] = []
  for (let i = 0; i < counts.length; i++) {
    const excess = counts[i]! - expected[i]!
    if (sum > 0) {
      variance += wander
      const noise = Math.max(1, counts[i]!, expected[i]!)
      const gain = (variance * sum) / (sum * sum * variance + noise)
      rate += gain * (excess - rate * sum)
      variance *= 1 - gain * sum
    }
    // Below the expected there is nothing that could infect.
    sum = Math.max(0, sum + excess)
    estimates.push({ rate, deviation: Math.sqrt(variance) })
  }
  return estimates
}

/** The mean of the last estimates when they are positive with this margin and swing no more than by this share; else undefined. */
export function settled(estimates: readonly RateEstimate[], last: number, deviations: number, swing_max: number): number | undefined {
  if (estimates.length < last) return undefined
  const tail = estimates.slice(-last)
  const rates = tail.map(({ rate }) => rate)
  const mean = rates.reduce((sum, one) => sum + one, 0) / last
  const newest = tail.at(-1)!
  const positive = rates.every((one) => one > 0) && newest.rate - deviations * newest.deviation > 0
  return positive && Math.max(...rates) - Math.min(...rates) <= swing_max * mean ? mean : undefined
}
