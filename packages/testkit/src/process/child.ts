import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { descendants, isAlive, type ProcessRow } from './tree.ts'

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** `pipe` gives a writable `stdin`. */
  readonly stdin?: 'pipe' | 'ignore'
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const tail_lines_max = 40
/** Time for the last lines of a dead process to be read from its pipes. */
const last_lines_ms = 200

/**
 * A child process in its own group: a Ctrl-C in the terminal reaches only the parent, which then ends its children in
 * order. The last lines that it wrote are kept to explain a failure.
 */
export class Child {
  readonly name: string
  readonly process: ChildProcess
  readonly exited: Promise<Exit>
  #tail: string[] = []
  #listeners: ((line: string, from: 'stdout' | 'stderr') => void)[] = []
  #exit: Exit | undefined

  constructor(options: ChildOptions) {
    this.name = options.name
    this.process = spawn(options.command, options.args, {
      stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#exit ??= { code, signal }
        resolve(this.#exit)
      }
      this.process.once('error', (error) => {
        this.#take(error.message, 'stderr')
        if (this.process.pid === undefined) end(null, null)
      })
      this.process.once('close', end)
      // A grandchild that outlives it holds its pipes open: then `close` never comes.
      this.process.once('exit', (code, signal) => setTimeout(end, last_lines_ms, code, signal))
    })
    // A killed child breaks the pipe that is being written to; its exit tells the rest.
    this.process.stdin?.on('error', () => undefined)
    for (const from of ['stdout', 'stderr'] as const) {
      createInterface({ input: this.process[from]!, crlfDelay: Infinity }).on('line', (line) => this.#take(line, from))
    }
  }

  get pid(): number {
    return this.process.pid ?? -1
  }

  get isRunning(): boolean {
    return this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null
  }

  /** What it wrote last, both streams. */
  get tail(): string {
    return this.#tail.join('\n')
  }

  onLine(listener: (line: string, from: 'stdout' | 'stderr') => void): void {
    this.#listeners.push(listener)
  }

  #take(line: string, from: 'stdout' | 'stderr'): void {
    this.#tail.push(line)
    if (this.#tail.length > tail_lines_max) this.#tail.shift()
    for (const listener of this.#listeners) listener(line, from)
  }

  /** The first line of stdout that `read` makes something of; throws when the child ends or the time is over. */
  async waitForLine<T>(read: (line: string) => T | undefined, timeout_ms: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const line = new Promise<T>((resolve) => this.onLine((text, from) => {
      const value = from === 'stdout' ? read(text) : undefined
      if (value !== undefined) resolve(value)
    }))
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name} said nothing for ${timeout_ms / 1000} s:\n${this.tail}`)), timeout_ms)
    })
    const ended = this.exited.then(({ code, signal }) => {
      throw new Error(`${this.name} ended (${signal ?? `exit ${code}`}):\n${this.tail}`)
    })
    try {
      return await Promise.race([line, late, ended])
    } finally {
      clearTimeout(timer)
      ended.catch(() => undefined)
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** SIGTERM, then after `grace_ms` SIGKILL to it and to what it left below itself. */
  async stop(grace_ms: number): Promise<Exit> {
    const below: ProcessRow[] = this.isRunning ? descendants(this.pid) : []
    this.kill('SIGTERM')
    const timer = setTimeout(() => this.kill('SIGKILL'), grace_ms)
    const exit = await this.exited
    clearTimeout(timer)
    for (const row of below) if (isAlive(row)) process.kill(row.pid, 'SIGKILL')
    this.process.stdout?.destroy()
    this.process.stderr?.destroy()
    return exit
  }
}
