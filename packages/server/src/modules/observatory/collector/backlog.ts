/** What was received and is not queryable yet, in batches and bytes; the collector adds, the projector takes away. */
export class Backlog {
  batches: number
  bytes: number
  /** Last number of the journal that is a batch's. */
  appended: bigint
  /** Everything up to here is queryable. */
  projected: bigint
  #waiting: (() => void) | undefined

  constructor(start: { batches: number; bytes: number; appended: bigint; projected: bigint }) {
    this.batches = start.batches
    this.bytes = start.bytes
    this.appended = start.appended
    this.projected = start.projected
  }

  add(batches: number, bytes: number, appended: bigint): void {
    this.batches += batches
    this.bytes += bytes
    if (appended > this.appended) this.appended = appended
    this.#waiting?.()
  }

  take(batches: number, bytes: number, projected: bigint): void {
    this.batches -= batches
    this.bytes -= bytes
    if (projected > this.projected) this.projected = projected
    // Records of plans lie between batches: what is projected may end with one.
    if (projected > this.appended) this.appended = projected
  }

  /** Resolves when something is added, at the latest after `ms`; at once when `signal` aborts. */
  async added(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#waiting = undefined
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done)
      this.#waiting = done
    })
  }
}
