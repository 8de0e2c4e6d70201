import { ok, uuidToBytes, uuidV4, type Result, type Uuid, type World } from '@hirundo/base'
import { attachSignature, batchKinds, decodeBatchBody, decodeBatchHeader, encodeBatch, signedBytes } from '@hirundo/formats'
import { openJournal, type Disk, type Journal, type JournalRead } from '@hirundo/journal'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SensorBounds } from './bounds.ts'
import type { SensorKey } from './keys.ts'
import type { Log } from './log.ts'
import { loadAcked, saveAcked, type SensorState, type StateStore } from './state.ts'

const FULL_RETRY_MS = 500
const GROUP_BATCHES_MAX = 16
const SEGMENT_BYTES_MAX = 8 * 1024 * 1024

export interface SpoolOptions {
  readonly store: StateStore
  readonly key: SensorKey
  readonly bounds: SensorBounds
  readonly world: World
  readonly log: Log
  readonly onFatal: (error: unknown) => void
  readonly disk?: Disk
}

export interface SpoolStats {
  readonly spool_batches: number
  readonly spool_bytes: number
  /** Ranges that a full spool dropped before the node had them, and the batches in them. */
  readonly gaps: number
  readonly gap_batches: number
}

/** Spools that a change of epoch left behind when it was interrupted: state.json names the one that counts. */
async function removeOtherEpochs(state_directory: string, epoch: Uuid): Promise<void> {
  const spools = join(state_directory, 'spool')
  for (const name of await readdir(spools)) if (name !== epoch) await rm(join(spools, name), { recursive: true, force: true })
}

/** Numbered, signed batches on disk until the node has acknowledged them, and some time longer. */
export class Spool {
  #journal: Journal
  #epoch: Uuid
  readonly #options: SpoolOptions
  /** Last batch that was on disk when the spool was opened; of an older copy, the last one of the copy. */
  readonly opened_last: bigint
  #acked: bigint
  #next: bigint
  #moving = false
  #unwritten_bytes = 0
  readonly #drafts: Uint8Array[] = []
  #gaps = 0
  #gap_batches = 0
  #tail: Promise<unknown> = Promise.resolve()
  readonly #wake = new Set<() => void>()
  #stopped = false

  private constructor(options: SpoolOptions, journal: Journal, acked: bigint) {
    this.#options = options
    this.#epoch = options.store.current.epoch
    this.#journal = journal
    this.#acked = acked
    this.#next = journal.last + 1n
    const { older_copy_last } = options.store.current
    this.opened_last = older_copy_last === undefined ? journal.last : BigInt(older_copy_last)
  }

  /** Problems: `journal/locked`, `journal/foreign`. */
  static async open(options: SpoolOptions): Promise<Result<Spool>> {
    const { directory, current } = options.store
    const journal = await openSpoolJournal(options, current.epoch)
    if (!journal.ok) return journal
    const { torn_bytes, gaps } = journal.value.opened
    if (torn_bytes > 0) options.log.info('the spool ended in the middle of a batch that was never sent', { torn_bytes })
    if (gaps.length > 0) options.log.warn('the spool is damaged; what is lost will be named to the node', { gaps: gaps.length })
    const acked = await loadAcked(directory, current.epoch)
    await removeOtherEpochs(directory, current.epoch)
    const spool = new Spool(options, journal.value, acked)
    // The journal is older than what the node has confirmed: a copy was restored, and its numbers are used up.
    if (acked > journal.value.last) await spool.beginEpoch()
    return ok(spool)
  }

  get epoch(): Uuid {
    return this.#epoch
  }

  get state(): SensorState {
    return this.#options.store.current
  }

  /** -1 while a new epoch is being written: until it stands nothing in it counts as delivered. */
  get acked(): bigint {
    return this.#moving ? -1n : this.#acked
  }

  /** Last durable batch. */
  get last(): bigint {
    return this.#journal.last
  }

  /** Bytes that wait for the disk; the reader of packets pauses above `unwritten_bytes_max`. */
  get unwritten_bytes(): number {
    return this.#unwritten_bytes
  }

  get stats(): SpoolStats {
    const { first, last } = this.#journal
    const held = last - (this.#acked >= first ? this.#acked : first - 1n)
    return {
      spool_batches: Number(held > 0n ? held : 0n), spool_bytes: this.#journal.bytes,
      gaps: this.#gaps, gap_batches: this.#gap_batches,
    }
  }

  /** Numbers, signs and queues a batch; `body` is copied before this returns. It is durable after `settled()`. */
  add(kind: number, rows: number, body: Uint8Array): void {
    const created_ms = this.#options.world.now()
    // Compressed now, so that a busy minute waits for the disk in its small form.
    const draft = encodeBatch(
      { kind, sensor: this.state.sensor, epoch: this.#epoch, first: 1n, last: 1n, rows, created_ms }, body,
      { compress: true },
    )
    this.#unwritten_bytes += draft.length
    this.#drafts.push(draft)
    this.#tail = this.#tail.then(() => this.#writeDrafts())
    this.#tail.catch(this.#options.onFatal)
  }

  /** All that wait share one sync; the turns of those that went with an earlier one find nothing left. */
  async #writeDrafts(): Promise<void> {
    const drafts = this.#drafts.splice(0, GROUP_BATCHES_MAX)
    if (drafts.length === 0) return
    await this.#write(drafts.map((draft, place) => this.#numbered(draft, this.#next + BigInt(place))))
    for (const draft of drafts) this.#unwritten_bytes -= draft.length
  }

  /** Resolves when everything added so far is on disk. */
  settled(): Promise<unknown> {
    return this.#tail
  }

  /** Resolves when a batch has been written after this call, or after `wait_ms`. */
  async changed(wait_ms: number, signal: AbortSignal): Promise<void> {
    const written = Promise.withResolvers<void>()
    this.#wake.add(written.resolve)
    await Promise.race([written.promise, sleep(wait_ms, undefined, { signal }).catch(() => undefined)])
    this.#wake.delete(written.resolve)
  }

  read(from: bigint, bytes_max: number): Promise<JournalRead> {
    return this.#journal.read(from, { bytes_max })
  }

  /** A signed batch that tells the node which numbers will never come. */
  gapBatch(first: bigint, last: bigint): Uint8Array {
    const header = {
      kind: batchKinds.gap, sensor: this.state.sensor, epoch: this.#epoch, first, last, rows: 0, created_ms: this.#options.world.now(),
    }
    return this.#signed(encodeBatch(header, new Uint8Array(0), { compress: false }))
  }

  /** Takes over the node's mark, which may also go back, and lets go of what is no longer needed. */
  async acknowledge(acked: bigint): Promise<void> {
    this.#acked = acked
    await saveAcked(this.#options.store.directory, this.#epoch, acked)
    await this.#trim()
  }

  /** Whether this is an older copy of a directory that went on elsewhere, and no new epoch has begun since. */
  get is_older_copy(): boolean {
    return this.state.older_copy_last !== undefined
  }

  /** Remembers it over restarts: what is added from now on may not be sent under this epoch. */
  async noteOlderCopy(): Promise<void> {
    if (!this.is_older_copy) await this.#options.store.update({ older_copy_last: String(this.opened_last) })
  }

  /**
   * Begins a new epoch with everything that is not acknowledged, numbered anew: for a state directory that was restored
   * from a copy, whose numbers the node has already seen with other content. Batches up to `had` are left behind: the
   * node has them, and under a new number it would count them twice.
   */
  beginEpoch(had = 0n): Promise<void> {
    const begun = this.#tail.then(() => this.#moveToNewEpoch(had))
    this.#tail = begun
    return begun
  }

  async #moveToNewEpoch(had: bigint): Promise<void> {
    const old = this.#journal
    const from_old = (this.#acked > had ? this.#acked : had) + 1n
    const epoch = uuidV4(this.#options.world)
    const opened = await openSpoolJournal(this.#options, epoch)
    if (!opened.ok) throw new Error(`a new spool cannot be opened: ${opened.problem.code}`)
    this.#moving = true
    this.#epoch = epoch
    this.#journal = opened.value
    this.#next = 1n
    // Before anything is written: the old mark would let go of new batches as if the node had them.
    this.#acked = 0n
    for (let from = from_old; from <= old.last; ) {
      const read = await old.read(from, { bytes_max: 1024 * 1024 })
      for (const record of read.records) await this.#readd(record.payload)
      for (const gap of read.gaps) this.#countGap(gap.last - gap.first + 1n)
      from = read.next
    }
    await this.#options.store.update({ epoch, older_copy_last: undefined })
    this.#moving = false
    await old.close()
    await removeOtherEpochs(this.#options.store.directory, epoch)
    this.#options.log.warn('a new epoch has begun: the numbers of the old one were used up')
  }

  async #readd(batch: Uint8Array): Promise<void> {
    const decoded = decodeBatchHeader(batch)
    if (!decoded.ok) return
    const body = decodeBatchBody(decoded.value)
    if (!body.ok) return
    const { sensor } = this.state
    const epoch = this.#epoch
    const header = { ...decoded.value.header, sensor, epoch, first: this.#next, last: this.#next }
    await this.#write([this.#signed(encodeBatch(header, body.value, { compress: true }))])
  }

  /** The draft with the number and epoch that are its own only at the moment of writing. */
  #numbered(draft: Uint8Array, number: bigint): Uint8Array {
    const view = new DataView(draft.buffer, draft.byteOffset, draft.byteLength)
    draft.set(uuidToBytes(this.#epoch), 24)
    view.setBigUint64(40, number, true)
    view.setBigUint64(48, number, true)
    return this.#signed(draft)
  }

  #signed(unsigned: Uint8Array): Uint8Array {
    return attachSignature(unsigned, this.#options.key.sign(signedBytes(unsigned)))
  }

  /** Waits for room as long as it takes: numbers have no holes, and whoever reads packets pauses meanwhile. */
  async #write(batches: readonly Uint8Array[]): Promise<void> {
    for (let told = false; ; ) {
      const appended = await this.#journal.append(1, batches)
      if (appended.ok) break
      if (!told) this.#options.log.warn('the disk is full: the oldest batches are dropped')
      told = true
      if (!(await this.#dropOldest())) await sleep(FULL_RETRY_MS)
      if (this.#stopped) throw new Error('stopped while the disk was full')
    }
    this.#next += BigInt(batches.length)
    for (const wake of this.#wake) wake()
    await this.#trim()
  }

  async #trim(): Promise<void> {
    const { spool_bytes_max, acked_bytes_max, acked_age_ms_max } = this.#options.bounds
    const oldest_ms = this.#options.world.now() - acked_age_ms_max
    for (;;) {
      const [oldest, next] = this.#journal.segments
      if (!oldest || !next) return
      const acked = this.#journal.segments.filter((segment) => segment.last <= this.#acked)
      const acked_bytes = acked.reduce((sum, segment) => sum + segment.bytes, 0)
      const spent = oldest.last <= this.#acked && (acked_bytes > acked_bytes_max || next.created_ms < oldest_ms)
      if (!spent && this.#journal.bytes <= spool_bytes_max) return
      await this.#dropOldest()
    }
  }

  async #dropOldest(): Promise<boolean> {
    const [oldest, next] = this.#journal.segments
    if (!oldest || !next) return false
    const lost = oldest.last - (this.#acked >= oldest.first ? this.#acked : oldest.first - 1n)
    if (lost > 0n) {
      this.#countGap(lost)
      this.#options.log.warn('the spool is full: batches were dropped before the node had them', { batches: Number(lost) })
    }
    await this.#journal.dropBefore(next.first)
    return true
  }

  #countGap(batches: bigint): void {
    this.#gaps++
    this.#gap_batches += Number(batches)
  }

  async close(): Promise<void> {
    this.#stopped = true
    await this.#tail.catch(() => undefined)
    await this.#journal.close()
  }
}

const openSpoolJournal = (options: SpoolOptions, epoch: Uuid): Promise<Result<Journal>> =>
  openJournal({
    directory: join(options.store.directory, 'spool', epoch), kind: 'spool', origin: options.store.current.sensor, epoch,
    segment_bytes_max: Math.min(SEGMENT_BYTES_MAX, Math.ceil(options.bounds.spool_bytes_max / 8)),
    onFatal: options.onFatal, world: options.world, ...(options.disk === undefined ? {} : { disk: options.disk }),
  })
