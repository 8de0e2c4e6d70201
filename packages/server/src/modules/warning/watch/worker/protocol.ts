import type { HeardRow, WindowTable } from '@hirundo/analytics'
import type { FindingKind } from '@hirundo/contract'
import type { Score, Scored } from '../../backtest/index.ts'
import type { DetectorHealth } from '../../detectors/engine.ts'
import type { Detection, Scene } from '../../detectors/model.ts'

/** What a worker begins with (`workerData`). */
export interface WorkerStart {
  readonly scene: Scene
  readonly parameters: Readonly<Partial<Record<FindingKind, object>>>
  readonly seed: number
  /** A state that `save` wrote; absent: nothing was seen yet. */
  readonly state_path?: string
  /** Gather what is found instead of giving it with each push: a backtest. */
  readonly gather: boolean
}

/** Rows come before the `push` that looks at them, and are of minutes before its `to` only. Everything with an `id` is answered. */
export type ToWorker =
  | { readonly do: 'rows'; readonly table: WindowTable; readonly bytes: Uint8Array }
  | { readonly do: 'heard'; readonly rows: readonly HeardRow[] }
  | { readonly do: 'push'; readonly id: number; readonly to: number }
  | { readonly do: 'save'; readonly id: number; readonly path: string }
  | { readonly do: 'end'; readonly id: number }
  /** Of one that gathers, after its `end`. */
  | { readonly do: 'score'; readonly id: number; readonly known: Known }

export interface Pushed {
  readonly detections: readonly Detection[]
  readonly health: readonly DetectorHealth[]
  /** What slices left out, by name. */
  readonly shed: Readonly<Record<string, number>>
}

/** What a backtest is held against. What it found stays where it is: there may be hundreds of thousands. */
export type Known = Omit<Scored, 'found'>
export type BacktestScore = Score['result']

export type FromWorker =
  /** `unreadable`: the state could not be used, and there is no worker. */
  | { readonly started: boolean; readonly unreadable?: string }
  | { readonly id: number; readonly value: Pushed | BacktestScore | number }
  /** The state was not written; the thread is as it was. */
  | { readonly id: number; readonly unsaved: string }
