import type { PortCounts } from './port-window.ts'

/** As Dark-TRACER takes counts: the logarithm, and no packet as a tenth of one. Here the value of no packet is taken off, so that it is 0. */
const COUNT_MIN = 0.1
const logarithmOf = (count: number): number => Math.log(count / COUNT_MIN)
const logarithms = Float64Array.from({ length: 256 }, (_, count) => (count === 0 ? 0 : logarithmOf(count)))
export const valueOf = (count: number): number => (count < 256 ? logarithms[count]! : logarithmOf(count))

/**
 * How far the sources of a port act in step: variance of the sum over units ÷ sum of their variances. It is 1 on average where
 * each acts alone (Schluter, "A variance test for detecting species associations", Ecology 65, 1984), n where n do the same.
 */
export function varianceRatio({ units, counts, samples, filled }: PortCounts): number {
  const of_unit = new Float64Array(units.length)
  const of_sample = new Float64Array(samples)
  let squares = 0
  for (const cell of filled) {
    const value = valueOf(counts[cell]!)
    const unit = Math.floor(cell / samples)
    of_unit[unit]! += value
    of_sample[cell - unit * samples]! += value
    squares += value * value
  }
  const apart = squares - sumOfSquares(of_unit) / samples
  const together = sumOfSquares(of_sample) - of_sample.reduce((sum, one) => sum + one, 0) ** 2 / samples
  return apart > 1e-9 ? together / apart : 0
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!
  return sum
}

/** Rows of units with a column for each sample, each row's mean taken off. */
export function centred({ units, counts, samples }: PortCounts): Float64Array {
  const values = new Float64Array(units.length * samples)
  for (let row = 0; row < values.length; row += samples) {
    let mean = 0
    for (let t = 0; t < samples; t++) mean += values[row + t] = valueOf(counts[row + t]!)
    mean /= samples
    for (let t = 0; t < samples; t++) values[row + t]! -= mean
  }
  return values
}

/** Indices of units whose correlation with the sum of all others is at least `correlation_min`; `values` as `centred` gives them. */
export function unitsInStep(values: Float64Array, samples: number, correlation_min: number): number[] {
  const profile = new Float64Array(samples)
  values.forEach((value, at) => {
    profile[at % samples]! += value
  })
  const found: number[] = []
  for (let row = 0; row < values.length; row += samples) {
    let [own, others, both] = [0, 0, 0]
    for (let t = 0; t < samples; t++) {
      const value = values[row + t]!
      const rest = profile[t]! - value
      own += value * value
      others += rest * rest
      both += value * rest
    }
    if (own > 1e-9 && others > 1e-9 && both >= correlation_min * Math.sqrt(own * others)) found.push(row / samples)
  }
  return found
}
