import { DAY_S, fail, formatSeconds, MINUTE_S, ok, parseInstant, uuidV4, type Result } from '@hirundo/base'
import type { getBacktest, Input, Label, Output, startBacktest } from '@hirundo/contract'
import type { Actor, Platform } from '../../../platform/module.ts'
import { blocksUpTo, newestPlan } from '../../observatory/index.ts'
import { score } from '../backtest/score.ts'
import { shownSubject } from '../findings/index.ts'
import type { WatchConfig } from './config.ts'
import { EngineWorker } from './engine-worker.ts'
import type { FindingRecords } from './model.ts'
import { workerStart } from './open-line.ts'
import { MinuteReader } from './reader.ts'
import { setupOf } from './scene.ts'
import { whyFailed } from './why-failed.ts'
import type { Ended } from './worker/protocol.ts'

/** Results that are kept until the node restarts; the oldest leave first. */
const backtests_kept_max = 16
const range_days_max = 400

export type BacktestView = Output<typeof getBacktest>
type Body = Input<typeof startBacktest>['body']

interface Running {
  readonly organisation_id: number
  readonly view: { -readonly [K in keyof BacktestView]: BacktestView[K] }
}

/** What is replayed; whole minutes in seconds since 1970. */
interface Period {
  readonly warm_from: number
  readonly from: number
  readonly to: number
  readonly labels: readonly Label[]
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
  readonly #stop = new AbortController()
  #now: Promise<void> | undefined
  #worker: EngineWorker | undefined

  constructor(parts: BacktestParts) {
    this.#parts = parts
  }

  /** Problems: `request/invalid` (range), `query/too-wide`, `backtest/busy`. */
  async start(actor: Pick<Actor, 'organisation_id' | 'actor_id'>, body: Body): Promise<Result<{ readonly id: string }>> {
    const { platform } = this.#parts
    const period = periodOf(body)
    if (!period.ok) return period
    if (this.#now) return fail('backtest/busy')
    const id = uuidV4(platform.world)
    const running: Running = { organisation_id: actor.organisation_id, view: { state: 'running', done_share: 0, reason: null, result: null } }
    this.#keep(id, running)
    this.#now = this.#run(running, period.value).finally(() => {
      this.#now = undefined
    })
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

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#worker?.stop()
    await this.#now
  }

  #keep(id: string, running: Running): void {
    this.#kept.set(id, running)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= backtests_kept_max) break
      this.#kept.delete(oldest)
    }
  }

  async #run(running: Running, period: Period): Promise<void> {
    const { view } = running
    try {
      view.result = await this.#replay(running, period)
      view.state = 'done'
      view.done_share = 1
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#parts.platform.log.warn({ err: error }, 'a backtest ended without a result')
      view.state = 'failed'
      view.reason = whyFailed(error)
    } finally {
      await this.#worker?.stop()
      this.#worker = undefined
    }
  }

  async #replay({ organisation_id, view }: Running, { warm_from, from, to, labels }: Period): Promise<NonNullable<BacktestView['result']>> {
    const { platform, config, records, seed, entry } = this.#parts
    const setup = await setupOf(platform, organisation_id, config.live_within_ms)
    const below = blocksUpTo(await newestPlan(platform.db))
    const { hidden } = setup
    this.#worker = await EngineWorker.start(workerStart({ seed }, setup, { gather: true }), config, entry)
    const question = { organisation: organisation_id, below, ...(hidden.length > 0 ? { hidden } : {}) }
    const left_out = { rows: 0, interactions: 0 }
    for await (const loaded of new MinuteReader(platform.analytics, config).read(question, { from: warm_from, to })) {
      if (this.#stop.signal.aborted) throw new Error('the node stops')
      await this.#worker.push(loaded)
      left_out.rows += loaded.shed.rows
      left_out.interactions += loaded.shed.interactions
      view.done_share = (loaded.to - warm_from) / (to - warm_from)
    }
    const ended = await this.#worker.end()
    const judged = await records.judged(organisation_id, { from, to })
    return score({ from_s: from, to_s: to, synthetic: setup.simulated, found: ended.found, labels: [...labels, ...judged], shed: shedOf(ended, left_out) }).result
  }
}

function periodOf({ from, to, warm_up_days = 0, labels = [] }: Body): Result<Period> {
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
function shedOf({ health, shed }: Ended, left_out: Readonly<Record<string, number>>): Record<string, number> {
  const named = health.flatMap(({ kind, failed, shed: of }) => Object.entries({ ...of, failed: failed === undefined ? 0 : 1 }).map(([name, count]) => [`${kind}.${name}`, count] as const))
  return Object.fromEntries([...named, ...Object.entries(shed), ...Object.entries(left_out)].filter(([, count]) => count > 0))
}
