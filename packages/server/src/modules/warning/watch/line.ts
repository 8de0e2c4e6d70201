import type { TimeRange } from '@hirundo/analytics'
import type { Detection } from '../detectors/model.ts'
import type { EngineWorker } from './engine-worker.ts'
import { detectionKey, type WatchMode } from './model.ts'
import type { Loaded } from './reader.ts'
import type { Setup } from './scene.ts'
import type { Pushed } from './worker/protocol.ts'

/** Identities of what was given that a replay remembers; of more it is not said what was not given again. */
const keys_max = 200_000

export interface LineStart {
  readonly worker: EngineWorker
  readonly setup: Setup
  /** First second whose rows count. */
  readonly begin: number
  /** First second that was not looked at yet. */
  readonly position: number
  readonly plan: number
  readonly mode: WatchMode
}

/** Detectors on their way through the minutes: a thread, and what its state is made of. */
export class Line {
  readonly worker: EngineWorker
  setup: Setup
  readonly begin: number
  /** Where this line started from. */
  readonly from: number
  position: number
  /** All rows of plans up to it that lie before `position` were seen, but for those after `late_from`. */
  plan: number
  mode: WatchMode
  /** Rows came for minutes from here on after they were looked at. */
  late_from: number | undefined
  /** End of the minutes that it looks at now, or failed at. */
  trying: number
  /** Thread and position do not agree: it must not be saved. */
  torn = false
  saved_at: number
  pushed: Pushed | undefined
  window: TimeRange | undefined
  readonly shed = { rows: 0, interactions: 0, late: 0 }
  /** Of all that a replay gave. */
  keys: Set<string> | undefined

  constructor({ worker, setup, begin, position, plan, mode }: LineStart) {
    this.worker = worker
    this.setup = setup
    this.begin = begin
    this.from = position
    this.position = position
    this.trying = position
    this.saved_at = position
    this.plan = plan
    this.mode = mode
    this.keys = mode === 'late' ? new Set() : undefined
  }

  /** What may change while a line goes on: whose rows are left out, and who watches. */
  see({ hidden, sensors, simulated }: Setup): void {
    this.setup = { ...this.setup, hidden, sensors, simulated }
  }

  /** The minutes were looked at and what was found in them is kept. */
  took({ from, to, shed }: Loaded, pushed: Pushed): void {
    this.position = to
    this.window = { from, to }
    this.pushed = pushed
    this.shed.rows += shed.rows
    this.shed.interactions += shed.interactions
  }

  /** Remembers what was given, for as long as that is to be compared. */
  gave(detections: readonly Detection[]): void {
    if (!this.keys) return
    for (const one of detections) this.keys.add(detectionKey(one))
    if (this.keys.size > keys_max) this.keys = undefined
  }

  noteLate(minute: number): void {
    this.late_from = Math.min(minute, this.late_from ?? Infinity)
  }

  /** Caught up with the clock: what is found from here on is news. */
  becomeLive(): void {
    this.mode = 'live'
    this.keys = undefined
  }

  get isSavable(): boolean {
    return !this.torn && this.late_from === undefined && this.position > this.saved_at
  }
}
