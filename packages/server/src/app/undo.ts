import type { Logger } from 'pino'

/** With a store and two more steps that all hang, the node still ends within the ten seconds that a supervisor gives. */
const STEP_MS_MAX = 2500
/** For a store that is killed when it does not end by itself: its process must not outlive ours. */
export const STORE_STEP_MS_MAX = 5000

interface Step {
  readonly name: string
  readonly end: () => Promise<void> | void
  readonly ms_max: number
}

async function within(step: Step): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), step.ms_max)
  })
  try {
    return await Promise.race([Promise.resolve(step.end()).then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

/** What was begun, to be ended in the opposite order. */
export class Undo {
  readonly #steps: Step[] = []
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  add(name: string, end: () => Promise<void> | void, ms_max = STEP_MS_MAX): void {
    this.#steps.push({ name, end, ms_max })
  }

  /** Ends all; a step that fails or takes too long is logged, and the others still run. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        if (!(await within(step))) this.#log.warn({ part: step.name }, 'did not end in time and is left behind')
      } catch (error) {
        this.#log.error({ part: step.name, err: error }, 'did not end in order')
      }
    }
  }
}
