import { answerBounds } from './answer/bounds.ts'

const MiB = 1024 * 1024

/** Every bound of a sensor with its default; each may be set by file, environment (HIRUNDO_SENSOR_NAME) or argument. */
export const sensorBounds = {
  /** Flows held open at once; more make partial rows. With 600,000 a minute the agent stays below 160 MB. */
  flows_max: 150_000,
  syn_samples_per_minute_max: 1_000,
  /** Disk for what the node has not acknowledged: 72 h at 100,000 flow rows a minute of 20 bytes. */
  spool_bytes_max: 8192 * MiB,
  /** Disk for acknowledged batches that a restored node may ask for again. */
  acked_bytes_max: 1024 * MiB,
  acked_age_ms_max: 24 * 3_600_000,
  /** Rows of one batch; the wire allows 50,000. */
  batch_rows_max: 10_000,
  /** How long rows may wait for their batch to fill, counted from the first one. */
  batch_age_ms_max: 5_000,
  /** Bytes of batches in one POST. */
  post_bytes_max: 4 * MiB,
  /** Encoded batches that wait for the disk before reading of packets pauses. */
  unwritten_bytes_max: 8 * MiB,
  /** How long a live minute stays open after its end. */
  watermark_ms: 3_000,
  heartbeat_ms: 30_000,
  retry_ms_max: 60_000,
  request_ms_max: 60_000,
  ...answerBounds,
} as const satisfies Record<string, number>

export type SensorBounds = { readonly [Name in keyof typeof sensorBounds]: number }
