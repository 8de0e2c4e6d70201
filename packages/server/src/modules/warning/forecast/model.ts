/** A value of each step in order; NaN: nobody watched. Models see values on a scale on which errors add (see scale.ts). */
export type Values = Float64Array

/** One way to look ahead. Pure: the same history gives the same forecast. */
export interface ForecastModel {
  readonly name: 'seasonal-naive' | 'ets' | 'autoregressive'
  /** Steps of history that it needs at least. */
  readonly steps_min: (period: number) => number
  /** Expected values of the next `horizon` steps after the history. */
  readonly forecast: (history: Values, period: number, horizon: number) => Values
}

/** What the past says of a model: how far off it was at each origin, and what its intervals held. */
export interface Measured {
  readonly model: ForecastModel['name']
  /** Mean over origins and steps, in the measure's own unit. */
  readonly mean_absolute_error: number
  /** 1 − error ÷ error of seasonal-naive. */
  readonly skill: number
  /** Share of later values that lay within intervals made only of what was known before. NaN: too few origins. */
  readonly coverage: Readonly<Record<Level, number>>
  readonly origins: number
  /** Whether its errors are smaller than those of seasonal-naive beyond chance (one-sided, 5 %). */
  readonly beats_naive: boolean
}
export const levels = [50, 80, 95] as const
export type Level = (typeof levels)[number]

export interface Interval {
  readonly low: number
  readonly high: number
}
export interface ForecastStep {
  readonly mean: number
  readonly intervals: Readonly<Record<Level, Interval>>
}
export interface Forecast {
  readonly best: ForecastModel['name']
  readonly models: readonly Measured[]
  readonly steps: readonly ForecastStep[]
}
