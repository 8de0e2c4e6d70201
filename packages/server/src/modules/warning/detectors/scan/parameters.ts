import type { Severity } from '@hirundo/contract'

export interface ScanParameters {
  readonly destinations_min: number
  /** Packets a second to all of IPv4 that the source is taken to send at least. */
  readonly rate_pps_min: number
  /** How likely a scan of that rate may be silent for the time-out and go on all the same. */
  readonly split_probability: number
  /** Few addresses see a scan so seldom that the time-out would be weeks: no longer than this. */
  readonly timeout_s_max: number
  /** Addresses taken to observe where it is not known: Merit's telescope, whose time-out is short. */
  readonly addresses_assumed: number
  /** A source that reaches this share of the observing addresses in a day is aggressive (arXiv 2305.07193, definition 1). */
  readonly aggressive_share_min: number
  /** Severity of an aggressive stranger; there are hundreds at any time. One of our own is a warning. */
  readonly aggressive_severity: Severity
  /** A slow scan: a mean time between its minutes of at least this … */
  readonly aimed_gap_s_min: number
  /** … whose Greenwood statistic lies so many standard deviations below chance is aimed at the observing addresses. */
  readonly aimed_deviations_min: number
  readonly aimed_severity: Severity
  /** Shortest time between two tellings of a scan that goes on, and of one that is a record. */
  readonly update_s: number
  readonly record_update_s: number
  readonly scans_max: number
  /** A source that tries so many ports in a day sweeps over ports, however few addresses it reaches at each. */
  readonly sweep_ports_min: number
  /** Sources whose ports are counted. */
  readonly sweeps_max: number
}
