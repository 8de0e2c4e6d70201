import { setTimeout as sleep } from 'node:timers/promises'

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
