import { DAY_S, fail, formatSeconds, MINUTE_S, ok, parseInstant, uuidV4, type Result } from '@hirundo/base'
import type { getBacktest, Input, Label, Output, startBacktest } from '@hirundo/contract'
import type { Actor, Platform } from '../../../platform/module.ts'
import { blocksUpTo, newestPlan } from '../../observatory/index.ts'
import { shownSubject } from '../findings/index.ts'
import type { WatchConfig } from './config.ts'
import { EngineWorker, WorkerFailed } from './engine-worker.ts'
import type { FindingRecords } from './model.ts'
import { workerStart } from './open-line.ts'
import { MinuteReader } from './reader.ts'
import { setupOf, type Setup } from './scene.ts'
import { whyFailed } from './why-failed.ts'
import type { Pushed } from './worker/protocol.ts'

/** Results that are kept until the node restarts; the oldest leave first. */
const backtests_kept_max = 16
const range_days_max = 400

export type BacktestView = Output<typeof getBacktest>
type Body = Input<typeof startBacktest>['body']

interface Running {
  readonly id: string
  readonly organisation_id: number
  readonly stop: AbortController
  readonly view: { -readonly [K in keyof BacktestView]: BacktestView[K] }
}

/** What is replayed; whole minutes in seconds since 1970. */
interface Period {
  readonly warm_from: number
  readonly from: number
  readonly to: number
  /** Undefined: none were given; of what is given all else is false. */
  readonly labels: readonly Label[] | undefined
}

export interface BacktestParts {
  readonly platform: Pick<Platform, 'db' | 'analytics' | 'world' | 'settings' | 'log' | 'audit'>
  readonly records: FindingRecords
  readonly config: WatchConfig
  readonly seed: number
  readonly entry?: URL | undefined
}

/** Replays stored periods through all detectors, one at a time, in a thread beside the one that watches. */
export class Backtests {
  readonly #parts: BacktestParts
  readonly #kept = new Map<string, Running>()
  #now: { readonly running: Running; readonly done: Promise<void> } | undefined

  constructor(parts: BacktestParts) {
    this.#parts = parts
  }

  /** Problems: `request/invalid` (range), `query/too-wide`, `backtest/busy`. */
  async start(actor: Pick<Actor, 'organisation_id' | 'actor_id'>, body: Body): Promise<Result<{ readonly id: string }>> {
    const { platform } = this.#parts
    const period = periodOf(body)
    if (!period.ok) return period
    if (this.#now) return fail('backtest/busy', this.#now.running.organisation_id === actor.organisation_id ? { id: this.#now.running.id } : {})
    const id = uuidV4(platform.world)
    const running: Running = { id, organisation_id: actor.organisation_id, stop: new AbortController(), view: { state: 'running', done_share: 0, reason: null, result: null } }
    this.#keep(id, running)
    const done = this.#run(running, period.value).finally(() => {
      this.#now = undefined
    })
    this.#now = { running, done }
    await platform.audit({
      organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'backtests.start', subject: id,
      detail: { from: formatSeconds(period.value.from), to: formatSeconds(period.value.to) },
    })
    return ok({ id })
  }

  /** Problem: `backtest/not-found`, also for one of another organisation. */
  get({ organisation_id, scopes }: Pick<Actor, 'organisation_id' | 'scopes'>, id: string): Result<BacktestView> {
    const found = this.#kept.get(id)
    if (found?.organisation_id !== organisation_id) return fail('backtest/not-found')
    const { result } = found.view
    const content = scopes.includes('content:read')
    const missed = result?.missed.map((label) => ({ ...label, subjects: label.subjects.map((subject) => shownSubject(subject, content)) }))
    return ok({ ...found.view, result: result && { ...result, missed: missed ?? [] } })
  }

  /** Ends one that runs, so that another may; one that has ended stays as it is. Problem: `backtest/not-found`. */
  async cancel(actor: Pick<Actor, 'organisation_id' | 'actor_id'>, id: string): Promise<Result<object>> {
    const found = this.#kept.get(id)
    if (found?.organisation_id !== actor.organisation_id) return fail('backtest/not-found')
    if (this.#now?.running !== found) return ok({})
    found.stop.abort()
    await this.#now.done
    await this.#parts.platform.audit({ organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'backtests.cancel', subject: id, detail: {} })
    return ok({})
  }

  async stop(): Promise<void> {
    this.#now?.running.stop.abort()
    await this.#now?.done
  }

  #keep(id: string, running: Running): void {
    this.#kept.set(id, running)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= backtests_kept_max) break
      this.#kept.delete(oldest)
    }
  }

  async #run(running: Running, period: Period): Promise<void> {
    const { view, stop: { signal } } = running
    let worker: EngineWorker | undefined
    // What waits for the thread is told at once that it is no more.
    const end = (): void => void worker?.stop()
    signal.addEventListener('abort', end)
    try {
      const setup = await setupOf(this.#parts.platform, running.organisation_id, this.#parts.config.live_within_ms)
      worker = await EngineWorker.start(workerStart(this.#parts, setup, { gather: true }), this.#parts.config, this.#parts.entry)
      view.result = await this.#replay(running, period, setup, worker)
      view.state = 'done'
      view.done_share = 1
    } catch (error) {
      if (!signal.aborted) this.#parts.platform.log.warn({ err: error }, 'a backtest ended without a result')
      view.state = signal.aborted ? 'cancelled' : 'failed'
      view.reason = signal.aborted ? null : whyFailed(error)
    } finally {
      signal.removeEventListener('abort', end)
      await worker?.stop()
    }
  }

  async #replay(
    { organisation_id, view, stop: { signal } }: Running, { warm_from, from, to, labels }: Period, { hidden, simulated }: Setup, worker: EngineWorker,
  ): Promise<NonNullable<BacktestView['result']>> {
    const { platform, config, records } = this.#parts
    const below = blocksUpTo(await newestPlan(platform.db))
    const question = { organisation: organisation_id, below, ...(hidden.length > 0 ? { hidden } : {}) }
    const left_out = { rows: 0, interactions: 0 }
    for await (const loaded of new MinuteReader(platform.analytics, config).read(question, { from: warm_from, to })) {
      if (signal.aborted) throw new WorkerFailed('stopped')
      await worker.push(loaded)
      left_out.rows += loaded.shed.rows
      left_out.interactions += loaded.shed.interactions
      view.done_share = (loaded.to - warm_from) / (to - warm_from)
    }
    const ended = await worker.end()
    const [known, first] = await Promise.all([records.judged(organisation_id, { from, to }), platform.analytics.windows.first({ ...question, from, to })])
    // There, since to hold a month of alarms against ten thousand labels takes longer than intake may wait.
    return worker.score({
      from_s: from, to_s: to, synthetic: simulated, observed: first !== null, labelled: labels !== undefined || known.judged > 0,
      labels: [...labels ?? [], ...known.labels], shed: shedOf(ended, left_out),
    })
  }
}

function periodOf({ from, to, warm_up_days = 0, labels }: Body): Result<Period> {
  const [start, end] = [parseInstant(from), parseInstant(to)]
  if (!start.ok) return start
  if (!end.ok) return end
  const minute = (ms: number, round: (n: number) => number): number => round(ms / 60_000) * MINUTE_S
  const [from_s, to_s] = [minute(start.value, Math.floor), minute(end.value, Math.ceil)]
  if (from_s >= to_s || from_s < 0) return fail('request/invalid', { what: 'range', reason: 'range' })
  const warm_from = Math.max(0, from_s - warm_up_days * DAY_S)
  if (to_s - warm_from > range_days_max * DAY_S) return fail('query/too-wide', { what: 'range', max_days: range_days_max })
  return ok({ warm_from, from: from_s, to: to_s, labels })
}

/** By detector and name, with `failed` where one was ended by an error; what slices left out by its name alone. */
function shedOf({ health, shed }: Pushed, left_out: Readonly<Record<string, number>>): Record<string, number> {
  const named = health.flatMap(({ kind, failed, shed: of }) => Object.entries({ ...of, failed: failed === undefined ? 0 : 1 }).map(([name, count]) => [`${kind}.${name}`, count] as const))
  return Object.fromEntries([...named, ...Object.entries(shed), ...Object.entries(left_out)].filter(([, count]) => count > 0))
}
