import type { Result, Uuid } from '@hirundo/base'

/** Whose journal it is; the number is on disk and never reused. */
export const journalKinds = { spool: 1, inbox: 2 } as const
export type JournalKind = keyof typeof journalKinds

/** Defaults of the bounds of one journal. */
export const journalBounds = {
  segment_bytes_max: 8 * 1024 * 1024,
  /** One record's payload; larger is a bug of the caller. */
  record_bytes_max: 64 * 1024 * 1024,
  /** What one fdatasync may cover; more waits for the next one. */
  group_bytes_max: 16 * 1024 * 1024,
  group_records_max: 65_535,
  /** Segments kept aside as evidence of damage; more are only reported. */
  quarantine_files_max: 16,
} as const

export interface JournalRecord {
  readonly sequence: bigint
  /** The caller's own number; the journal does not read it. */
  readonly kind: number
  readonly payload: Uint8Array
}

/** Records `first..last` that cannot be read any more, and why. Never left out silently. */
export interface JournalGap {
  readonly first: bigint
  readonly last: bigint
  /** dropped: by `dropBefore`; damaged: bytes do not match their checksum; missing: a segment file is gone. */
  readonly reason: 'dropped' | 'damaged' | 'missing'
  readonly segment: string
  readonly offset: number
}

/** A run of records from one segment; continue at `next`. Empty with no gap: nothing durable is there yet. */
export interface JournalRead {
  readonly records: readonly JournalRecord[]
  readonly gaps: readonly JournalGap[]
  readonly next: bigint
}

export interface SegmentInfo {
  /** Its file in the journal's directory. */
  readonly name: string
  readonly first: bigint
  readonly last: bigint
  readonly bytes: number
  readonly created_ms: number
}

/** What opening found; a torn tail is normal after a kill, the rest is not. */
export interface OpenReport {
  readonly torn_bytes: number
  /** Whole records inside the torn tail, of a group that was never acknowledged. */
  readonly torn_records: number
  readonly gaps: readonly JournalGap[]
}

export interface Journal {
  /**
   * Appends payloads in order and resolves after their fdatasync. Concurrent calls share one. The numbers are
   * assigned at the write, in the order of the calls.
   * Problem: `node/full` (disk full: nothing of this call was kept, the journal stays usable).
   * Throws when the journal has failed or is closed.
   */
  append(kind: number, payloads: readonly Uint8Array[]): Promise<Result<{ first: bigint; last: bigint }>>
  /** Records from `from` on, at least one if there is one, about `bytes_max` of payload. Only durable ones. */
  read(from: bigint, bounds: { readonly bytes_max: number }): Promise<JournalRead>
  /** Drops closed segments that lie wholly before `sequence`; the one being written always stays. */
  dropBefore(sequence: bigint): Promise<void>
  /** First sequence held; `last + 1` when there is none. */
  readonly first: bigint
  /** Last durable sequence. */
  readonly last: bigint
  /** Bytes on disk of all segments. */
  readonly bytes: number
  readonly segments: readonly SegmentInfo[]
  readonly opened: OpenReport
  readonly origin: Uuid
  readonly epoch: Uuid
  /** Finishes what was appended, closes and unlocks. */
  close(): Promise<void>
}
