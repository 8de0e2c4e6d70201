const MiB = 1024 * 1024
const DAY_S = 86_400

/** Bounds and times of the watch that are fixed while a node runs; every name says its unit. */
export interface WatchConfig {
  /** At most so long after a minute may be looked at, or new data came, it is. */
  readonly tick_ms: number
  /** From one look at the clock and the newest rows to the next at least. */
  readonly tick_ms_min: number
  /** A minute is not looked at sooner after its end: interactions that ended with it are on their way. */
  readonly settle_s: number
  /** A minute that some live sensor did not deliver is looked at so long after its end. */
  readonly grace_s: number
  /** A sensor counts as live when it was heard of within this time. */
  readonly live_within_ms: number
  /** Late rows are taken in when none came for so long … */
  readonly late_quiet_ms: number
  /** … or when the first of them waits for so long. */
  readonly late_wait_ms_max: number
  /** Older rows than this are left out by the watch, and counted. */
  readonly late_s_max: number
  /** Of all time, looking again may take this share. */
  readonly again_share_max: number
  /** How long the scene must have stayed as it is before all is looked at again by it. */
  readonly scene_rests_ms: number
  readonly settings_every_ms: number
  /** Flow rows of one answer of the store. */
  readonly page_rows_max: number
  readonly page_heard_max: number
  /** Rows of one table that are looked at of one minute. */
  readonly minute_rows_max: number
  readonly minute_heard_max: number
  /** JavaScript heap of a worker; tables of numbers have bounds of their own (detectors/). */
  readonly heap_mib_max: number
  /** A worker that takes longer for one chunk is ended. */
  readonly push_ms_max: number
  /** On disk for each organisation. */
  readonly checkpoint_bytes_max: number
  readonly checkpoint_hours: number
  readonly checkpoint_days: number
  /** Failures at one place after which the watch begins anew behind it. */
  readonly failures_max: number
  readonly retry_ms_min: number
  readonly retry_ms_max: number
  /** Organisations that are watched at once; each has a worker. */
  readonly organisations_max: number
  /** Further behind than this a detector is `late`. */
  readonly late_after_s: number
}

export const watchDefaults: WatchConfig = {
  tick_ms: 5_000,
  tick_ms_min: 2_000,
  settle_s: 8,
  grace_s: 40,
  live_within_ms: 3 * 60_000,
  late_quiet_ms: 60_000,
  late_wait_ms_max: 600_000,
  late_s_max: 8 * DAY_S,
  again_share_max: 0.2,
  scene_rests_ms: 300_000,
  settings_every_ms: 15_000,
  page_rows_max: 250_000,
  page_heard_max: 4_000,
  minute_rows_max: 1_000_000,
  minute_heard_max: 20_000,
  heap_mib_max: 768,
  push_ms_max: 300_000,
  checkpoint_bytes_max: 2048 * MiB,
  checkpoint_hours: 24,
  checkpoint_days: 8,
  failures_max: 3,
  retry_ms_min: 1_000,
  retry_ms_max: 60_000,
  organisations_max: 32,
  late_after_s: 300,
}
