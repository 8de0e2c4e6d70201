import { createRequire } from 'node:module'
import type * as Chdb from 'chdb'
import { literal, Refused } from './guard.ts'
import type { ChildOptions } from './options.ts'
import { cappedSettings, sessionSettings } from './server-config.ts'

/** chDB's module is CommonJS with a native part: loaded late, so that only the child ever loads it. */
const { Session } = createRequire(import.meta.url)('chdb') as typeof Chdb

export interface QueryRequest {
  readonly sql: string
  readonly format: string
  readonly settings: ReadonlyMap<string, string>
  readonly parameters: ReadonlyMap<string, string>
  /** The client went away: do not start. */
  readonly gone: () => boolean
}
export interface QueryResult {
  readonly bytes: Uint8Array
  readonly elapsed_s: number
  readonly read_rows: number
  readonly read_bytes: number
}

interface Waiting {
  readonly request: QueryRequest
  readonly resolve: (result: QueryResult) => void
  readonly reject: (error: unknown) => void
}

/**
 * Sessions that share one queue: a chDB session runs one statement at a time, several run in parallel.
 * Parameters and settings are set on the session before the statement, because chDB's own parameter binding is
 * serialised over the whole process.
 */
export class SessionPool {
  readonly #queue: Waiting[] = []
  readonly #options: ChildOptions
  readonly #base: Record<string, string | number>
  readonly #idle: { session: Chdb.Session; touched: Set<string> }[] = []
  readonly #all: Chdb.Session[] = []
  readonly #writer: boolean

  constructor(options: ChildOptions, writer: boolean, config_file: string) {
    this.#options = options
    this.#writer = writer
    this.#base = sessionSettings(options, writer)
    const count = writer ? options.writer_sessions : options.reader_sessions
    for (let i = 0; i < count; i++) {
      const session = new Session(options.directory, { connectionArgs: [`--config-file=${config_file}`] })
      this.#all.push(session)
      this.#idle.push({ session, touched: new Set() })
    }
  }

  /** Sets what holds for every statement; readers end as readonly = 2, which no later statement can undo. */
  async prepare(): Promise<void> {
    const base = Object.entries(this.#base).map(([name, value]) => `${name} = ${setting(value)}`)
    if (!this.#writer) base.push('readonly = 2')
    for (const session of this.#all) await session.queryAsync(`SET ${base.join(', ')}`)
  }

  run(request: QueryRequest): Promise<QueryResult> {
    if (this.#queue.length >= this.#options.queue_requests_max) {
      return Promise.reject(new Refused(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'the queue is full'))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject })
      this.#drain()
    })
  }

  close(): void {
    for (const session of this.#all) session.close()
  }

  #drain(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const waiting = this.#queue.shift()!
      if (waiting.request.gone()) {
        waiting.reject(new Refused(394, 'QUERY_WAS_CANCELLED', 'the client went away'))
        continue
      }
      const slot = this.#idle.pop()!
      this.#execute(slot.session, slot.touched, waiting.request).then(waiting.resolve, waiting.reject).finally(() => {
        this.#idle.push(slot)
        this.#drain()
      })
    }
  }

  async #execute(session: Chdb.Session, touched: Set<string>, request: QueryRequest): Promise<QueryResult> {
    const assignments = this.#assignments(touched, request)
    const prefix = assignments.length > 0 ? `SET ${assignments.join(', ')};\n` : ''
    const result = await session.queryAsync(prefix + request.sql, { format: request.format })
    return { bytes: result.bytes(), elapsed_s: result.elapsed, read_rows: result.rowsRead, read_bytes: result.bytesRead }
  }

  #assignments(touched: Set<string>, request: QueryRequest): string[] {
    const assignments: string[] = []
    for (const name of touched) {
      if (request.settings.has(name)) continue
      assignments.push(`${name} = ${name in this.#base ? setting(this.#base[name]!) : 'DEFAULT'}`)
    }
    touched.clear()
    for (const [name, value] of request.settings) {
      touched.add(name)
      assignments.push(`${name} = ${setting(this.#capped(name, value))}`)
    }
    for (const [name, value] of request.parameters) assignments.push(`param_${name} = ${literal(value)}`)
    return assignments
  }

  #capped(name: string, value: string): string | number {
    if (!(cappedSettings as readonly string[]).includes(name)) return value
    const asked = Number(value)
    const cap = Number(this.#base[name])
    return asked > 0 && asked < cap ? asked : cap
  }
}

const setting = (value: string | number): string => (typeof value === 'number' ? String(value) : literal(value))
