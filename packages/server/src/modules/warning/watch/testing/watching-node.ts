import assert from 'node:assert/strict'
import type { Detection } from '../../detectors/model.ts'
import { realWorld, type World } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import type { Platform } from '../../../../platform/module.ts'
import { blocksUpTo, newestPlan, observatory, Projections } from '../../../observatory/index.ts'
import { quick, RealNode, until, value } from '../../../observatory/testing/real-node.ts'
import { Engine } from '../../detectors/engine.ts'
import { watchDefaults, watchPart, type WatchConfig, type WatchPart } from '../index.ts'
import { detectionKey, type DetectionContext, type DetectionSink, type FindingRecords, type LookedAgain } from '../model.ts'
import { MinuteReader } from '../reader.ts'
import { setupOf } from '../scene.ts'
import { seedOf } from '../watch.ts'
import { Look } from '../worker/look.ts'
import { detectors } from './detectors.fixture.ts'

/** A wall clock that a test sets; everything else is real. */
export class SetClock implements World {
  now_ms: number
  constructor(now_s: number) {
    this.now_ms = now_s * 1000
  }
  now = (): number => this.now_ms
  random = realWorld.random
  monotonic = (): number => performance.now()
  set(now_s: number): void {
    this.now_ms = now_s * 1000
  }
}

/** Keeps what is found as findings do: by identity, the last time counts. */
export class MemorySink implements DetectionSink {
  readonly kept = new Map<string, Detection>()
  readonly contexts: DetectionContext[] = []
  readonly again: LookedAgain[] = []
  /** Calls that are refused. */
  refusing = 0

  async store(_: number, found: readonly Detection[], context: DetectionContext): Promise<void> {
    if (this.refusing > 0) {
      this.refusing--
      throw new Error('the store is away')
    }
    this.contexts.push(context)
    for (const one of found) this.kept.set(detectionKey(one), one)
  }

  async lookedAgain(_: number, stretch: LookedAgain): Promise<void> {
    this.again.push(stretch)
    for (const [key, one] of this.kept) if (one.start >= stretch.from && one.start < stretch.to && !stretch.keys.has(key)) this.kept.delete(key)
  }

  /** All that is kept, in order. */
  get detections(): readonly Detection[] {
    return inOrder([...this.kept.values()])
  }
}

export const inOrder = (all: readonly Detection[]): readonly Detection[] => all.toSorted((a, b) => a.start - b.start || (detectionKey(a) < detectionKey(b) ? -1 : 1))

export const noRecords: FindingRecords = { byKind: async () => ({}), judged: async () => ({ labels: [], judged: 0 }) }
export const quickWatch: Partial<WatchConfig> = {
  tick_ms: 100, tick_ms_min: 20, settings_every_ms: 200, late_quiet_ms: 400, late_wait_ms_max: 5_000, again_share_max: 1, scene_rests_ms: 400, retry_ms_min: 50, retry_ms_max: 400,
}

/** A node of observatory and watch on both real stores. */
export class WatchingNode extends RealNode {
  readonly clock: SetClock
  readonly sink: MemorySink
  part!: WatchPart
  platform!: Platform
  #client: contract.ApiClient | undefined

  constructor(clock: SetClock, config: Partial<WatchConfig> = {}, sink = new MemorySink()) {
    super(clock, (platform) => {
      const projections = new Projections()
      const part = watchPart(platform, {
        sink, projections, config: { ...quickWatch, ...config }, entry: new URL('./worker.fixture.ts', import.meta.url),
      }, noRecords)
      this.part = part
      this.platform = platform
      return [
        observatory(platform, quick, projections),
        {
          name: 'warning', migrations: {}, handlers: part.handlers, settings: part.settings, start: async () => part.start(), stop: () => part.stop(),
          checks: async () => part.watch.checks(),
        },
      ]
    })
    this.clock = clock
    this.sink = sink
  }

  /** Waits until all before this second was looked at. */
  async watchedTo(second: number): Promise<void> {
    await until(async () => (this.part.watch.status(1)?.window?.to ?? 0) >= second, `the watch up to ${second}`)
  }

  /** Waits until so many stretches were looked at again. */
  async againTimes(times: number): Promise<void> {
    await until(async () => (this.part.watch.status(1)?.late_replays ?? 0) >= times, 'looking again')
  }

  /** What detectors say of all that is stored from `from` to `to`, in one go. */
  async fromScratch(from: number, to: number): Promise<readonly Detection[]> {
    const { platform } = this
    const setup = await setupOf(platform, 1, watchDefaults.live_within_ms)
    const seed = seedOf(platform)
    const engine = new Engine({ scene: { ...setup.scene, seed }, detectors, parameters: {}, seed })
    const look = new Look(engine, false)
    const found = new Map<string, Detection>()
    const below = blocksUpTo(await newestPlan(platform.db))
    for await (const { pages, heard, to: end } of new MinuteReader(platform.analytics, watchDefaults).read({ organisation: 1, below }, { from, to })) {
      for (const { table, bytes } of pages) look.addRows(table, bytes)
      look.addHeard(heard)
      for (const one of look.push(end).detections) found.set(detectionKey(one), one)
    }
    return inOrder([...found.values()])
  }

  async detectorsNow(): Promise<contract.CallOutput<typeof contract.listDetectors>> {
    this.#client ??= this.client()
    return value(this.#client.call(contract.listDetectors, {}))
  }
}

/** Equal as what is kept is: without what only says when it was told. */
export function sameDetections(actual: readonly Detection[], expected: readonly Detection[], what: string): void {
  assert.equal(actual.length, expected.length, what)
  assert.deepEqual(actual, expected, what)
}
