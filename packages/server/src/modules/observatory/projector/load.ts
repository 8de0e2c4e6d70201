import { setImmediate as turn } from 'node:timers/promises'
import { batchKinds, decodeBatchBody, decodeBatchHeader } from '@hirundo/formats'
import type { Journal, JournalRecord } from '@hirundo/journal'
import type { Backlog } from '../collector/backlog.ts'
import { inboxKinds, type PlanRange } from '../collector/inbox.ts'
import { Draft, type ReadBatch, type SensorIdentity } from './draft.ts'
import { isWritable, splitByMonth, tableOfKind } from './rows.ts'

const READ_BYTES = 4 * 1024 * 1024
const IDLE_MS = 60_000

export interface LoaderOptions {
  readonly journal: Journal
  readonly backlog: Backlog
  readonly identify: (sensor: string) => Promise<SensorIdentity | undefined>
  readonly flush_after_ms: number
  readonly plan_bytes_max: number
  readonly signal: AbortSignal
  /** Records that the journal no longer gives. */
  readonly onLost: (records: number) => void
}

/** Reads the journal forward and makes drafts of plans; nothing is written here. */
export class Loader {
  readonly #options: LoaderOptions
  #position: bigint

  constructor(options: LoaderOptions, position: bigint) {
    this.#options = options
    this.#position = position
  }

  /** The draft of a plan that was made before: the same range, so the same blocks. */
  async rebuild(plan: PlanRange): Promise<Draft> {
    const draft = new Draft(plan.first)
    for (let from = plan.first; from <= plan.last; ) {
      const { records, next } = await this.#options.journal.read(from, { bytes_max: READ_BYTES })
      for (const record of records) {
        const batch = record.sequence <= plan.last ? await this.#decode(record) : undefined
        if (batch) draft.add(batch)
      }
      from = next
    }
    draft.last = plan.last
    this.#position = plan.last + 1n
    return draft
  }

  /** The next draft; waits for its first batch, and then at most `flush_after_ms` for more. Undefined when aborted. */
  async next(): Promise<Draft | undefined> {
    const start = this.#position
    try {
      return await this.#collect()
    } catch (error) {
      this.#position = start
      throw error
    }
  }

  async #collect(): Promise<Draft | undefined> {
    const { journal, backlog, signal, flush_after_ms, plan_bytes_max } = this.#options
    const draft = new Draft(this.#position)
    let due = Infinity
    while (!signal.aborted) {
      const { records, gaps, next } = await journal.read(this.#position, { bytes_max: READ_BYTES })
      for (const gap of gaps) this.#options.onLost(Number(gap.last - gap.first + 1n))
      for (const record of records) {
        const batch = await this.#decode(record)
        if (batch) {
          if (draft.batches > 0 && !draft.fits(batch)) return this.#end(draft, record.sequence)
          draft.add(batch)
          await turn()
          if (due === Infinity) due = performance.now() + flush_after_ms
        }
        if (draft.body_bytes >= plan_bytes_max) return this.#end(draft, record.sequence + 1n)
      }
      this.#position = next
      const left = due - performance.now()
      if (draft.batches > 0 && left <= 0) return this.#end(draft, next)
      if (records.length === 0 && gaps.length === 0) await backlog.added(Math.min(left, IDLE_MS), signal)
    }
    return undefined
  }

  #end(draft: Draft, position: bigint): Draft {
    this.#position = position
    draft.last = position - 1n
    return draft
  }

  /** Undefined for records that are no batch. */
  async #decode({ sequence, kind: record_kind, payload }: JournalRecord): Promise<ReadBatch | undefined> {
    if (record_kind !== inboxKinds.batch && record_kind !== inboxKinds.unreadable) return undefined
    const batch = decodeBatchHeader(payload)
    if (!batch.ok) {
      this.#options.onLost(1)
      return undefined
    }
    const { sensor, epoch, kind, first, last } = batch.value.header
    const identity = await this.#options.identify(sensor)
    const read = { sequence, bytes: payload.length, sensor, epoch, kind, first, last, identity }
    if (!identity) return { ...read, content: { unread: 'unknown-sensor' } }
    if (record_kind === inboxKinds.unreadable) return { ...read, content: { unread: 'unreadable' } }
    if (kind === batchKinds.gap) return { ...read, content: { gap: true } }
    const table = tableOfKind(kind)
    if (!table) return { ...read, content: { unread: 'unknown-kind' } }
    const body = decodeBatchBody(batch.value)
    if (!body.ok) return { ...read, content: { unread: 'unreadable' } }
    // Collectors of before this kind was known let anything of it pass.
    const sure = kind !== batchKinds.interaction || (await isWritable(kind, body.value, batch.value.header.rows))
    if (!sure) return { ...read, content: { unread: 'unreadable' } }
    return { ...read, content: { table, months: splitByMonth(kind, body.value) } }
  }
}
