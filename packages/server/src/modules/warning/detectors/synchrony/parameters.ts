/** Samples of equal length that make a window; it is looked at when its last one is over. */
export interface Scale {
  /** Whole minutes. */
  readonly sample_s: number
  readonly samples: number
  /** Correlation that two sources of a port may have anyway, since all share its ups and downs. */
  readonly common_correlation: number
}

/** Names that end in `_max` and stand under "bounds" are bounds of memory or time, not thresholds. */
export interface SynchronisedParameters {
  readonly scales: readonly Scale[]
  /** Samples of a window that must have been watched. */
  readonly samples_min: number
  /** Busy ports, to which much comes in step at all times. */
  readonly busy_ports: readonly number[]
  /** A source that touches more TCP ports within two days sweeps over ports and is left out. */
  readonly source_ports_max: number
  /**
   * Variance of the sum ÷ sum of variances from which a graph is drawn, as a multiple of what n sources with the common correlation have
   * on average: 1 + (n − 1) · common_correlation.
   */
  readonly ratio_min: number
  /** The same for ports that have so many times their usual sources in the window: there are no ups and downs to tell from. */
  readonly ratio_new_min: number
  readonly new_factor_min: number
  /** Correlation with all others from which a source counts as in step. */
  readonly correlation_min: number
  /** Sources in step that make a port blamed: so many, and this share of the port's sources. */
  readonly sources_min: number
  readonly sources_share_min: number
  /** Of all packets of sources in step one sensor's network may have this share. */
  readonly destination_share_max: number
  /** Sensors that saw sources in step; fewer where fewer watched. */
  readonly sensors_min: number
  /** Penalties of the graphical lasso. */
  readonly penalties: readonly number[]
  /** Slots of ten minutes whose densities are compared. */
  readonly slots: number
  /** Share of the variance that must be gone when the densest slot is left out. */
  readonly theta: number
  /** An event that was not seen for so long is over. */
  readonly hold_s: number
  /** One that lasts longer is told as over and begins anew. */
  readonly event_s_max: number
  /** Sources in step that make a notice a warning. */
  readonly warning_sources_min: number
  /** Of a port that was blamed on so many of the days before it is usual: kept, raises nobody. */
  readonly usual_days_min: number
  readonly usual_days: number
  /** A group that was in step at so many other ports within a day sweeps over ports: kept, raises nobody. */
  readonly walk_ports_min: number
  /** Bounds: rows of a minute, sources whose ports are counted, ports with a history, units of a graph, graphs in a slot, addresses of an event. */
  readonly rows_minute_max: number
  readonly port_counted_sources_max: number
  readonly history_ports_max: number
  readonly graph_units_max: number
  readonly graphs_slot_max: number
  readonly event_sources_max: number
}

/**
 * From Dark-TRACER: busy ports, penalties 0.3 … 0.8, 432 slots (3 days), θ = 0.98, 20 sources and 10 % of them, 70 % of one destination,
 * 12 samples. Its samples of 50 s are whole minutes here, since rows are of minutes; a second scale of two hours is for networks that see a
 * source a few times a day. The rest was set by what docs/adr/0011-synchronised-sources.md reports.
 */
export const synchronisedDefaults: SynchronisedParameters = {
  scales: [{ sample_s: 60, samples: 10, common_correlation: 0.01 }, { sample_s: 600, samples: 12, common_correlation: 0.02 }],
  samples_min: 8,
  busy_ports: [22, 23, 80, 81, 445, 1433, 2323, 3389, 5555, 8080, 52_869],
  source_ports_max: 16,
  ratio_min: 6, ratio_new_min: 3, new_factor_min: 5, correlation_min: 0.4,
  sources_min: 20, sources_share_min: 0.1, destination_share_max: 0.7, sensors_min: 3,
  penalties: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8], slots: 432, theta: 0.98,
  hold_s: 6 * 3600, event_s_max: 86_400, warning_sources_min: 100, usual_days_min: 2, usual_days: 7, walk_ports_min: 3,
  rows_minute_max: 25_000, port_counted_sources_max: 400_000, history_ports_max: 2_000, graph_units_max: 48, graphs_slot_max: 6, event_sources_max: 100_000,
}
