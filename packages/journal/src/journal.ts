import { fail, ok, type Result, type Uuid, type World } from '@hirundo/base'
import { isFull, realDisk, writeAll, type Disk, type DiskFile } from './disk.ts'
import { lockDirectory, type Lock } from './lock.ts'
import {
  journalBounds, journalKinds, type Journal, type JournalKind, type JournalRead, type OpenReport,
} from './model.ts'
import { openQuarantine } from './quarantine.ts'
import { Reader } from './reader.ts'
import { encodeGroup, encodeHeader, HEADER_BYTES, RECORD_BYTES, type RecordToWrite } from './record.ts'
import { recover } from './recover.ts'
import { newSegment, type Segment } from './segment.ts'

export interface JournalOptions {
  /** Made with mode 0700 when absent; one process at a time. */
  readonly directory: string
  readonly kind: JournalKind
  readonly origin: Uuid
  readonly epoch: Uuid
  /** Number of the first record when the directory holds none; 1 unless given. */
  readonly first?: bigint
  readonly segment_bytes_max?: number
  /** Called once when a write or sync failed: the state of the disk is unknown and the process must end. */
  readonly onFatal: (error: unknown) => void
  readonly world: Pick<World, 'now'>
  readonly disk?: Disk
}

type Appended = Result<{ first: bigint; last: bigint }>

interface Waiting {
  readonly records: readonly RecordToWrite[]
  readonly bytes: number
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

/**
 * Opens or makes the journal in `directory`, cuts a torn tail and reports it in `opened`.
 * Problems: `journal/locked`, `journal/foreign`. Throws on I/O errors.
 */
export async function openJournal(options: JournalOptions): Promise<Result<Journal>> {
  const disk = options.disk ?? realDisk
  await disk.makeDirectory(options.directory)
  const lock = await lockDirectory(options.directory, await disk.identity(options.directory))
  if (!lock.ok) return lock
  const quarantine = openQuarantine(disk, options.directory, journalBounds.quarantine_files_max)
  const identity = { kind: journalKinds[options.kind], origin: options.origin, epoch: options.epoch }
  try {
    const recovered = await recover(disk, options.directory, identity, quarantine)
    if (!recovered.ok) {
      await lock.value.release()
      return recovered
    }
    const { segments, report } = recovered.value
    return ok(new FileJournal(options, disk, lock.value, segments, report, new Reader(disk, quarantine)))
  } catch (error) {
    await lock.value.release()
    throw error
  }
}

class FileJournal implements Journal {
  readonly opened: OpenReport
  readonly #options: JournalOptions
  readonly #disk: Disk
  readonly #lock: Lock
  readonly #segments: Segment[]
  readonly #reader: Reader
  readonly #segment_bytes_max: number
  readonly #queue: Waiting[] = []
  #file: DiskFile | undefined
  #draining: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined
  #closed = false

  constructor(
    options: JournalOptions, disk: Disk, lock: Lock, segments: Segment[], opened: OpenReport, reader: Reader,
  ) {
    this.#options = options
    this.#disk = disk
    this.#lock = lock
    this.#segments = segments
    this.#reader = reader
    this.#segment_bytes_max = options.segment_bytes_max ?? journalBounds.segment_bytes_max
    this.opened = opened
  }

  get origin(): Uuid {
    return this.#options.origin
  }

  get epoch(): Uuid {
    return this.#options.epoch
  }

  get first(): bigint {
    return this.#segments[0]?.first ?? this.last + 1n
  }

  get last(): bigint {
    return this.#segments.at(-1)?.last ?? (this.#options.first ?? 1n) - 1n
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0)
  }

  get segments(): readonly Segment[] {
    return this.#segments
  }

  append(kind: number, payloads: readonly Uint8Array[]): Promise<Appended> {
    if (this.#failure) return Promise.reject(new Error('the journal has failed', { cause: this.#failure.error }))
    if (this.#closed) return Promise.reject(new Error('the journal is closed'))
    const bytes = payloads.reduce((sum, payload) => sum + payload.length + RECORD_BYTES, 0)
    if (payloads.length === 0 || payloads.length > journalBounds.group_records_max) {
      return Promise.reject(new Error(`an append takes 1 to ${journalBounds.group_records_max} payloads`))
    }
    if (payloads.some((payload) => payload.length > journalBounds.record_bytes_max)) {
      return Promise.reject(new Error(`a record is larger than ${journalBounds.record_bytes_max} bytes`))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ records: payloads.map((payload) => ({ kind, payload })), bytes, resolve, reject })
      // From a microtask, so that calls of one turn share a group from the start.
      this.#draining ??= Promise.resolve().then(() => this.#drain())
    })
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && !this.#failure) {
      const group = this.#takeGroup()
      try {
        const last = this.last
        const outcome = await this.#writeGroup(group)
        let next = last + 1n
        for (const waiting of group) {
          const first = next
          next += BigInt(waiting.records.length)
          waiting.resolve(outcome.ok ? ok({ first, last: next - 1n }) : outcome)
        }
      } catch (error) {
        this.#fail(error)
        for (const waiting of group) waiting.reject(error)
      }
    }
    this.#draining = undefined
  }

  #takeGroup(): Waiting[] {
    const group: Waiting[] = []
    let bytes = 0
    let records = 0
    for (const waiting of this.#queue) {
      bytes += waiting.bytes
      records += waiting.records.length
      const full = bytes > journalBounds.group_bytes_max || records > journalBounds.group_records_max
      if (group.length > 0 && full) break
      group.push(waiting)
    }
    this.#queue.splice(0, group.length)
    return group
  }

  async #writeGroup(group: readonly Waiting[]): Promise<Result<null>> {
    const records = group.flatMap((waiting) => waiting.records)
    const bytes = encodeGroup(this.last + 1n, records)
    const active = await this.#roomFor(bytes.length)
    if (!active.ok) return active
    const { file, segment } = active.value
    try {
      await writeAll(file, bytes, segment.bytes)
    } catch (error) {
      if (!isFull(error)) throw error
      await file.truncate(segment.bytes)
      return fail('node/full', { what: 'journal' })
    }
    // Never retried: after a failed fsync the kernel may have dropped the pages and report success the next time.
    await file.datasync()
    segment.bytes += bytes.length
    segment.last += BigInt(records.length)
    return ok(null)
  }

  async #roomFor(bytes: number): Promise<Result<{ file: DiskFile; segment: Segment }>> {
    const segment = this.#segments.at(-1)
    const fits = segment && (segment.bytes <= HEADER_BYTES || segment.bytes + bytes <= this.#segment_bytes_max)
    if (!fits) return this.#roll()
    this.#file ??= await this.#disk.open(segment.path, 'r+')
    return ok({ file: this.#file, segment })
  }

  async #roll(): Promise<Result<{ file: DiskFile; segment: Segment }>> {
    const { directory, kind, origin, epoch, world } = this.#options
    const segment = newSegment(directory, this.last + 1n, world.now())
    const { first, created_ms } = segment
    const header = encodeHeader({ kind: journalKinds[kind], origin, epoch, first, created_ms })
    let file: DiskFile | undefined
    try {
      file = await this.#disk.open(segment.path, 'wx+')
      await writeAll(file, header, 0)
    } catch (error) {
      if (!isFull(error)) throw error
      if (file) await file.close().then(() => this.#disk.remove(segment.path))
      return fail('node/full', { what: 'journal' })
    }
    await file.datasync()
    await this.#disk.syncDirectory(directory)
    await this.#file?.close()
    this.#file = file
    segment.bytes = header.length
    this.#segments.push(segment)
    return ok({ file, segment })
  }

  #fail(error: unknown): void {
    if (this.#failure) return
    this.#failure = { error }
    for (const waiting of this.#queue.splice(0)) waiting.reject(error)
    this.#options.onFatal(error)
  }

  async read(from: bigint, bounds: { readonly bytes_max: number }): Promise<JournalRead> {
    const segment = this.#segments.find((candidate) => candidate.last >= from)
    if (!segment) return { records: [], gaps: [], next: from }
    if (from >= segment.first) return this.#reader.read(segment, from, bounds.bytes_max)
    const last = segment.first - 1n
    return { records: [], gaps: [{ first: from, last, reason: 'dropped', segment: '', offset: 0 }], next: segment.first }
  }

  async dropBefore(sequence: bigint): Promise<void> {
    const dropped: Segment[] = []
    while (this.#segments.length > 1 && this.#segments[0]!.last < sequence) dropped.push(this.#segments.shift()!)
    if (dropped.length === 0) return
    try {
      for (const segment of dropped) await this.#disk.remove(segment.path)
      await this.#disk.syncDirectory(this.#options.directory)
    } catch (error) {
      this.#fail(error)
      throw error
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#draining
    await this.#file?.close()
    this.#file = undefined
    await this.#lock.release()
  }
}
