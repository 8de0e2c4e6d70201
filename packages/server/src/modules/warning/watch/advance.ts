import type { Store } from '@hirundo/analytics'
import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '@hirundo/base'
import type { Logger } from 'pino'
import { blocksUpTo } from '../../observatory/index.ts'
import { nextMark, type Checkpoints } from './checkpoints.ts'
import type { WatchConfig } from './config.ts'
import { StateUnsaved } from './engine-worker.ts'
import type { Line } from './line.ts'
import type { DetectionContext, DetectionSink } from './model.ts'
import { MinuteReader, type Loaded } from './reader.ts'
import type { Pushed } from './worker/protocol.ts'

export interface AdvanceParts {
  readonly organisation_id: number
  readonly analytics: Pick<Store, 'windows'>
  readonly world: World
  readonly sink: DetectionSink
  readonly checkpoints: Checkpoints
  readonly config: WatchConfig
  readonly log: Logger
  readonly signal: AbortSignal
  /** What keeps findings from being stored; undefined: nothing does. */
  readonly onStoring: (failure: unknown) => void
}

export interface AdvanceTo {
  readonly to: number
  /** Rows of plans up to this one count. */
  readonly plan: number
  /** Stops after the chunk in which this time passed. */
  readonly ms_max: number
  /** Up to this second minutes are looked at one by one, since one of them broke a thread. */
  readonly careful_to?: number
}

const monotonic = (world: World): number => world.monotonic?.() ?? performance.now()

export function contextOf({ setup, mode }: Line, watched_to: number, pushed: Pick<Pushed, 'health'>, now_ms: number): DetectionContext {
  return {
    mode, found_at_ms: now_ms, watched_to, scene: setup.scene, simulated: setup.simulated,
    detectors: Object.fromEntries(pushed.health.map(({ kind, version, parameters }) => [kind, { version, parameters }])),
  }
}

/** Again and again until it is done or nobody waits any more; gives whether it is. */
export async function untilKept({ config, signal, log, onStoring }: Pick<AdvanceParts, 'config' | 'signal' | 'log' | 'onStoring'>, work: () => Promise<void>): Promise<boolean> {
  for (let wait_ms = config.retry_ms_min; !signal.aborted; wait_ms = Math.min(config.retry_ms_max, 2 * wait_ms)) {
    try {
      await work()
      onStoring(undefined)
      return true
    } catch (error) {
      onStoring(error)
      log.warn({ err: error }, 'what was found cannot be stored; trying again')
      await sleep(wait_ms, undefined, { signal }).catch(() => undefined)
    }
  }
  return false
}

async function keep(line: Line, loaded: Loaded, pushed: Pushed, parts: AdvanceParts): Promise<boolean> {
  const { organisation_id, sink, world } = parts
  const { detections } = pushed
  line.gave(detections)
  if (detections.length === 0) return true
  return untilKept(parts, () => sink.store(organisation_id, detections, contextOf(line, loaded.to, pushed, world.now())))
}

/** Writes the line's state, as of its position. A disk that is full costs a replay after the next start, and nothing now. */
export async function saveLine(line: Line, { checkpoints, log }: Pick<AdvanceParts, 'checkpoints' | 'log'>): Promise<void> {
  const { begin, position, plan, setup: { fingerprint } } = line
  try {
    await line.worker.save(checkpoints.pathOf({ fingerprint, begin, position, plan }))
  } catch (error) {
    if (!(error instanceof StateUnsaved)) throw error
    checkpoints.trouble = error.message
    log.warn({ reason: error.message }, 'the state of the detectors cannot be saved')
    return
  }
  line.saved_at = position
  checkpoints.trouble = undefined
  await checkpoints.tidy(fingerprint)
}

/**
 * Takes the line to a second, chunk by chunk, with a checkpoint at each mark. What was found in a chunk is stored before the
 * line moves behind it. Rejects with StoreError (the store is away) or WorkerFailed.
 */
export async function advance(line: Line, { to, plan, ms_max, careful_to = -1 }: AdvanceTo, parts: AdvanceParts): Promise<void> {
  const { organisation_id, analytics, world, config, signal } = parts
  const end_ms = monotonic(world) + ms_max
  line.plan = plan
  const { hidden } = line.setup
  const question = { organisation: organisation_id, below: blocksUpTo(plan), ...(hidden.length > 0 ? { hidden } : {}) }
  while (line.position < to) {
    const now_s = Math.floor(world.now() / 1000)
    const mark = nextMark(line.position, now_s)
    const reader = new MinuteReader(analytics, { ...config, careful: line.position < careful_to })
    for await (const loaded of reader.read(question, { from: line.position, to: Math.min(to, mark) })) {
      line.trying = loaded.to
      line.torn = true
      const pushed = await line.worker.push(loaded)
      if (!(await keep(line, loaded, pushed, parts))) return
      line.took(loaded, pushed)
      line.torn = false
      if (signal.aborted || monotonic(world) >= end_ms) break
    }
    if (line.position === mark && line.isSavable && now_s - mark <= config.late_s_max) await saveLine(line, parts)
    if (signal.aborted || monotonic(world) >= end_ms) return
  }
}
