import { fail, type Result } from '@hirundo/base'

/** Forecasts that wait at once, of all organisations and of one: a second each. */
export const waiting_max = 24
export const waiting_of_one_max = 8
const RETRY_AFTER_S = 5

/** One piece of work after another, and only so many that wait. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  readonly #of = new Map<number, number>()

  /** In its turn, whatever waits: for work that is one at a time for an organisation anyway. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  /** Problem: `node/unavailable`, when as many wait as may. */
  async ask<T>(organisation_id: number, work: () => Promise<Result<T>>): Promise<Result<T>> {
    const own = this.#of.get(organisation_id) ?? 0
    if (this.#waiting >= waiting_max || own >= waiting_of_one_max) return fail('node/unavailable', { retry_after_s: RETRY_AFTER_S })
    this.#count(organisation_id, 1)
    try {
      return await this.take(work)
    } finally {
      this.#count(organisation_id, -1)
    }
  }

  #count(organisation_id: number, by: 1 | -1): void {
    this.#waiting += by
    const own = (this.#of.get(organisation_id) ?? 0) + by
    if (own === 0) this.#of.delete(organisation_id)
    else this.#of.set(organisation_id, own)
  }
}
