import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from '../process/child.ts'

/** Starts a process again whenever it ends, until told otherwise. */
export class Supervisor {
  readonly name: string
  readonly #start: () => Child
  #child: Child
  #wanted = true
  #killed = false
  /** Ends that nobody caused from here, with what the process wrote last. */
  readonly own_exits: string[] = []

  constructor(name: string, start: () => Child) {
    this.name = name
    this.#start = start
    this.#child = start()
    void this.#watch()
  }

  get child(): Child {
    return this.#child
  }

  async #watch(): Promise<void> {
    for (;;) {
      const { code, signal } = await this.#child.exited
      if (!this.#wanted) return
      if (!this.#killed) this.own_exits.push(`${this.name} ended by itself (${signal ?? `exit ${code}`}):\n${this.#child.tail}`)
      const pause_ms = this.#killed ? 20 : 500
      this.#killed = false
      await sleep(pause_ms)
      if (!this.#wanted) return
      this.#child = this.#start()
    }
  }

  /** SIGKILL; false when there was nothing to kill. */
  kill(): boolean {
    if (!this.#child.isRunning) return false
    this.#killed = true
    this.#child.kill('SIGKILL')
    return true
  }

  /** No more starts; the process itself goes on. */
  letGo(): Child {
    this.#wanted = false
    return this.#child
  }
}
