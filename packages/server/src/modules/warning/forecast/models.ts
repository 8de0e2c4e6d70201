import type { ForecastModel, Values } from './model.ts'
import { ridgeSolve } from './solve.ts'

/** The last value known at the same step of an earlier season; where none is, the mean of what is known. */
function seasonalValue(values: Values, at: number, period: number): number {
  for (let i = at - period; i >= 0; i -= period) if (!Number.isNaN(values[i]!)) return values[i]!
  return meanOf(values, at)
}

function meanOf(values: Values, end: number): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i < end; i++) {
    if (Number.isNaN(values[i]!)) continue
    sum += values[i]!
    count++
  }
  return count === 0 ? 0 : sum / count
}

/** What happened one season before: the forecast that every other one has to beat. */
export const seasonalNaive: ForecastModel = {
  name: 'seasonal-naive',
  steps_min: (period) => period,
  forecast: (history, period, horizon) => Float64Array.from({ length: horizon }, (_, step) => {
    const ahead = history.length + step
    return seasonalValue(history, ahead - period * Math.floor(step / period), period)
  }),
}

interface Smoothing { readonly level: number; readonly trend: number; readonly season: number; readonly damping: number }
const grid: readonly Smoothing[] = [0.01, 0.05, 0.15, 0.35, 0.6].flatMap((level) =>
  [0, 0.05].flatMap((trend) => [0.02, 0.08, 0.25].map((season) => ({ level, trend, season, damping: 0.95 }))))

/** State of the additive model after the history, and the sum of its squared one-step errors. */
function smooth(history: Values, period: number, { level: a, trend: b, season: g, damping }: Smoothing): { level: number; trend: number; seasons: Float64Array; loss: number } {
  let [level, trend, loss] = [meanOf(history, Math.min(history.length, 2 * period)), 0, 0]
  const seasons = new Float64Array(period)
  for (let i = 0; i < period; i++) {
    const [first, second] = [history[i]!, history[i + period]!]
    const known = [first, second].filter((value) => !Number.isNaN(value))
    seasons[i] = known.length === 0 ? 0 : known.reduce((sum, value) => sum + value - level, 0) / known.length
  }
  for (let i = 0; i < history.length; i++) {
    const season = seasons[i % period]!
    const expected = level + damping * trend + season
    const value = history[i]!
    const before = level
    if (Number.isNaN(value)) {
      level += damping * trend
      trend *= damping
      continue
    }
    const error = value - expected
    loss += error * error
    level = before + damping * trend + a * error
    trend = damping * trend + a * b * error
    seasons[i % period] = season + g * (1 - a) * error
  }
  return { level, trend, seasons, loss }
}

/**
 * Exponential smoothing with damped trend and additive season, ETS(A,Ad,A) (Hyndman et al., "Forecasting with Exponential
 * Smoothing", 2008). Its weights are the best of a grid by squared one-step error.
 */
export const ets: ForecastModel = {
  name: 'ets',
  steps_min: (period) => 3 * period,
  forecast: (history, period, horizon) => {
    const fits = grid.map((weights) => ({ weights, ...smooth(history, period, weights) }))
    const best = fits.reduce((least, fit) => (fit.loss < least.loss ? fit : least))
    let [level, trend] = [best.level, best.trend]
    return Float64Array.from({ length: horizon }, (_, step) => {
      trend *= best.weights.damping
      level += trend
      return level + best.seasons[(history.length + step) % period]!
    })
  },
}

const SHORT_LAGS = [1, 2, 3]
/** Keeps weights small where history says little. */
const RIDGE = 1e-2

const lagsOf = (period: number, length: number): readonly number[] => {
  const seasonal = [period, period + 1, ...(length >= 4 * 7 * period && period === 24 ? [7 * period] : [])]
  return [...new Set([...SHORT_LAGS, ...seasonal])].filter((lag) => lag < length / 2)
}

/** Mean of each step of the season over the history; where a step was never seen, the mean of all. */
function seasonalMeans(history: Values, period: number): Float64Array {
  const all = meanOf(history, history.length)
  return Float64Array.from({ length: period }, (_, phase) => {
    let [sum, count] = [0, 0]
    for (let i = phase; i < history.length; i += period) {
      if (Number.isNaN(history[i]!)) continue
      sum += history[i]!
      count++
    }
    return count === 0 ? all : sum / count
  })
}

/**
 * Autoregression with a mean for each step of the season: what is left of the last steps, and of the same step of the last
 * season (and week, where hours of four weeks are known), by least squares with a small ridge; looked ahead step by step (Box
 * and Jenkins). Rows with a hole are left out.
 */
export const autoregressive: ForecastModel = {
  name: 'autoregressive',
  steps_min: (period) => 3 * period + SHORT_LAGS.length,
  forecast: (history, period, horizon) => {
    const lags = lagsOf(period, history.length)
    const means = seasonalMeans(history, period)
    const rest = history.map((value, i) => value - means[i % period]!)
    const weights = fitLags(rest, lags)
    const whole = new Float64Array(history.length + horizon)
    // A hole is taken as usual.
    rest.forEach((value, i) => (whole[i] = Number.isNaN(value) ? 0 : value))
    for (let i = history.length; i < whole.length; i++) whole[i] = lags.reduce((sum, lag, j) => sum + weights[j]! * whole[i - lag]!, weights[lags.length]!)
    return whole.subarray(history.length).map((value, step) => value + means[(history.length + step) % period]!)
  },
}

function fitLags(rest: Values, lags: readonly number[]): readonly number[] {
  const size = lags.length + 1
  const normal = Array.from({ length: size }, () => new Float64Array(size))
  const right = new Float64Array(size)
  const row = new Float64Array(size)
  for (let i = Math.max(...lags); i < rest.length; i++) {
    const value = rest[i]!
    lags.forEach((lag, j) => (row[j] = rest[i - lag]!))
    row[size - 1] = 1
    if (Number.isNaN(value) || row.some(Number.isNaN)) continue
    for (let a = 0; a < size; a++) {
      right[a]! += row[a]! * value
      for (let b = 0; b < size; b++) normal[a]![b]! += row[a]! * row[b]!
    }
  }
  return ridgeSolve(normal, right, RIDGE)
}

/** In the order in which a tie is decided: the simplest first. */
export const forecastModels: readonly ForecastModel[] = [seasonalNaive, ets, autoregressive]
