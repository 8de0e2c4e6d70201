/** A step of a linear congruential generator (Numerical Recipes): the same series for everybody. */
const next = (state: number): number => (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0

const MINUTES_A_DAY = 1440

/** A made-up series that looks like scanning: days and weeks, bursts, and hours in which nobody watched. */
export function madeUp(points: number, seed: number): Float64Array {
  const values = new Float64Array(points)
  let [random, burst, hole] = [seed >>> 0, 0, 0]
  for (let i = 0; i < points; i++) {
    random = next(random)
    const share = random / 2 ** 32
    if (hole === 0 && share < 2e-5) hole = 30 + Math.floor(share * 1e7)
    if (share > 0.9999) burst = 400 * share
    burst *= 0.985
    const day = 1 + 0.35 * Math.sin((2 * Math.PI * i) / MINUTES_A_DAY) + 0.2 * Math.sin((2 * Math.PI * i) / (7 * MINUTES_A_DAY))
    values[i] = hole > 0 ? Number.NaN : 40 * day + 30 * share + burst
    if (hole > 0) hole--
  }
  return values
}
