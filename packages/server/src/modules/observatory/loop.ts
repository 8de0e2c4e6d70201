import { setTimeout as sleep } from 'node:timers/promises'

/**
 * As `work`, but over as soon as it is told to stop: for a statement of minutes that cannot be cancelled and that leaves
 * nothing half done when its store goes away below it. What still comes of it is of no interest.
 */
export const abandoned = (work: (signal: AbortSignal) => Promise<void>) => (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stopped = () => resolve()
    signal.addEventListener('abort', stopped, { once: true })
    void work(signal).then(resolve, reject).finally(() => signal.removeEventListener('abort', stopped))
  })

/** Does `work` again and again, `every_ms` apart; one failure is told and does not end it. */
export class Loop {
  readonly #stop = new AbortController()
  readonly #running: Promise<void>

  constructor(every_ms: number, work: (signal: AbortSignal) => Promise<void>, onFailure: (error: unknown) => void) {
    this.#running = this.#run(every_ms, work, onFailure)
  }

  async #run(every_ms: number, work: (signal: AbortSignal) => Promise<void>, onFailure: (error: unknown) => void): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await work(signal).catch((error: unknown) => {
        if (!signal.aborted) onFailure(error)
      })
      await sleep(every_ms, undefined, { signal }).catch(() => undefined)
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }
}
