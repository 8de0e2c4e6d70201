import { levels, type Forecast, type ForecastModel, type ForecastStep, type Interval, type Level, type Measured, type Values } from './model.ts'
import { forecastModels } from './models.ts'

export interface RollingSettings {
  /** Steps of a season: 24 of hours, 7 of days. */
  readonly period: number
  readonly horizon: number
  /** Steps between two origins. */
  readonly stride: number
  readonly origins_max: number
  /** Steps of history that a model is given at most. */
  readonly history_max: number
}
export const hourly: RollingSettings = { period: 24, horizon: 48, stride: 11, origins_max: 40, history_max: 24 * 35 }
export const daily: RollingSettings = { period: 7, horizon: 14, stride: 2, origins_max: 60, history_max: 364 }

/** Errors of at least so many origins make an interval. */
const errors_min = 12
/** Steps to either side whose errors count as those of a step: one step alone has too few. */
const NEIGHBOURS = 3
/** Normal quantile of a one-sided 5 %. */
const BEYOND_CHANCE = 1.645

/** Values are ≥ 0 and their errors grow with them: models work on ln(1 + value). */
const inward = (value: number): number => Math.log1p(value)
const outward = (value: number): number => Math.max(0, Math.expm1(Math.min(value, 60)))

interface Tried {
  readonly model: ForecastModel
  /** By origin, then by step: seen − expected, on the inner scale; NaN: unknown. */
  readonly errors: Float64Array[]
  /** By origin: mean absolute error in the measure's unit. */
  readonly losses: number[]
}

/**
 * Lets the models compete at origins that roll through the history (Hyndman and Athanasopoulos, "Forecasting: Principles and
 * Practice", section 5.10), and looks ahead with the one of the least measured error. Intervals are quantiles of its own
 * past errors at that distance (split conformal prediction), and their coverage is measured at each origin with errors known
 * before it alone. `values`: NaN where nobody watched. Undefined: too little history.
 */
export function forecastOf(values: Values, settings: RollingSettings, models: readonly ForecastModel[] = forecastModels): Forecast | undefined {
  const inner = values.map(inward)
  const origins = originsOf(inner, settings, Math.max(...models.map((model) => model.steps_min(settings.period))))
  if (origins.length < errors_min) return undefined
  const tried: Tried[] = models.map((model) => ({ model, errors: [], losses: [] }))
  for (const origin of origins) for (const one of tried) tryAt(one, inner, origin, settings)
  const measured = tried.map((one) => measure(one, tried[0]!, origins, settings))
  const best = measured.reduce((least, one, i) => (one.mean_absolute_error < measured[least]!.mean_absolute_error ? i : least), 0)
  return { best: measured[best]!.model, models: measured, steps: ahead(tried[best]!, inner, settings) }
}

/** The last ones, in order, each with a whole horizon behind it. */
function originsOf(inner: Values, { horizon, stride, origins_max }: RollingSettings, steps_min: number): number[] {
  const origins: number[] = []
  for (let origin = inner.length - horizon; origin >= steps_min && origins.length < origins_max; origin -= stride) origins.push(origin)
  return origins.reverse()
}

const before = (inner: Values, origin: number, { history_max, period }: RollingSettings): Values => {
  // The season's phase stays that of the whole series.
  const first = Math.max(0, Math.ceil((origin - history_max) / period) * period)
  return inner.subarray(first, origin)
}

function tryAt({ model, errors, losses }: Tried, inner: Values, origin: number, settings: RollingSettings): void {
  const expected = model.forecast(before(inner, origin, settings), settings.period, settings.horizon)
  const error = Float64Array.from(expected, (value, step) => inner[origin + step]! - value)
  errors.push(error)
  const known = [...error.keys()].filter((step) => !Number.isNaN(error[step]!))
  losses.push(known.length === 0 ? Number.NaN : known.reduce((sum, step) => sum + Math.abs(outward(inner[origin + step]!) - outward(expected[step]!)), 0) / known.length)
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function measure(one: Tried, naive: Tried, origins: readonly number[], settings: RollingSettings): Measured {
  const pairs = one.losses.map((loss, i) => [loss, naive.losses[i]!] as const).filter(([own, other]) => !Number.isNaN(own) && !Number.isNaN(other))
  const error = meanOf(pairs.map(([own]) => own))
  const naive_error = meanOf(pairs.map(([, other]) => other))
  const gains = pairs.map(([own, other]) => other - own)
  return {
    model: one.model.name, mean_absolute_error: error, skill: naive_error > 0 ? 1 - error / naive_error : 0, origins: pairs.length,
    beats_naive: meanOf(gains) > BEYOND_CHANCE * standardError(gains, overlap(settings)),
    coverage: Object.fromEntries(levels.map((level) => [level, coverage(one, origins, level)])) as Record<Level, number>,
  }
}

/** Forecasts of neighbouring origins share their steps: so many of them say about as much as one. */
const overlap = ({ horizon, stride }: RollingSettings): number => Math.max(1, horizon / stride)

function standardError(values: readonly number[], repeated: number): number {
  const mean = meanOf(values)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
  return Math.sqrt((variance * repeated) / values.length)
}

/** Share of values within intervals that were made of errors which were known at their origin. */
function coverage({ errors }: Tried, origins: readonly number[], level: Level): number {
  let [within, all] = [0, 0]
  origins.forEach((origin, i) => {
    for (let step = 0; step < errors[i]!.length; step++) {
      const error = errors[i]![step]!
      if (Number.isNaN(error)) continue
      const known = pool(errors.filter((_, j) => j < i && origins[j]! + step + NEIGHBOURS < origin), step)
      const interval = known.length >= errors_min ? quantiles(known, level) : undefined
      if (!interval) continue
      all++
      if (error >= interval.low && error <= interval.high) within++
    }
  })
  return all === 0 ? Number.NaN : within / all
}

/** Errors at a distance and at those next to it. */
function pool(errors: readonly Float64Array[], step: number): number[] {
  const found: number[] = []
  for (const of of errors) {
    for (let near = Math.max(0, step - NEIGHBOURS); near <= step + NEIGHBOURS && near < of.length; near++) if (!Number.isNaN(of[near]!)) found.push(of[near]!)
  }
  return found
}

/** Quantiles that hold the level for one more value of the same kind: ranks of n + 1 (split conformal prediction). */
function quantiles(errors: readonly number[], level: Level): Interval {
  const sorted = errors.toSorted((a, b) => a - b)
  const tail = (1 - level / 100) / 2
  const rank = (share: number): number => Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length + 1)) - 1))
  return { low: sorted[rank(tail)]!, high: sorted[rank(1 - tail)]! }
}

function ahead({ model, errors }: Tried, inner: Values, settings: RollingSettings): readonly ForecastStep[] {
  const expected = model.forecast(before(inner, inner.length, settings), settings.period, settings.horizon)
  return [...expected].map((value, step) => {
    const known = pool(errors, step)
    const at = (level: Level): Interval => {
      const { low, high } = quantiles(known, level)
      return { low: outward(value + Math.min(0, low)), high: outward(value + Math.max(0, high)) }
    }
    return { mean: outward(value), intervals: { 50: at(50), 80: at(80), 95: at(95) } }
  })
}
