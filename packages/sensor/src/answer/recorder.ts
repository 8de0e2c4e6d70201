import { batchBounds, batchKinds, encodeInteraction, guessOf, type Interaction } from '@hirundo/formats'
import type { BatchOut } from '../batcher.ts'
import type { AnswerBounds, AnswerCounters } from './bounds.ts'

const MINUTE_MS = 60_000
/** A batch far below what a node takes: it is one piece of memory and one signature. */
const BATCH_BYTES_MAX = Math.min(1024 * 1024, batchBounds.batch_body_bytes_max)

export interface RecorderOptions {
  readonly bounds: AnswerBounds & { readonly batch_rows_max: number; readonly batch_age_ms_max: number }
  readonly counters: AnswerCounters
  readonly out: BatchOut
  /** Whether the disk is so far behind that nothing more may be added. */
  readonly isBehind: () => boolean
  readonly monotonic_ms: () => number
}

/** Gathers interactions to batches, within bytes per minute. */
export class Recorder {
  readonly #options: RecorderOptions
  #rows: Uint8Array[] = []
  #bytes = 0
  #first_ms = 0
  #minute_ms = Number.NEGATIVE_INFINITY
  #minute_bytes = 0

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  add(interaction: Interaction): void {
    const { bounds, counters, isBehind, monotonic_ms } = this.#options
    const now_ms = monotonic_ms()
    if (now_ms - this.#minute_ms >= MINUTE_MS) {
      this.#minute_ms = now_ms
      this.#minute_bytes = 0
    }
    const row = encodeInteraction({ ...interaction, guess: interaction.guess ?? guessOf(interaction) })
    if (isBehind() || this.#minute_bytes + row.length > bounds.answer_record_bytes_per_minute_max) {
      counters.interactions_shed++
      return
    }
    this.#minute_bytes += row.length
    counters.interactions++
    if (this.#bytes + row.length > BATCH_BYTES_MAX) this.flush()
    if (this.#rows.length === 0) this.#first_ms = now_ms
    this.#rows.push(row)
    this.#bytes += row.length
    if (this.#rows.length >= bounds.batch_rows_max) this.flush()
  }

  /** Sends on what has waited long enough. */
  tick(): void {
    const { bounds, monotonic_ms } = this.#options
    if (this.#rows.length > 0 && monotonic_ms() - this.#first_ms >= bounds.batch_age_ms_max) this.flush()
  }

  flush(): void {
    if (this.#rows.length === 0) return
    const body = Buffer.concat(this.#rows, this.#bytes)
    this.#options.out(batchKinds.interaction, this.#rows.length, body)
    this.#rows = []
    this.#bytes = 0
  }
}
