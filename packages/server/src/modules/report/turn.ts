import { fail, type Result } from '@hirundo/base'

/** How long a caller should wait before asking again. */
const RETRY_AFTER_S = 10

export interface TurnBounds {
  readonly waiting_max: number
  /** Of one who asks, also when they went away since: nobody keeps all others out. */
  readonly waiting_of_one_max: number
}

/** One thing at a time; a bounded number wait. */
export class Turn {
  readonly #bounds: TurnBounds
  #last: Promise<unknown> = Promise.resolve()
  readonly #waiting: { readonly who: string }[] = []

  constructor(bounds: TurnBounds) {
    this.#bounds = bounds
  }

  /** Runs `work` when all before it have ended. Problem: `report/busy`. */
  async run<T>(who: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
    const own = this.#waiting.filter((one) => one.who === who).length
    if (this.#waiting.length >= this.#bounds.waiting_max || own >= this.#bounds.waiting_of_one_max) return fail('report/busy', { retry_after_s: RETRY_AFTER_S })
    const place = { who }
    this.#waiting.push(place)
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(place), 1)
    }
  }
}
