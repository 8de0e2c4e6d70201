import { Worker } from 'node:worker_threads'
import type { WatchConfig } from './config.ts'
import type { Loaded } from './reader.ts'
import type { BacktestScore, FromWorker, Known, Pushed, ToWorker, WorkerStart } from './worker/protocol.ts'

/** Why a worker is no more; the node goes on without it. */
export class WorkerFailed extends Error {
  override readonly name = 'WorkerFailed'
}
/** The state that it was to begin with cannot be used. */
export class StateUnreadable extends Error {
  override readonly name = 'StateUnreadable'
}

/** The state was not written; the worker goes on. */
export class StateUnsaved extends Error {
  override readonly name = 'StateUnsaved'
}

interface Asked {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

type Bounds = Pick<WatchConfig, 'heap_mib_max' | 'push_ms_max'>

/** The young generation is part of what a thread may hold; more of it makes short-lived objects cheap. */
const YOUNG_MIB = 32
/** To load its modules and a state of hundreds of MiB. */
const START_MS_MAX = 120_000

/** The detectors of the registry. */
export const detectorsEntry = new URL('./worker/main.ts', import.meta.url)

/** A thread that runs all detectors of one organisation: their memory, time and crashes are its own. */
export class EngineWorker {
  readonly #worker: Worker
  readonly #bounds: Bounds
  readonly #asked = new Map<number, Asked>()
  #number = 0
  #failed: Error | undefined
  #stopping = false

  private constructor(start: WorkerStart, bounds: Bounds, entry: URL) {
    this.#bounds = bounds
    this.#worker = new Worker(entry, {
      workerData: start, name: 'warning', resourceLimits: { maxOldGenerationSizeMb: bounds.heap_mib_max, maxYoungGenerationSizeMb: YOUNG_MIB },
    })
    this.#worker.on('error', (error) => this.#fail(new WorkerFailed(this.#reasonOf(error))))
    this.#worker.on('exit', () => this.#fail(new WorkerFailed('the detectors’ thread ended')))
    // A node that is stopped by an error elsewhere must not be kept by it.
    this.#worker.unref()
  }

  /** `entry`: what the thread runs; tests have others. Rejects with `StateUnreadable` or `WorkerFailed`. */
  static async start(start: WorkerStart, bounds: Bounds, entry = detectorsEntry): Promise<EngineWorker> {
    const made = new EngineWorker(start, bounds, entry)
    const { unreadable } = await made.#started()
    if (unreadable === undefined) return made
    await made.stop()
    throw new StateUnreadable(unreadable)
  }

  #started(): Promise<{ readonly unreadable?: string }> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new WorkerFailed('the detectors’ thread does not start')), START_MS_MAX)
      this.#asked.set(this.#number, { resolve: resolve as never, reject, timer })
      this.#worker.on('message', (message: FromWorker) => {
        if ('started' in message) this.#answered(0)?.resolve(message as never)
        else if ('unsaved' in message) this.#answered(message.id)?.reject(new StateUnsaved(message.unsaved))
        else this.#answered(message.id)?.resolve(message.value as never)
      })
    })
  }

  #answered(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    clearTimeout(asked?.timer)
    return asked
  }

  #reasonOf(error: unknown): string {
    if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') return `the detectors needed more than ${this.#bounds.heap_mib_max} MiB`
    return `the detectors ended: ${error instanceof Error ? error.message : String(error)}`
  }

  #fail(error: Error): void {
    this.#failed ??= this.#stopping ? new WorkerFailed('stopped') : error
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer)
      reject(this.#failed)
    }
    this.#asked.clear()
    void this.#worker.terminate()
  }

  /** For tests that see a thread die. */
  get thread_id(): number {
    return this.#worker.threadId
  }

  #ask<T>(message: (id: number) => ToWorker): Promise<T> {
    if (this.#failed) return Promise.reject(this.#failed)
    return new Promise<T>((resolve, reject) => {
      const id = ++this.#number
      const timer = setTimeout(() => this.#fail(new WorkerFailed(`the detectors took longer than ${this.#bounds.push_ms_max / 1000} s for one piece of work`)), this.#bounds.push_ms_max)
      this.#asked.set(id, { resolve: resolve as never, reject, timer })
      this.#worker.postMessage(message(id), [])
    })
  }

  /** Looks at all minutes before the end of what was loaded; takes its memory away. Rejects with `WorkerFailed`. */
  async push({ to, pages, heard }: Pick<Loaded, 'to' | 'pages' | 'heard'>): Promise<Pushed> {
    if (this.#failed) throw this.#failed
    for (const { table, bytes } of pages) {
      // What is a part of other memory cannot be given away.
      const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
      this.#worker.postMessage({ do: 'rows', table, bytes: own } satisfies ToWorker, [own.buffer as ArrayBuffer])
    }
    if (heard.length > 0) this.#worker.postMessage({ do: 'heard', rows: heard } satisfies ToWorker, [])
    return this.#ask<Pushed>((id) => ({ do: 'push', id, to }))
  }

  /** Writes the state; gives its bytes. Rejects with `StateUnsaved` or `WorkerFailed`. */
  save(path: string): Promise<number> {
    return this.#ask<number>((id) => ({ do: 'save', id, path }))
  }

  /** What is still open; nothing may be pushed after it. */
  end(): Promise<Pushed> {
    return this.#ask<Pushed>((id) => ({ do: 'end', id }))
  }

  /** How right was what a backtest found, after its end. */
  score(known: Known): Promise<BacktestScore> {
    return this.#ask<BacktestScore>((id) => ({ do: 'score', id, known }))
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#worker.terminate()
    this.#fail(new WorkerFailed('stopped'))
  }
}
