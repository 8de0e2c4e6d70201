import type { Cidr } from '@hirundo/base'
import type { Interaction } from '@hirundo/formats'
import type { AnswerBounds, AnswerCounters } from './bounds.ts'
import type { Setting } from './model.ts'

/** What both engines are given: bounds and counters of the whole sensor, how it presents itself, and where records go. */
export interface EngineOptions {
  readonly bounds: AnswerBounds
  readonly counters: AnswerCounters
  readonly setting: Setting
  readonly monotonic_ms: () => number
  readonly clock_error_ms: () => number
  readonly own: readonly Cidr[]
  readonly record: (interaction: Interaction) => void
}
