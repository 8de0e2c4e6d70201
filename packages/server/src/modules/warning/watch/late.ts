import type { WatchConfig } from './config.ts'

/** Rows that came for minutes which were looked at already: when they are to be taken in. Times are milliseconds of any clock. */
export class LateBook {
  readonly #config: Pick<WatchConfig, 'late_quiet_ms' | 'late_wait_ms_max' | 'again_share_max'>
  #first_ms = 0
  #last_ms = 0
  /** Looking again may begin from here on. */
  #allowed_ms = -Infinity
  /** The earliest minute that they are of; undefined: none wait. */
  from: number | undefined

  constructor(config: Pick<WatchConfig, 'late_quiet_ms' | 'late_wait_ms_max' | 'again_share_max'>) {
    this.#config = config
  }

  note(minute: number, now_ms: number): void {
    if (this.from === undefined) this.#first_ms = now_ms
    this.#last_ms = now_ms
    this.from = Math.min(minute, this.from ?? Infinity)
  }

  /** They are in, up to what came meanwhile (`still`). */
  taken(still: number | undefined, now_ms: number): void {
    this.from = undefined
    if (still !== undefined) this.note(still, now_ms)
  }

  /** Whether it is quiet, or has been loud for too long. */
  isDue(now_ms: number): boolean {
    const { late_quiet_ms, late_wait_ms_max } = this.#config
    return this.from !== undefined && (now_ms - this.#last_ms >= late_quiet_ms || now_ms - this.#first_ms >= late_wait_ms_max)
  }

  /** Whether enough time passed since the last time that all was looked at again. */
  mayLook(now_ms: number): boolean {
    return now_ms >= this.#allowed_ms
  }

  /** Looking again took so long: it may do so only for its share of all time. */
  looked(took_ms: number, now_ms: number): void {
    this.#allowed_ms = now_ms + took_ms * (1 / this.#config.again_share_max - 1)
  }
}
