import { setImmediate as breathe } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { fail, ok, type Result } from '@hirundo/base'
import type { Forecast, Values } from './model.ts'
import type { Precursor, PrecursorSettings, Sign } from './precursors.ts'
import type { RollingSettings } from './rolling.ts'
import type { FromForecaster, ToForecaster } from './worker/protocol.ts'

/** A whole history with all its models takes a second, as do the precursors of a year. */
const work_ms_max = 60_000
/** Copied at once: some milliseconds. */
const signs_each = 2_000
const heap_mib_max = 256

interface Asked {
  readonly resolve: (answer: Result<never>) => void
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
    const id = ++this.#number
    return this.#ask<Forecast | undefined>((this.#worker ??= this.#begin()), { do: 'forecast', id, values, settings })
  }

  /** Problem: `query/timeout`. */
  async precursors(signs: readonly Sign[], settings: PrecursorSettings): Promise<Result<readonly Precursor[]>> {
    const worker = (this.#worker ??= this.#begin())
    const id = ++this.#number
    for (let from = 0; from < signs.length; from += signs_each) {
      worker.postMessage({ do: 'signs', id, signs: signs.slice(from, from + signs_each) } satisfies ToForecaster, [])
      await breathe()
    }
    return this.#ask<readonly Precursor[]>(worker, { do: 'precursors', id, settings })
  }

  #ask<T>(worker: Worker, message: Exclude<ToForecaster, { do: 'signs' }>): Promise<Result<T>> {
    // It ended while it was told: nobody would answer.
    if (this.#worker !== worker) return Promise.reject(new Error('the forecasts’ thread ended'))
    return new Promise((resolve, reject) => {
      const { id } = message
      const timer = setTimeout(() => {
        this.#settle(id)?.resolve(fail('query/timeout'))
        void this.#drop(new Error('the forecasts’ thread was ended'))
      }, work_ms_max)
      this.#asked.set(id, { resolve: resolve as Asked['resolve'], reject, timer })
      worker.postMessage(message, [])
    })
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./worker/main.ts', import.meta.url), { name: 'forecasts', resourceLimits: { maxOldGenerationSizeMb: heap_mib_max } })
    worker.on('message', ({ id, value }: FromForecaster) => this.#settle(id)?.resolve(ok(value as never)))
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
