import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { formatSeconds, MINUTE_S } from '@hirundo/base'
import type { TimeRange } from '@hirundo/analytics'
import type { Platform } from '../../../platform/module.ts'
import { blocksUpTo, newestPlan } from '../../observatory/index.ts'
import type { DetectorHealth } from '../detectors/engine.ts'
import { advance, saveLine } from './advance.ts'
import { Again, noteLate, type RunnerParts } from './again.ts'
import { WorkerFailed } from './engine-worker.ts'
import { LateBook } from './late.ts'
import type { Line } from './line.ts'
import { freshLine, lateSince, openLine } from './open-line.ts'
import { countsFrom, graceEnd, readyUntil } from './ready.ts'
import { setupOf, type Setup } from './scene.ts'
import { whyFailed } from './why-failed.ts'

/** How the watch over one organisation is. */
export interface RunnerStatus {
  readonly state: 'waiting' | 'running' | 'failed'
  /** Why it failed, what a restart would cost, or what it is at. */
  readonly reason: string | undefined
  /** Why the state cannot be saved; detection goes on without. */
  readonly unsaved: string | undefined
  readonly last_run_at_ms: number | undefined
  /** Minutes that were looked at last. */
  readonly window: TimeRange | undefined
  /** All before this second was looked at, in this run of the node or an earlier one. */
  readonly watched_to: number | undefined
  readonly setup: Setup | undefined
  readonly health: readonly DetectorHealth[]
  readonly shed: Readonly<Record<string, number>>
  readonly late_replays: number
}

/** The live line stops after so long, so that stopping and status do not wait for weeks of history. */
const STEP_MS = 2_000
/** Further behind than this, who delivered does not matter. */
const CATCHING_UP_S = 10 * MINUTE_S

const TOO_LATE_EVERY_MS = 600_000

type Tools = Pick<Platform, 'db' | 'world' | 'settings'>

/** Watches one organisation: minute by minute once they are complete, from where it stopped, for ever. */
export class Runner {
  readonly #tools: Tools
  readonly #parts: RunnerParts
  readonly #stop: AbortController
  readonly #late: LateBook
  readonly #again: Again
  #running: Promise<void> = Promise.resolve()
  #wake = new AbortController()
  #live: Line | undefined
  #plan = 0
  #wanted: Setup | undefined
  #wanted_since_ms = 0
  #asked_settings_ms = -Infinity
  #failure: string | undefined
  #stuck = { at: -1, count: 0 }
  #last_run_at_ms: number | undefined
  #old = { plan: -1, at_ms: -Infinity }
  readonly #shed = { rows: 0, interactions: 0, minutes_failed: 0, too_late: 0 }

  constructor(tools: Tools, parts: Omit<RunnerParts, 'signal' | 'onStoring'>) {
    this.#tools = tools
    this.#stop = new AbortController()
    this.#parts = {
      ...parts, signal: this.#stop.signal,
      onStoring: (failure) => {
        this.#failure = failure === undefined ? undefined : 'findings cannot be stored'
      },
    }
    this.#late = new LateBook(parts.config)
    this.#again = new Again(this.#parts, this.#late)
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Something new is queryable. */
  wake(): void {
    this.#wake.abort()
  }

  async stop(within_ms: number): Promise<void> {
    this.#stop.abort()
    this.#wake.abort()
    const ended = await Promise.race([this.#running.then(() => true), sleep(within_ms, false, { ref: false })])
    if (ended && this.#live?.isSavable) await saveLine(this.#live, this.#parts).catch(() => undefined)
    await Promise.all([this.#again.drop(), this.#live?.worker.stop()])
    await this.#running
  }

  get status(): RunnerStatus {
    const live = this.#live
    const shed = { rows: this.#shed.rows + (live?.shed.rows ?? 0), interactions: this.#shed.interactions + (live?.shed.interactions ?? 0) }
    return {
      state: this.#failure !== undefined ? 'failed' : live ? 'running' : 'waiting',
      reason: this.#failure ?? this.#unsaved() ?? this.#progress(), unsaved: this.#unsaved(), last_run_at_ms: this.#last_run_at_ms, window: live?.window, watched_to: live?.position, setup: live?.setup ?? this.#wanted,
      health: live?.pushed?.health ?? [], late_replays: this.#again.late_replays,
      shed: { ...live?.pushed?.shed, ...shed, minutes_failed: this.#shed.minutes_failed, too_late: this.#shed.too_late, late_given_up: this.#again.given_up },
    }
  }

  #unsaved(): string | undefined {
    const { trouble } = this.#parts.checkpoints
    return trouble === undefined ? undefined : `the state cannot be saved: ${trouble}`
  }

  #progress(): string | undefined {
    const again = this.#again.line
    if (again) return `looks again at what was stored, at ${formatSeconds(again.position)}`
    return this.#live?.mode === 'history' ? `looks at what was stored before, at ${formatSeconds(this.#live.position)}` : undefined
  }

  #monotonic(): number {
    return this.#tools.world.monotonic?.() ?? performance.now()
  }

  async #run(): Promise<void> {
    const { config, log } = this.#parts
    const { signal } = this.#stop
    let wait_ms = config.retry_ms_min
    while (!signal.aborted) {
      try {
        const busy = await this.#turn()
        this.#failure = undefined
        wait_ms = config.retry_ms_min
        if (busy) await turn()
        else await this.#rest()
      } catch (error) {
        if (signal.aborted) return
        this.#failure = whyFailed(error)
        log.warn({ err: error }, 'the watch stopped and will be tried again')
        await sleep(wait_ms, undefined, { signal }).catch(() => undefined)
        wait_ms = Math.min(config.retry_ms_max, 2 * wait_ms)
      }
    }
  }

  async #rest(): Promise<void> {
    const { tick_ms, tick_ms_min } = this.#parts.config
    const { signal } = this.#stop
    await sleep(Math.min(tick_ms, tick_ms_min), undefined, { signal }).catch(() => undefined)
    await sleep(Math.max(0, tick_ms - tick_ms_min), undefined, { signal: this.#wake.signal }).catch(() => undefined)
    if (!signal.aborted) this.#wake = new AbortController()
  }

  /** One look at everything; gives whether there is more to do at once. */
  async #turn(): Promise<boolean> {
    // Before the plan: rows that are there at this time must not be missed for a clock that was read later.
    const now_s = Math.floor(this.#tools.world.now() / 1000)
    this.#plan = Math.max(this.#plan, await newestPlan(this.#tools.db))
    await this.#refresh()
    const live = (this.#live ??= await openLine(this.#parts, this.#wanted!, now_s, this.#plan))
    if (!live) return false
    const minute = await noteLate(live, this.#plan, this.#parts)
    if (minute !== undefined || (live.late_from !== undefined && this.#late.from === undefined)) this.#late.note(minute ?? live.late_from!, this.#monotonic())
    await this.#countTooLate(live)
    const behind = await this.#look(live, now_s)
    if (behind) return true
    await this.#again.begin(live, this.#rested(live), this.#plan)
    const next = await this.#again.step(live, this.#plan)
    if (next) await this.#replace(live, next)
    return this.#again.line !== undefined
  }

  /** Rows that came too late to be taken in are told, seldom: to look for them costs more than for others. */
  async #countTooLate(live: Line): Promise<void> {
    const now_ms = this.#monotonic()
    if (now_ms - this.#old.at_ms < TOO_LATE_EVERY_MS) return
    const plan = this.#old.plan < 0 ? this.#plan : this.#old.plan
    const position = live.position - this.#parts.config.late_s_max
    if ((await lateSince(this.#parts, { begin: live.begin, position, plan }, this.#plan)) !== null) this.#shed.too_late++
    this.#old = { plan: this.#plan, at_ms: now_ms }
  }

  async #refresh(): Promise<void> {
    const now_ms = this.#monotonic()
    if (this.#wanted && now_ms - this.#asked_settings_ms < this.#parts.config.settings_every_ms) return
    const setup = await setupOf(this.#tools, this.#parts.organisation_id, this.#parts.config.live_within_ms)
    if (setup.fingerprint !== this.#wanted?.fingerprint) this.#wanted_since_ms = now_ms
    this.#wanted = setup
    this.#asked_settings_ms = now_ms
    this.#live?.see(setup)
    this.#again.line?.see(setup)
  }

  /** Settings by which all is to be looked at again. */
  #rested(live: Line): Setup | undefined {
    const has_rested = this.#monotonic() - this.#wanted_since_ms >= this.#parts.config.scene_rests_ms
    return has_rested && this.#wanted!.fingerprint !== live.setup.fingerprint ? this.#wanted : undefined
  }

  /** Takes the live line to what is complete; gives whether it is still behind. */
  async #look(live: Line, now_s: number): Promise<boolean> {
    const to = await this.#readyUntil(live, now_s)
    if (to > live.position) {
      try {
        await advance(live, { to, plan: this.#plan, ms_max: STEP_MS, careful_to: this.#stuck.at }, this.#parts)
      } catch (error) {
        if (error instanceof WorkerFailed || live.torn) await this.#failed(live)
        throw error
      }
      this.#last_run_at_ms = this.#tools.world.now()
    }
    const behind = live.position < to
    if (!behind && live.mode === 'history') live.becomeLive()
    return behind
  }

  async #readyUntil(live: Line, now_s: number): Promise<number> {
    const { config, analytics, organisation_id } = this.#parts
    const grace = graceEnd(now_s, config)
    if (live.position + CATCHING_UP_S < grace) return grace
    // Nothing can be complete yet.
    if (now_s < live.position + MINUTE_S + config.settle_s) return live.position
    const to = Math.floor(now_s / MINUTE_S) * MINUTE_S + MINUTE_S
    const counts = await analytics.windows.counts({ organisation: organisation_id, from: countsFrom(live.position), to, below: blocksUpTo(this.#plan) })
    const sensors = live.setup.sensors.filter(({ live: lives }) => lives).map(({ id }) => id)
    return readyUntil({ position: live.position, now_s, counts, live: sensors }, config)
  }

  async #replace(live: Line, next: Line): Promise<void> {
    this.#keepShed(live)
    this.#live = next
    await live.worker.stop()
  }

  #keepShed({ shed }: Line): void {
    this.#shed.rows += shed.rows
    this.#shed.interactions += shed.interactions
  }

  /** The thread is gone. The next turn begins at the last checkpoint; where that failed too often, anew behind the place. */
  async #failed(live: Line): Promise<void> {
    const { config, log } = this.#parts
    this.#keepShed(live)
    this.#live = undefined
    await this.#again.drop()
    await live.worker.stop()
    this.#stuck = { at: live.trying, count: this.#stuck.at === live.trying ? this.#stuck.count + 1 : 1 }
    if (this.#stuck.count < config.failures_max) return
    log.error({ minutes: (live.trying - live.position) / MINUTE_S }, 'detectors fail at the same place: they begin anew behind it')
    this.#shed.minutes_failed += (live.trying - live.position) / MINUTE_S
    this.#stuck = { at: -1, count: 0 }
    this.#live = await freshLine(this.#parts, this.#wanted!, live.trying, this.#plan, 'live')
  }
}
