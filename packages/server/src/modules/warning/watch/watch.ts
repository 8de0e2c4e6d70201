import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Platform } from '../../../platform/module.ts'
import { organisationsWatching, type Projections } from '../../observatory/index.ts'
import { Checkpoints } from './checkpoints.ts'
import { watchDefaults, type WatchConfig } from './config.ts'
import { detectorsEntry } from './engine-worker.ts'
import type { DetectionSink } from './model.ts'
import { Runner, type RunnerStatus } from './runner.ts'

export interface WatchOptions {
  readonly sink: DetectionSink
  /** Tells that new rows are queryable. Absent: the watch only looks at the clock. */
  readonly projections?: Projections
  readonly config?: Partial<WatchConfig>
  /** What the threads run; absent: the detectors of the registry. Tests have others. */
  readonly entry?: URL
}

const NEW_ORGANISATIONS_EVERY_MS = 15_000
/** Below what a node gives a module to stop. */
const STOP_MS_MAX = 6_000
const METERS_EVERY_MS = 5_000

/** Keys tables of detectors: the same after a restart, and known to nobody outside. */
export const seedOf = ({ node_key }: Pick<Platform, 'node_key'>): number =>
  createHash('sha256').update(node_key.sign(Buffer.from('hirundo: tables of detectors'))).digest().readUInt32LE()

/** Runs the detectors of every organisation over what is observed, as it comes. */
export class Watch {
  readonly config: WatchConfig
  readonly #platform: Platform
  readonly #options: WatchOptions
  readonly #stop = new AbortController()
  readonly #runners = new Map<number, Runner>()
  #looking: Promise<void> = Promise.resolve()
  /** Rows of an organisation came that is not watched. */
  #unknown = new AbortController()
  #unheard: () => void = () => undefined
  #meters: NodeJS.Timeout | undefined
  /** Organisations beyond `organisations_max`. */
  #unwatched = 0

  constructor(platform: Platform, options: WatchOptions) {
    this.#platform = { ...platform, log: platform.log.child({ part: 'warning' }) }
    this.#options = options
    this.config = { ...watchDefaults, ...options.config }
  }

  /** Returns at once: what is stored is caught up with while the node runs. */
  start(): void {
    this.#looking = this.#lookForOrganisations()
    this.#unheard = this.#options.projections?.add((organisations) => {
      for (const id of organisations) {
        if (!this.#runners.has(id)) this.#unknown.abort()
        this.#runners.get(id)?.wake()
      }
    }) ?? this.#unheard
    this.#meters = setInterval(() => this.#measure(), METERS_EVERY_MS).unref()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#unknown.abort()
    this.#unheard()
    clearInterval(this.#meters)
    await this.#looking
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop(STOP_MS_MAX)))
  }

  /** Of an organisation that is not watched: undefined. */
  status(organisation_id: number): RunnerStatus | undefined {
    return this.#runners.get(organisation_id)?.status
  }

  async #lookForOrganisations(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.#addNew().catch((error: unknown) => this.#platform.log.warn({ err: error }, 'organisations cannot be read; trying again'))
      this.#unknown = new AbortController()
      await sleep(NEW_ORGANISATIONS_EVERY_MS, undefined, { signal: AbortSignal.any([signal, this.#unknown.signal]) }).catch(() => undefined)
      // Of more than may be watched each row is of an unknown one.
      await sleep(this.config.tick_ms, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Watches organisations that have sensors now. */
  async #addNew(): Promise<void> {
    const all = await organisationsWatching(this.#platform.db)
    for (const id of all) {
      if (this.#runners.has(id) || this.#runners.size >= this.config.organisations_max || this.#stop.signal.aborted) continue
      const runner = this.#make(id)
      await runner.checkpoints.open()
      this.#runners.set(id, runner.runner)
      runner.runner.start()
    }
    this.#unwatched = all.length - this.#runners.size
  }

  #make(organisation_id: number): { readonly runner: Runner; readonly checkpoints: Checkpoints } {
    const { analytics, world, log, data_dir } = this.#platform
    const checkpoints = new Checkpoints(join(data_dir, 'warning', String(organisation_id)), this.config)
    const runner = new Runner(this.#platform, {
      organisation_id, analytics, world, checkpoints, config: this.config, seed: seedOf(this.#platform), sink: this.#options.sink,
      entry: this.#options.entry ?? detectorsEntry, log: log.child({ organisation: organisation_id }),
    })
    return { runner, checkpoints }
  }

  #lag_s(status: RunnerStatus): number {
    return status.watched_to === undefined ? 0 : Math.max(0, Math.floor(this.#platform.world.now() / 1000) - status.watched_to)
  }

  #measure(): void {
    const { metrics } = this.#platform
    const all = [...this.#runners.values()].map(({ status }) => status)
    const set = (name: string, help: string, value: number): void => metrics.gauge(`hirundo_warning_${name}`, help).set(value)
    set('lag_seconds', 'From the end of the last minute that detectors looked at until now; the longest', Math.max(0, ...all.map((one) => this.#lag_s(one))))
    set('failed_watches', 'Organisations whose detectors do not run', all.filter(({ state }) => state === 'failed').length)
    set('failed_detectors', 'Detectors that were ended by an error', all.flatMap(({ health }) => health).filter(({ failed }) => failed !== undefined).length)
    set('late_replays', 'Times that late data made a stretch be looked at again', all.reduce((sum, { late_replays }) => sum + late_replays, 0))
    set('shed', 'What bounded memory left out since the node started', all.reduce((sum, one) => sum + shedOf(one), 0))
  }

  /** Never a failure of the node: it takes data in whatever its detectors do. */
  checks(): readonly Check[] {
    const all = [...this.#runners.values()].map(({ status }) => status)
    const failed = all.find(({ state }) => state === 'failed')
    const ended = all.flatMap(({ health }) => health).find((one) => one.failed !== undefined)
    const late = Math.max(0, ...all.map((one) => this.#lag_s(one)))
    const unsaved = all.find((one) => one.unsaved !== undefined)?.unsaved
    const trouble =
      failed ? `They do not run: ${failed.reason ?? ''}. They are started again by themselves; see the node’s log.`
      : ended ? `The detector ${ended.kind} was ended by an error; the others run. See the node’s log.`
      : this.#unwatched > 0 ? `${this.#unwatched} organisations are not watched: more than ${this.config.organisations_max} have sensors.`
      : late > this.config.late_after_s ? `They are ${late} s behind.`
      : unsaved !== undefined ? `They run, and would look again at what is stored after a restart: ${unsaved}.`
      : undefined
    return [{ name: 'warning', ok: true, attention: trouble !== undefined, detail: trouble ?? 'They keep up.' }]
  }
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0)
const shedOf = ({ shed, health }: RunnerStatus): number => sum(shed) + health.reduce((total, one) => total + sum(one.shed), 0)
