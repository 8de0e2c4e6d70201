import type { Novelty } from '@hirundo/contract'

export interface NewPortParameters {
  /** Days that must be known before anything is told. */
  readonly days_known_min: number
  /** A port on which nothing spread for so long is new again. */
  readonly days_silent: number
  /** Hours within which it must spread. */
  readonly window_h: number
  /** Sources of different networks (/24, /64), and sensors that saw them. */
  readonly sources_min: number
  readonly sensors_min: number
  /** Share of the sources that one sensor may have seen: a swarm that takes one address for a peer is no news of a port. */
  readonly sensor_share_max: number
  /** So many hosts may try a port for days together and it is no spread; those beyond them are held against strays. */
  readonly regulars: number
  /** Standard deviations above what strays bring to the port, with this dispersion. */
  readonly deviations_min: number
  readonly dispersion: number
  /** A source that tries more quiet ports than this in a day sweeps, and says nothing of any of them. */
  readonly sweep_ports_max: number
  readonly sweepers_max: number
  readonly visited_ports_max: number
  readonly visitors_per_port_max: number
  readonly visitors_max: number
}

export interface NewStringParameters {
  readonly days_known_min: number
  readonly days_silent: number
  /** Days since it came from a second source within which it must spread; what spread slower is known. */
  readonly window_days: number
  readonly sources_min: Readonly<Record<Exclude<Novelty, 'port'>, number>>
  readonly sensors_min: number
  /** Strings of one source alone: two days of them are kept, as hashes. */
  readonly singles_max: number
  /** New strings that one source may bring in a day; who brings more is not listened to. */
  readonly strings_per_source_max: number
  readonly sources_counted_max: number
  /** Strings of two sources or more that may become news, and those that are none any more. */
  readonly candidates_max: number
  readonly known_max: number
  /** Sources of a string that are told apart, before and after it is told. */
  readonly sources_per_string_max: number
  readonly told_sources_max: number
  readonly value_chars_max: number
  /** Credentials and URLs of one interaction. */
  readonly strings_per_interaction_max: number
  /** Ports whose interactions are counted by hour, for evidence. */
  readonly ports_max: number
}

export interface NewParameters {
  readonly port: NewPortParameters
  readonly string: NewStringParameters
  /** From which a notice is a warning. */
  readonly warning: { readonly sources: number; readonly sensor_share: number }
  /** It is followed for so long, or until it was silent for so long. */
  readonly followed_h: number
  readonly silent_h: number
  readonly followed_max: number
  readonly followed_sources_max: number
  /** Raised within an hour; beyond it they are records. */
  readonly raised_per_hour_max: number
}

/**
 * The thresholds are ours: no publication gives any. On simulated ports that one to four hosts try for some days, with strays
 * beside them, eight sources came together every second day by chance; beyond four regulars they hardly ever do.
 */
export const newDefaults: NewParameters = {
  port: {
    days_known_min: 7, days_silent: 28, window_h: 24, sources_min: 8, sensors_min: 4, sensor_share_max: 0.5, regulars: 4, deviations_min: 4, dispersion: 0.3,
    sweep_ports_max: 5, sweepers_max: 200_000, visited_ports_max: 1 << 15, visitors_per_port_max: 256, visitors_max: 400_000,
  },
  string: {
    days_known_min: 7, days_silent: 28, window_days: 7, sources_min: { payload: 8, ja4: 8, credential: 8, url: 8 }, sensors_min: 4,
    singles_max: 1 << 17, strings_per_source_max: 50, sources_counted_max: 1 << 16, candidates_max: 1 << 13, known_max: 1 << 18,
    sources_per_string_max: 64, told_sources_max: 4096, value_chars_max: 600, strings_per_interaction_max: 20, ports_max: 4096,
  },
  warning: { sources: 40, sensor_share: 0.25 }, followed_h: 48, silent_h: 12, followed_max: 512, followed_sources_max: 100_000, raised_per_hour_max: 6,
}
