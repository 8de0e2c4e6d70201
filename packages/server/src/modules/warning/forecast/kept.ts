import { HOUR_S, type Result } from '@hirundo/base'

/** Rows of an hour are still on their way when it ends: an answer made before this is of the hour before. */
const SETTLE_S = 300

const hourOf = (now_ms: number): number => Math.floor((now_ms / 1000 - SETTLE_S) / HOUR_S)

interface One<T> {
  readonly hour: number
  readonly answer: Promise<Result<T>>
}

/** Answers that change with the hour: who asks again in it, or meanwhile, gets the same. Problems are not kept. */
export class Kept<T> {
  readonly #max: number
  readonly #kept = new Map<string, One<T>>()

  /** `max`: beyond it the oldest leave. */
  constructor(max: number) {
    this.#max = max
  }

  get(key: string, now_ms: number, make: () => Promise<Result<T>>): Promise<Result<T>> {
    const hour = hourOf(now_ms)
    const known = this.#kept.get(key)
    if (known?.hour === hour) return known.answer
    this.#kept.delete(key)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < this.#max) break
      this.#kept.delete(oldest)
    }
    const one = { hour, answer: make() }
    this.#kept.set(key, one)
    const forget = (): void => {
      if (this.#kept.get(key) === one) this.#kept.delete(key)
    }
    one.answer.then((made) => (made.ok ? undefined : forget()), forget)
    return one.answer
  }
}
