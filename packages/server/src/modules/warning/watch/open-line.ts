import type { Store, WindowQuestion } from '@hirundo/analytics'
import { DAY_S } from '@hirundo/base'
import type { Logger } from 'pino'
import { blocksUpTo } from '../../observatory/index.ts'
import type { Checkpoint, Checkpoints } from './checkpoints.ts'
import type { WatchConfig } from './config.ts'
import { EngineWorker, StateUnreadable } from './engine-worker.ts'
import { Line } from './line.ts'
import type { WatchMode } from './model.ts'
import type { Setup } from './scene.ts'
import type { WorkerStart } from './worker/protocol.ts'

export interface OpenParts {
  readonly organisation_id: number
  readonly analytics: Pick<Store, 'windows'>
  readonly checkpoints: Checkpoints
  readonly config: WatchConfig
  readonly seed: number
  /** What the thread runs. */
  readonly entry: URL
  readonly log: Logger
}

const dayOf = (second: number): number => second - (second % DAY_S)

export function workerStart({ seed }: Pick<OpenParts, 'seed'>, { scene, parameters }: Setup, more: Partial<WorkerStart> = {}): WorkerStart {
  return { scene: { ...scene, seed }, parameters, seed, gather: false, ...more }
}

/** The earliest minute before `position` of rows that came with plans after `plan`, up to `up_to`; null: none did. */
export function lateSince(
  { analytics, organisation_id }: Pick<OpenParts, 'analytics' | 'organisation_id'>, { begin, position, plan }: Pick<Checkpoint, 'begin' | 'position' | 'plan'>, up_to: number,
): Promise<number | null> {
  if (up_to <= plan || position <= begin) return Promise.resolve(null)
  const question: WindowQuestion = { organisation: organisation_id, from: begin, to: position, below: blocksUpTo(up_to) }
  return analytics.windows.earliest(question, blocksUpTo(plan))
}

/** A line from the checkpoint; undefined: it cannot be read, and is gone now. */
async function fromCheckpoint(parts: OpenParts, setup: Setup, checkpoint: Checkpoint, mode: WatchMode): Promise<Line | undefined> {
  try {
    const worker = await EngineWorker.start(workerStart(parts, setup, { state_path: parts.checkpoints.pathOf(checkpoint) }), parts.config, parts.entry)
    return new Line({ ...checkpoint, worker, setup, mode })
  } catch (error) {
    if (!(error instanceof StateUnreadable)) throw error
    parts.log.warn({ reason: error.message }, 'a saved state of the detectors cannot be read and is made again')
    await parts.checkpoints.remove([checkpoint])
    return undefined
  }
}

/** A line that has seen nothing yet and begins at `begin`. */
export async function freshLine(parts: OpenParts, setup: Setup, begin: number, plan: number, mode: WatchMode): Promise<Line> {
  const worker = await EngineWorker.start(workerStart(parts, setup), parts.config, parts.entry)
  return new Line({ worker, setup, begin, position: begin, plan, mode })
}

/** Where a line begins that warms up for what comes at `second`; undefined: nothing was observed by then. */
export async function warmUpBegin({ analytics, organisation_id }: OpenParts, setup: Setup, second: number, plan: number): Promise<number | undefined> {
  const from = Math.max(0, dayOf(second - setup.warm_up_days * DAY_S))
  const first = await analytics.windows.first({ organisation: organisation_id, from, to: second, below: blocksUpTo(plan) })
  return first === null ? undefined : Math.max(from, dayOf(first))
}

/**
 * The line that goes on with now: from the newest checkpoint, whatever came late since (then `late_from` says so); else
 * from the begin of the warm-up. Undefined: nothing was observed yet.
 */
export async function openLine(parts: OpenParts, setup: Setup, now_s: number, plan: number): Promise<Line | undefined> {
  for (const checkpoint of await parts.checkpoints.list(setup.fingerprint)) {
    // A clock that was wrong had its time seen already.
    if (checkpoint.position > now_s) continue
    const line = await fromCheckpoint(parts, setup, checkpoint, 'live')
    if (line) return line
  }
  const begin = await warmUpBegin(parts, setup, now_s, plan)
  return begin === undefined ? undefined : freshLine(parts, setup, begin, plan, 'history')
}

/**
 * A line that looks again at all from `minute` on: from the newest checkpoint that no late rows lie before; else from the begin
 * of the warm-up. Checkpoints behind the minute are gone after it.
 */
export async function openAgain(parts: OpenParts, setup: Setup, minute: number, live: Line, plan: number): Promise<Line> {
  const all = await parts.checkpoints.list(setup.fingerprint)
  await parts.checkpoints.remove(all.filter(({ position }) => position > minute))
  for (const checkpoint of all.filter(({ position }) => position <= minute)) {
    if ((await lateSince(parts, checkpoint, plan)) !== null) {
      await parts.checkpoints.remove([checkpoint])
      continue
    }
    const line = await fromCheckpoint(parts, setup, checkpoint, 'late')
    if (line) return line
  }
  const begin = Math.max(live.begin, dayOf(minute - setup.warm_up_days * DAY_S))
  return freshLine(parts, setup, begin, plan, 'late')
}
