export interface SpikeParameters {
  /** The publication's rule: above median + 2 · interquartile range of all days, and above mean + 2 · standard deviation of 28. */
  readonly interquartile_ranges: number
  readonly deviations: number
  readonly mean_days: number
  /** "All time" is so many days. */
  readonly history_days_max: number
  /** Days that must be known. */
  readonly days_known_min: number
  /** Sources in the day from which anything is kept at all; over thousands of quiet ports the rule alone is met by three. */
  readonly sources_min: number
  /** Ports of which each day is kept, from so many sources in a day on; days before count as 0. */
  readonly followed_from_sources: number
  readonly ports_max: number
  /** Records of a day; those that are least above are left out and counted. */
  readonly records_per_day_max: number
  /** The stricter rule of a notice. */
  readonly notice: {
    /** Of different networks (/24, /64). */
    readonly sources_min: number
    readonly ratio_min: number
    readonly sensors_min: number
    /** Standard deviations above the median, of a count with at least this dispersion. */
    readonly deviations_min: number
    readonly dispersion_min: number
    readonly network_share_max: number
    readonly sensor_share_max: number
  }
  readonly notices_per_day_max: number
  /** Ports of which it is counted while the day lasts whether they are above already, and sources of all of them. */
  readonly watched_ports_max: number
  readonly watched_sources_max: number
  /** Sources of a day whose networks are looked at. */
  readonly networks_of_max: number
}

/**
 * GreyNoise's rule makes records: over hundreds of ports it is met several times a day without anything happening. A notice asks
 * for three times the median, for more than a dispersed count does in a year of days, and for many networks and sensors.
 */
export const spikeDefaults: SpikeParameters = {
  interquartile_ranges: 2, deviations: 2, mean_days: 28, history_days_max: 366, days_known_min: 7, sources_min: 20, followed_from_sources: 10, ports_max: 4096,
  records_per_day_max: 50,
  notice: { sources_min: 30, ratio_min: 3, sensors_min: 4, deviations_min: 5, dispersion_min: 0.15, network_share_max: 0.5, sensor_share_max: 0.5 },
  notices_per_day_max: 10, watched_ports_max: 512, watched_sources_max: 300_000, networks_of_max: 10_000,
}
