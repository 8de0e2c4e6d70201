import { setTimeout as sleep } from 'node:timers/promises'

export interface RetryOptions {
  readonly ms_min: number
  readonly ms_max: number
  readonly signal: AbortSignal
  /** Called after each failure, before the wait. */
  readonly onFailure: (error: unknown, attempt: number) => void
}

export class Stopped extends Error {
  override readonly name = 'Stopped'
}

/** Tries until it succeeds, waiting longer each time; throws `Stopped` when told to stop. `attempt` begins at 1. */
export async function untilDone<T>(options: RetryOptions, work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    if (options.signal.aborted) throw new Stopped()
    try {
      return await work(attempt)
    } catch (error) {
      if (options.signal.aborted) throw new Stopped()
      options.onFailure(error, attempt)
      const wait = Math.min(options.ms_max, options.ms_min * 2 ** Math.min(attempt - 1, 16))
      await sleep(wait, undefined, { signal: options.signal }).catch(() => undefined)
    }
  }
}
