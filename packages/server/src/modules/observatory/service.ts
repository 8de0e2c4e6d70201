import type { Journal } from '@hirundo/journal'
import { OperatorError } from '../../platform/operator-error.ts'
import type { Platform } from '../../platform/module.ts'
import { DeletionClock } from './clock.ts'
import { Backlog } from './collector/backlog.ts'
import { Collector } from './collector/collector.ts'
import { openInbox, type PlanRange } from './collector/inbox.ts'
import { Marks, readTail } from './collector/marks.ts'
import { RefusedBatches } from './collector/refused.ts'
import type { ObservatoryConfig } from './config.ts'
import { backupInbox } from './backup.ts'
import { Gate } from './gate.ts'
import { abandoned, Loop } from './loop.ts'
import { projectionMeters } from './meters.ts'
import { Mutex } from './mutex.ts'
import { retain } from './retention.ts'
import { ensureNetworks } from './networks/load.ts'
import { rollOnce } from './rollups/rollups.ts'
import type { Draft } from './projector/draft.ts'
import { Projector } from './projector/projector.ts'
import { readCursor } from './projector/store.ts'
import { observatoryDb } from './tables.ts'

/** What runs between `start` and `stop`. */
export interface Running {
  readonly journal: Journal
  readonly backlog: Backlog
  readonly refused: RefusedBatches
  readonly collector: Collector
  readonly projector: Projector
  readonly clock: DeletionClock
  readonly loops: readonly Loop[]
}

/** Plans that are in the journal or in PostgreSQL but not finished, each once, in their order. */
function mergePlans(journal: readonly PlanRange[], database: readonly PlanRange[]): PlanRange[] {
  const plans = new Map([...database, ...journal].map((plan) => [plan.sequence, plan]))
  return [...plans.values()].toSorted((a, b) => (a.sequence < b.sequence ? -1 : 1))
}

/** Owns the journal and everything that reads and writes it. */
export class Service {
  readonly directory: string
  readonly #platform: Platform
  readonly #config: ObservatoryConfig
  readonly #partitions = new Mutex()
  /** Last number of the journal in the latest copy. */
  #copied = 0n
  running: Running | undefined
  /** Why the operator's tables of networks are not in use. */
  networks_problem: string | undefined

  readonly #onProjected: (draft: Draft) => void

  constructor(platform: Platform, config: ObservatoryConfig, directory: string, onProjected: (draft: Draft) => void) {
    this.#onProjected = onProjected
    this.#platform = platform
    this.#config = config
    this.directory = directory
  }

  async start(): Promise<void> {
    const { db, analytics, world, log, metrics } = this.#platform
    const cursor = await readCursor(db)
    const journal = await openInbox(this.directory, world, cursor.projected, (error) => this.#fatal(error))
    if (journal.last < cursor.projected) {
      await journal.close()
      throw new OperatorError(
        'The journal of received batches ends before what the database says is already stored.',
        'Restore the journal (observatory/inbox in the data directory) and the databases from the same backup.',
      )
    }
    const marks = new Marks()
    for (const { sensor, epoch, acked } of cursor.marks) marks.raise(sensor, epoch, acked)
    const tail = await readTail(journal, cursor.projected, marks)
    if (tail.lost > 0) log.error({ records: tail.lost }, 'records of the journal are damaged or missing; the segment is kept aside')
    const backlog = new Backlog({ batches: tail.batches, bytes: tail.bytes, appended: tail.last, projected: cursor.projected })
    const refused = new RefusedBatches(this.directory, this.#config.refused_files_max, world)
    const collector = new Collector(this.#platform, this.#config, { journal, marks, backlog, refused })
    const meters = projectionMeters(metrics, backlog)
    const projector = new Projector({
      db, analytics, journal, backlog, world, log, config: this.#config, partitions: this.#partitions,
      onProjected: (draft) => {
        meters(draft)
        this.#onProjected(draft)
      },
    })
    const enriched = new Gate()
    projector.start(mergePlans(tail.plans, cursor.open), enriched)
    const clock = new DeletionClock(this.#platform)
    this.running = { journal, backlog, refused, collector, projector, clock, loops: this.#loops(journal, backlog, clock, enriched) }
  }

  #loops(journal: Journal, backlog: Backlog, clock: DeletionClock, enriched: Gate): readonly Loop[] {
    const { db, analytics, world, log, settings } = this.#platform
    const partitions = this.#partitions
    const config = this.#config
    const failed = (what: string) => (error: unknown) => log.warn({ err: error, what }, 'will be tried again')
    if (!config.networks) enriched.open()
    const networks = async (signal: AbortSignal) => {
      const problem = await ensureNetworks({ db, analytics, settings, log, signal })
      if (problem !== undefined && problem !== this.networks_problem) log.warn({ reason: problem }, 'the tables of networks are not those of the settings')
      this.networks_problem = problem
      enriched.open()
    }
    return [
      ...(config.networks ? [new Loop(config.networks_every_ms, abandoned(networks), failed('networks'))] : []),
      new Loop(config.rollup_every_ms, async (signal) => {
        while (!signal.aborted && (await rollOnce({ db, analytics, config, world }))) continue
      }, failed('rollup')),
      new Loop(config.retention_every_ms, () => retain({ db, analytics, settings, journal, backlog, partitions, clock, log }), failed('retention')),
    ]
  }

  async stop(): Promise<void> {
    const running = this.running
    this.running = undefined
    // Together: a loop may wait for what the projector holds.
    await Promise.all([running?.projector.stop(), ...(running?.loops.map((loop) => loop.stop()) ?? [])])
    await running?.journal.close()
  }

  /** Copies the journal below `to`; no segment is let go of meanwhile. */
  async backup(to: string): Promise<void> {
    const { running } = this
    if (!running) throw new Error('the observatory does not run')
    this.#copied = await this.#partitions.run(() => backupInbox(this.directory, running, to))
  }

  /** Only now may retention count on the copy. */
  async backedUp(): Promise<void> {
    await observatoryDb(this.#platform.db).updateTable('inbox_cursor').set({ snapshot: Number(this.#copied) }).execute()
  }

  /** After a failed sync nobody knows what is on disk: nothing more may be acknowledged, and a restart reads what is. */
  #fatal(error: unknown): void {
    this.#platform.log.fatal({ err: error }, 'the journal cannot be written; the process ends')
    process.exit(1)
  }
}
