import type { Uuid } from '@hirundo/base'

/** What a batch carries; the number is on the wire and never reused. Unknown kinds are kept in the journal, unread. */
export const batchKinds = { flow: 1, backscatter: 2, syn_sample: 3, sensor_minute: 4, gap: 5, interaction: 6 } as const

/**
 * One numbered message of a sensor. Numbers start at 1 within an epoch and have no holes: what a full spool had to
 * drop is named by a `gap` batch with the range `first..last`; every other batch has first = last.
 */
export interface BatchHeader {
  readonly kind: number
  readonly sensor: Uuid
  /** Random per spool: a restored or copied sensor cannot reuse numbers. */
  readonly epoch: Uuid
  readonly first: bigint
  readonly last: bigint
  readonly rows: number
  /** Milliseconds since 1970 by the sensor's clock, for people; orders nothing. */
  readonly created_ms: number
}

/** Bounds of one batch; a node refuses what is larger. */
export const batchBounds = {
  batch_rows_max: 50_000,
  batch_body_bytes_max: 8 * 1024 * 1024,
  post_bytes_max: 16 * 1024 * 1024,
  post_batches_max: 1024,
} as const

/*
 * Wire form, little endian; header of 96 bytes, payload, signature.
 *
 *   0 "HRDB"   4 version u16 = 1   6 kind u16   8 sensor (16)   24 epoch (16)   40 first u64   48 last u64
 *  56 rows u32   60 encoding u16 (0 none, 1 zstd)   62 reserved u16   64 body bytes u32   68 payload bytes u32
 *  72 created_ms u64   80 reserved (16)   96 payload   96 + payload: Ed25519 signature (64)
 *
 * Signed bytes: "hirundo-batch-v1\n" and the SHA-256 of header and payload. A POST body is a run of
 * [u32 length][batch]. Body of kinds flow … sensor_minute: rows of the layouts in row-layout.ts; of gap: none; of
 * interaction: rows with their lengths (interaction/codec.ts).
 */
