import type { Logger } from 'pino'

/** What was begun, to be ended in the opposite order. */
export class Undo {
  readonly #steps: { readonly name: string; readonly end: () => Promise<void> | void }[] = []
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  add(name: string, end: () => Promise<void> | void): void {
    this.#steps.push({ name, end })
  }

  /** Ends all; a step that fails is logged and the others still run. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.end()
      } catch (error) {
        this.#log.error({ part: step.name, err: error }, 'did not end in order')
      }
    }
  }
}
