import { nictSettings, type ChangeFinderParameters } from '../change-finder.ts'

export interface ChangePointParameters extends ChangeFinderParameters {
  /**
   * `nict`: all ports together, packets and hosts as they are, every bin above the threshold is told, no guard. `guarded`: the
   * same scores decide when to look, and what follows decides whether it is told.
   */
  readonly mode: 'guarded' | 'nict'
  /** Ports whose series are followed one by one; beyond it the least busy are given up and counted. */
  readonly ports_max: number
  /** Sources in a bin from which a port is followed. */
  readonly followed_from_sources: number
  /** Days of the seasonal baseline: median of the same hour of the day ± 1 h, spread by its median absolute deviation. */
  readonly baseline_days: number
  /** Least dispersion of a baseline (variance ÷ squared mean beyond Poisson): within some days ports look steadier than they are. */
  readonly dispersion_min: number
  /** Days that must be known before anything is told. */
  readonly days_known_min: number
  /** Bins whose sources are added up and compared with the baseline. */
  readonly window_bins: number
  /** Whole hours that are compared in the same way, each hour: less of a change is sure when it lasts. */
  readonly long_window_h: number
  /** Bins for which a score above the threshold stays valid: the moving means make it come late and go early. */
  readonly score_valid_bins: number
  /** Standard deviations of the baseline's count (deviance of the negative binomial) that the window must be above it. */
  readonly deviations_min: number
  /** So far above it that no score is asked for: what a model adapts to within minutes may last for a day. */
  readonly deviations_alone: number
  /** Times the baseline, of a port and of all ports together. */
  readonly ratio_min: number
  readonly total_ratio_min: number
  /** Of different networks (/24, /64): a rack of neighbours is one source. */
  readonly sources_min: number
  readonly sensors_min: number
  /** One network, or one sensor, alone is no outbreak. */
  readonly network_share_max: number
  readonly sensor_share_max: number
  /** An episode ends after so long at the baseline; until then nothing new is told of the port. */
  readonly hold_off_h: number
  /** What lasts longer is the new level: the episode ends, and the port must come to its baseline before the next. */
  readonly episode_h_max: number
  /** Changes raised within an hour; beyond it they are records: many ports at once are one event, and no reason for a flood. */
  readonly raised_per_hour_max: number
  /** From which a notice is a warning: times the baseline, sources of the window, share of sensors. */
  readonly warning: { readonly ratio: number; readonly sources: number; readonly sensor_share: number }
  /** Sources of a bin whose networks are looked at. */
  readonly networks_of_max: number
  /** From so many standard deviations it is looked at who comes to a port, and to so many ports and sources at once. */
  readonly watched_from_deviations: number
  readonly watched_ports_max: number
  readonly watched_sources_max: number
  /** Hosts of all ports that are told apart in a bin; beyond it their number is an estimate. */
  readonly hosts_max: number
}

/**
 * Series of ports are counts divided by how much was watched, as NICT has them. No root or logarithm is taken: on simulated
 * ports that rose fivefold ChangeFinder raised within 40 minutes on 7 of 7 as they are, on 3 after the root, on 1 after the logarithm.
 */
export const changePointDefaults: ChangePointParameters = {
  ...nictSettings, mode: 'guarded', ports_max: 2048, followed_from_sources: 3, baseline_days: 14, dispersion_min: 0.15, days_known_min: 3, window_bins: 3, long_window_h: 6, score_valid_bins: 36,
  deviations_min: 6, deviations_alone: 9, ratio_min: 2, total_ratio_min: 1.5, sources_min: 10, sensors_min: 4, network_share_max: 0.5, sensor_share_max: 0.5, hold_off_h: 3, episode_h_max: 48,
  raised_per_hour_max: 6, warning: { ratio: 5, sources: 60, sensor_share: 0.25 }, watched_from_deviations: 3,
  watched_ports_max: 512, watched_sources_max: 200_000, networks_of_max: 10_000, hosts_max: 1 << 19,
}
