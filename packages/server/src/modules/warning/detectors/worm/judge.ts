import type { Crossed, FigureName } from '@hirundo/contract'
import { surprise } from '../numeric/counts.ts'
import { fitGrowth, type Growth } from '../numeric/growth.ts'
import { infectionRates, settled } from '../numeric/kalman.ts'
import type { Seen } from '../series/port-watch.ts'
import { atLeast, sensorsNeeded, short } from '../series/telling.ts'
import type { Fitted } from './levels.ts'
import type { Scale, WormParameters } from './parameters.ts'

const BIN_S = 600
const HOUR_S = 3600
/** Doubling times that are tried in a scale, at equal ratios. */
const DOUBLINGS = 10
/** With so few sensors one of them may well see most. */
const FEW_SENSORS = 2

/** Growth that a window shows, with all that speaks for it. */
export interface Grown {
  readonly growth: Growth
  /** Sources, weighed by how growth weighs them, and what was expected of them. */
  readonly seen: number
  readonly mean: number
  readonly dispersion: number
  /** Times the baseline in the last stretch. */
  readonly factor: number
  /** Kalman's rate of infection, by hour. */
  readonly kalman_rate_per_hour: number
  readonly stretch_s: number
}

const doublingsOf = ({ doubling_from, doubling_to }: Scale): number[] =>
  Array.from({ length: DOUBLINGS }, (_, i) => doubling_from * (doubling_to / doubling_from) ** (i / (DOUBLINGS - 1)))

/** Whether the counts of a window grow as those of a worm do; undefined: they do not. */
export function grows(window: Fitted, scale: Scale, parameters: WormParameters): Grown | undefined {
  const { excess_deviations_min, trend_deviations_min, interval_deviations, growth_factor_min, kalman } = parameters
  const growth = fitGrowth(window, { doublings: doublingsOf(scale), deviations: interval_deviations })
  if (growth.growth_gain <= growth.step_gain) return undefined
  if (growth.growth_gain - growth.steady_gain < (trend_deviations_min ** 2 / 2) * growth.scatter) return undefined
  // Slower growth is for a longer scale: within this one it cannot be told from a level that swings.
  if (growth.doubling_high >= scale.doubling_to) return undefined
  const n = window.counts.length
  let [seen, mean] = [0, 0]
  for (let i = 0; i < n; i++) {
    const weight = 2 ** ((i - n + 1) / growth.doubling)
    seen += weight * window.counts[i]!
    mean += weight * window.expected[i]!
  }
  const last = lastOf(window)
  const factor = (window.expected[last]! + growth.amplitude * window.exposure[last]! * 2 ** ((last - n + 1) / growth.doubling)) / window.expected[last]!
  if (surprise(seen, mean, window.dispersion) < excess_deviations_min || factor < growth_factor_min) return undefined
  const rates = infectionRates(window.counts, window.expected, kalman)
  const rate = settled(rates, kalman.settled_last, kalman.deviations_min, kalman.swing_max)
  if (rate === undefined) return undefined
  const stretch_s = scale.stretch_bins * BIN_S
  return { growth, seen, mean, dispersion: window.dispersion, factor, kalman_rate_per_hour: (Math.log1p(rate) * HOUR_S) / stretch_s, stretch_s }
}

/** The last stretch that was watched. */
function lastOf({ exposure }: Fitted): number {
  let last = exposure.length - 1
  while (last > 0 && exposure[last] === 0) last--
  return last
}

/** Whether enough different ones came, from enough networks, to enough sensors, and no one of them makes most of it. */
export function isSpread(seen: Seen, sensors: number, { sources_min, sensors_min, network_share_max, sensor_share_max }: WormParameters): boolean {
  const alone = seen.network_share_max > network_share_max || (sensors > FEW_SENSORS && seen.sensor_share_max > sensor_share_max)
  return seen.networks >= sources_min && seen.sensors >= sensorsNeeded(sensors_min, sensors) && !alone
}

export function figuresOf({ growth, seen, mean, factor, kalman_rate_per_hour, stretch_s }: Grown, windows: number, who: Seen): Readonly<Partial<Record<FigureName, number>>> {
  return {
    doubling_time_s: Math.round(growth.doubling * stretch_s), doubling_time_low_s: Math.round(growth.doubling_low * stretch_s), doubling_time_high_s: Math.round(growth.doubling_high * stretch_s),
    growth_per_hour: short((Math.LN2 * HOUR_S) / (growth.doubling * stretch_s)), kalman_rate_per_hour: short(kalman_rate_per_hour), windows_growing: windows,
    rate_ratio: short(factor), sources: who.sources, sensors: who.sensors, packets: who.packets, sources_before: short(mean), score: short(surprise(seen, mean, 0)),
  }
}

export function crossedOf({ growth, factor, stretch_s }: Grown, windows: number, who: Seen, sensors: number, parameters: WormParameters): readonly Crossed[] {
  return [
    // The doubling time's upper bound: below the longest that is looked for, it grows for sure.
    { figure: 'doubling_time_high_s', value: Math.round(growth.doubling_high * stretch_s), threshold: Math.round(longest_s(parameters)), rule: 'below' },
    atLeast('windows_growing', windows, parameters.windows_min), atLeast('rate_ratio', short(factor), parameters.growth_factor_min),
    atLeast('sources', who.sources, parameters.sources_min), atLeast('sensors', who.sensors, sensorsNeeded(parameters.sensors_min, sensors)),
  ]
}

const longest_s = ({ scales }: WormParameters): number => Math.max(...scales.map(({ stretch_bins, stretches }) => stretch_bins * stretches * BIN_S))

