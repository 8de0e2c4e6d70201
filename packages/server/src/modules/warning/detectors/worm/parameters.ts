/** A stretch of time over which growth is looked for. */
export interface Scale {
  /** Length of one count, in bins of ten minutes. Scales up to a day are asked after each bin, longer ones of whole hours after each hour. */
  readonly stretch_bins: number
  readonly stretches: number
  /** Doubling times that are tried, from … to, in stretches. */
  readonly doubling_from: number
  readonly doubling_to: number
}

export interface WormParameters {
  readonly scales: readonly Scale[]
  /** Ports whose counts are followed one by one, from so many sources within about a day; beyond it the least busy are given up and counted. */
  readonly ports_max: number
  readonly followed_from_sources: number
  /** Days of the seasonal baseline, and those that must be known before anything is told. */
  readonly baseline_days: number
  readonly days_known_min: number
  /** Least dispersion of a baseline (variance ÷ squared mean beyond Poisson): within some days ports look steadier than they are. */
  readonly dispersion_min: number
  /** Standard deviations above its baseline from which it is looked at who comes to a port, and at whether it grows. */
  readonly watched_from_deviations: number
  readonly fitted_from_deviations: number
  readonly watched_ports_max: number
  readonly watched_sources_max: number
  /** Sources, weighed as growth weighs them, must lie so many standard deviations above the baseline. */
  readonly excess_deviations_min: number
  /** Growth must explain the counts so much better than a steady excess does, in standard deviations. */
  readonly trend_deviations_min: number
  /** Width of the interval of the doubling time in standard deviations. */
  readonly interval_deviations: number
  /** Times the baseline. */
  readonly growth_factor_min: number
  /** Windows in a row that grow. */
  readonly windows_min: number
  /** Of different networks (/24, /64): a rack of neighbours is one source. Four hosts that try a port for days and some strays are no worm. */
  readonly sources_min: number
  readonly sensors_min: number
  readonly network_share_max: number
  readonly sensor_share_max: number
  readonly kalman: {
    readonly wander: number
    readonly prior: number
    /** The last estimates of the window that must be positive, and swing no more than by this share. */
    readonly settled_last: number
    readonly swing_max: number
    /** Standard deviations by which the last estimate lies above 0. */
    readonly deviations_min: number
  }
  /** Growth is over when none was seen for so long. */
  readonly hold_off_h: number
}

/**
 * The scales: six hours, a day and three days, for doubling times from half an hour to a day and a half. Thresholds were chosen
 * on simulated noise (overdispersed, autocorrelated, with days and weeks; series-noise.test.ts) so that it raises none.
 */
export const wormDefaults: WormParameters = {
  scales: [
    { stretch_bins: 1, stretches: 36, doubling_from: 3, doubling_to: 18 },
    { stretch_bins: 6, stretches: 24, doubling_from: 3, doubling_to: 12 },
    { stretch_bins: 18, stretches: 24, doubling_from: 3, doubling_to: 12 },
  ],
  ports_max: 8192, followed_from_sources: 3, baseline_days: 14, days_known_min: 2, dispersion_min: 0.15,
  watched_from_deviations: 3.2, fitted_from_deviations: 4, watched_ports_max: 1024, watched_sources_max: 200_000,
  excess_deviations_min: 5, trend_deviations_min: 3, interval_deviations: 2, growth_factor_min: 2, windows_min: 3, sources_min: 12, sensors_min: 4,
  network_share_max: 0.5, sensor_share_max: 0.5,
  kalman: { wander: 1e-4, prior: 0.1, settled_last: 4, swing_max: 0.5, deviations_min: 1 }, hold_off_h: 6,
}
