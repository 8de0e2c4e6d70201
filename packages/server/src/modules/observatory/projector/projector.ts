import type { Store } from '@hirundo/analytics'
import type { World } from '@hirundo/base'
import type { Journal } from '@hirundo/journal'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Backlog } from '../collector/backlog.ts'
import { encodePlan, inboxKinds, type PlanRange } from '../collector/inbox.ts'
import type { ObservatoryConfig } from '../config.ts'
import type { Gate } from '../gate.ts'
import type { Mutex } from '../mutex.ts'
import { Stopped, untilDone } from '../retry.ts'
import { blockOf, type Draft, type DraftBlock, type SensorIdentity } from './draft.ts'
import { Loader } from './load.ts'
import { isRolledUp } from './rows.ts'
import { commitPlan, finishPlan, identifySensor } from './store.ts'

export interface ProjectorOptions {
  readonly db: Kysely<unknown>
  readonly analytics: Pick<Store, 'insertBlock' | 'missingTables' | 'addLateBlock'>
  readonly journal: Journal
  readonly backlog: Backlog
  /** Held while a plan is written, so that no partition is dropped below it. */
  readonly partitions: Mutex
  readonly config: ObservatoryConfig
  readonly world: World
  readonly log: Logger
  readonly onProjected: (draft: Draft) => void
}

/**
 * Moves the journal into the analytics store in plans: a range of the journal, cut into one block for each table and
 * month. The plan is put on disk (journal, then PostgreSQL) before its first insert; whatever ends the process in
 * between, the same range gives the same blocks again and only what is missing is inserted.
 */
export class Projector {
  readonly #options: ProjectorOptions
  readonly #stop = new AbortController()
  readonly #sensors = new Map<string, SensorIdentity>()
  readonly #loader: Loader
  #running: Promise<void> | undefined
  #reading: Promise<Draft | undefined> | undefined
  /** Set while something that it needs does not answer. */
  failure: string | undefined

  constructor(options: ProjectorOptions) {
    const { journal, backlog, config, log } = options
    this.#options = options
    this.#loader = new Loader({
      journal, backlog, flush_after_ms: config.flush_after_ms, plan_bytes_max: config.plan_bytes_max, signal: this.#stop.signal,
      identify: (sensor) => this.#identify(sensor),
      onLost: (records) => log.error({ records }, 'records of the journal are damaged or missing; the segment is kept aside'),
    }, backlog.projected + 1n)
  }

  /** Finishes `open` plans first, in their order, then goes on with what is new; all when `enriched` has opened. */
  start(open: readonly PlanRange[], enriched: Gate): void {
    this.#running = enriched.passed(this.#stop.signal).then(() => this.#run(open)).catch((error: unknown) => {
      if (!(error instanceof Stopped)) throw error
    })
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#reading?.catch(() => undefined)
  }

  #retrying<T>(what: string, work: (attempt: number) => Promise<T>): Promise<T> {
    const { config, log } = this.#options
    return untilDone({
      ms_min: config.retry_ms_min, ms_max: config.retry_ms_max, signal: this.#stop.signal,
      onFailure: (error, attempt) => {
        this.failure = what
        log.warn({ err: error, attempt, what }, 'cannot make batches queryable; trying again')
      },
    }, async (attempt) => {
      const done = await work(attempt)
      this.failure = undefined
      return done
    })
  }

  async #identify(uuid: string): Promise<SensorIdentity | undefined> {
    const known = this.#sensors.get(uuid)
    if (known) return known
    const found = await this.#retrying('postgres', () => identifySensor(this.#options.db, uuid))
    if (found) this.#sensors.set(uuid, found)
    return found
  }

  async #run(open: readonly PlanRange[]): Promise<void> {
    for (const plan of open) {
      const draft = await this.#retrying('journal', () => this.#loader.rebuild(plan))
      await this.#write(plan.sequence, draft, true)
    }
    let ahead = this.#ahead()
    for (;;) {
      const draft = await ahead
      if (!draft) return
      // The next range is read and decompressed while this one is written.
      ahead = this.#ahead()
      const sequence = await this.#retrying('journal', () => this.#announce(draft))
      await this.#write(sequence, draft, false)
    }
  }

  #ahead(): Promise<Draft | undefined> {
    const next = this.#retrying('journal', () => this.#loader.next())
    // Looked at only after the write before it; until then a failure must not count as unhandled.
    next.catch(() => undefined)
    this.#reading = next
    return next
  }

  async #announce(draft: Draft): Promise<bigint> {
    const appended = await this.#options.journal.append(inboxKinds.plan, [encodePlan(draft)])
    if (!appended.ok) throw new Error('the disk of the journal is full')
    return appended.value.last
  }

  async #write(sequence: bigint, draft: Draft, again: boolean): Promise<void> {
    const { db, world, partitions, backlog, onProjected } = this.#options
    await partitions.run(async () => {
      const late = await this.#retrying('postgres', () => commitPlan(db, sequence, draft, new Date(world.now())))
      for (const block of draft.blocks) {
        await this.#retrying('clickhouse', (attempt) => this.#insert(sequence, block, late.has(block.month), again || attempt > 1))
      }
      await this.#retrying('postgres', () => finishPlan(db, sequence, draft, late, new Date(world.now())))
    })
    backlog.take(draft.batches, draft.bytes, draft.last)
    onProjected(draft)
  }

  /** `again`: it may be there already, wholly or in some of its tables. */
  async #insert(sequence: bigint, draft: DraftBlock, late: boolean, again: boolean): Promise<void> {
    const { analytics } = this.#options
    const block = blockOf(sequence, draft)
    if (late) {
      // Of tables without rollups nothing older than raw retention is kept.
      if (isRolledUp(draft.table)) await analytics.addLateBlock(block)
      return
    }
    if (!again) return analytics.insertBlock(block)
    const missing = await analytics.missingTables(block.id, block.table)
    if (missing.length > 0) await analytics.insertBlock(block, missing)
  }
}
