import { setTimeout as sleep } from 'node:timers/promises'

/** How long a start goes on trying what may come right by itself: a store that was killed, an orphan's lock. */
export const START_MS_MAX = 30_000
const pause_ms_max = 3000

export interface Trying {
  /** No new try begins after this; one under way is waited for. Default `START_MS_MAX`. */
  readonly patience_ms?: number
  /** Whether the same may succeed later; told of each failure that is tried again by `onFailure`. */
  readonly again: (error: unknown) => boolean
  readonly onFailure: (error: unknown) => void
}

/** Does `work` until it succeeds, at growing intervals. Rejects with its last error when it is not worth another try. */
export async function keepTrying<T>(work: () => Promise<T>, { patience_ms = START_MS_MAX, again, onFailure }: Trying): Promise<T> {
  const since = performance.now()
  for (let pause_ms = 100; ; pause_ms = Math.min(pause_ms * 2, pause_ms_max)) {
    try {
      return await work()
    } catch (error) {
      if (!again(error) || performance.now() - since + pause_ms > patience_ms) throw error
      onFailure(error)
    }
    await sleep(pause_ms)
  }
}
