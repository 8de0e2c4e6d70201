import { fail, type Result } from '@hirundo/base'

/** How long a caller should wait before asking again. */
const RETRY_AFTER_S = 10

/** One thing at a time; at most `waiting_max` wait. */
export class Turn {
  readonly #waiting_max: number
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(waiting_max: number) {
    this.#waiting_max = waiting_max
  }

  /** Runs `work` when all before it have ended. Problem: `report/busy`. */
  async run<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    if (this.#waiting >= this.#waiting_max) return fail('report/busy', { retry_after_s: RETRY_AFTER_S })
    this.#waiting++
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      this.#waiting--
    }
  }
}
