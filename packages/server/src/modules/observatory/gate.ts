/** Closed until it is opened, once. */
export class Gate {
  readonly #opened: Promise<void>
  #open: () => void = () => undefined

  constructor() {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  open(): void {
    this.#open()
  }

  /** Resolves when the gate opens, or at once when `signal` aborts. */
  async passed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await Promise.race([this.#opened, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))])
  }
}
