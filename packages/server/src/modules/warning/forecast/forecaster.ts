import { Worker } from 'node:worker_threads'
import { fail, ok, type Result } from '@hirundo/base'
import type { Forecast, Values } from './model.ts'
import type { RollingSettings } from './rolling.ts'
import type { FromForecaster, ToForecaster } from './worker/protocol.ts'

/** A whole history with all its models takes a second. */
const forecast_ms_max = 60_000
const heap_mib_max = 256

interface Asked {
  readonly resolve: (answer: Result<Forecast | undefined>) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** Looks ahead in a thread of its own, which begins when first asked and again after it ended. */
export class Forecaster {
  #worker: Worker | undefined
  readonly #asked = new Map<number, Asked>()
  #number = 0

  /** `values`: NaN where nobody watched. Undefined: too little history. Problem: `query/timeout`. */
  forecast(values: Values, settings: RollingSettings): Promise<Result<Forecast | undefined>> {
    const worker = (this.#worker ??= this.#begin())
    return new Promise((resolve, reject) => {
      const id = ++this.#number
      const timer = setTimeout(() => {
        this.#settle(id)?.resolve(fail('query/timeout'))
        void this.#drop(new Error('the forecasts’ thread was ended'))
      }, forecast_ms_max)
      this.#asked.set(id, { resolve, reject, timer })
      worker.postMessage({ id, values, settings } satisfies ToForecaster, [])
    })
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./worker/main.ts', import.meta.url), { name: 'forecasts', resourceLimits: { maxOldGenerationSizeMb: heap_mib_max } })
    worker.on('message', ({ id, forecast }: FromForecaster) => this.#settle(id)?.resolve(ok(forecast)))
    worker.on('error', (error) => this.#ended(worker, error))
    worker.on('exit', () => this.#ended(worker, new Error('the forecasts’ thread ended')))
    worker.unref()
    return worker
  }

  #settle(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    clearTimeout(asked?.timer)
    return asked
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker === worker) void this.#drop(error instanceof Error ? error : new Error(String(error)))
  }

  /** Whoever asks next gets another thread, not one that is ending. */
  async #drop(error: Error): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    for (const id of this.#asked.keys()) this.#settle(id)?.reject(error)
    await worker?.terminate()
  }

  stop(): Promise<void> {
    return this.#drop(new Error('the node stops'))
  }
}
