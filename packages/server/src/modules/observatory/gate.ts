/** Closed until it is opened, once. */
export class Gate {
  #is_open = false
  readonly #waiting = new Set<() => void>()

  open(): void {
    this.#is_open = true
    for (const go of this.#waiting) go()
  }

  /** Resolves when the gate opens, or at once when `signal` aborts. Nothing of a wait stays behind: it is asked often. */
  async passed(signal: AbortSignal): Promise<void> {
    if (this.#is_open || signal.aborted) return
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#waiting.delete(go)
        signal.removeEventListener('abort', go)
        resolve()
      }
      this.#waiting.add(go)
      signal.addEventListener('abort', go, { once: true })
    })
  }
}
