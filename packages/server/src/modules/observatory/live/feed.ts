import type { World } from '@hirundo/base'
import type { EventFeed } from '../../../platform/module.ts'

/** A document and the one frame in which every listener gets it. */
export interface Issue<T> {
  readonly document: T
  readonly frame: Uint8Array
}

export interface FeedOptions<T> {
  /** Makes the next document; `data` says whether something new is queryable since the last. */
  readonly make: (data: boolean) => Promise<Issue<T>>
  /** From the begin of one making to the next at least. */
  readonly every_ms: number
  /** What comes in bursts (a minute of several sensors) is waited for. */
  readonly settle_ms: number
  /** Without any call the document is made again this often, since time itself changes it. */
  readonly refresh_ms: number
  /** Making may take this share of the time at most; a slow store makes documents rarer. */
  readonly busy_share_max: number
  readonly world: Pick<World, 'monotonic'>
  readonly onFailure: (error: unknown) => void
}

/**
 * One document that many read: made once however many listen, only while somebody does, and never more often than its
 * bounds say.
 */
export class Feed<T> implements EventFeed {
  readonly #options: FeedOptions<T>
  readonly #listeners = new Set<(frame: Uint8Array) => void>()
  #latest: Issue<T> | undefined
  #making: Promise<Issue<T>> | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the timer is due; Infinity: it is not set. */
  #due = Infinity
  #begun_ms = -Infinity
  #took_ms = 0
  #stale = true
  #data = true

  constructor(options: FeedOptions<T>) {
    this.#options = options
  }

  get listeners(): number {
    return this.#listeners.size
  }

  #now(): number {
    return this.#options.world.monotonic?.() ?? performance.now()
  }

  /** Something changed: `data`, what is queryable; otherwise only how sensors are. */
  wake(data: boolean): void {
    this.#stale = true
    this.#data ||= data
    if (this.#listeners.size > 0) this.#schedule(this.#options.settle_ms)
  }

  add(send: (frame: Uint8Array) => void): () => void {
    this.#listeners.add(send)
    if (this.#latest) send(this.#latest.frame)
    this.#schedule(this.#fresh() ? this.#options.refresh_ms : 0)
    return () => {
      this.#listeners.delete(send)
      if (this.#listeners.size === 0) this.#rest()
    }
  }

  #next_ms(): number {
    const { every_ms, refresh_ms, busy_share_max } = this.#options
    return this.#begun_ms + Math.max(every_ms, Math.min(refresh_ms, this.#took_ms / busy_share_max))
  }

  #fresh(): boolean {
    return this.#latest !== undefined && (this.#now() < this.#next_ms() || (!this.#stale && this.#now() < this.#begun_ms + this.#options.refresh_ms))
  }

  /** The document as it is now, for who asks once; rejects as `make` does. */
  async current(): Promise<Issue<T>> {
    // What is being made is newer than the latest, however fresh that one was a moment ago.
    return this.#latest && !this.#making && this.#fresh() ? this.#latest : this.#make()
  }

  #rest(): void {
    clearTimeout(this.#timer)
    this.#due = Infinity
  }

  /** Makes it in `wait_ms`, or as soon after that as its bounds allow; an earlier time that is set already stays. */
  #schedule(wait_ms: number): void {
    const due = Math.max(this.#now() + wait_ms, this.#next_ms())
    if (due >= this.#due) return
    this.#rest()
    this.#due = due
    this.#timer = setTimeout(() => void this.#turn(), Math.max(0, due - this.#now()))
  }

  async #turn(): Promise<void> {
    this.#due = Infinity
    await this.#make().catch((error: unknown) => this.#options.onFailure(error))
    if (this.#listeners.size > 0) this.#schedule(this.#stale ? this.#options.settle_ms : this.#options.refresh_ms)
  }

  #make(): Promise<Issue<T>> {
    this.#making ??= this.#makeOnce().finally(() => {
      this.#making = undefined
    })
    return this.#making
  }

  async #makeOnce(): Promise<Issue<T>> {
    const data = this.#data
    this.#stale = false
    this.#data = false
    this.#begun_ms = this.#now()
    try {
      const issue = await this.#options.make(data)
      this.#latest = issue
      for (const send of this.#listeners) send(issue.frame)
      return issue
    } catch (error) {
      this.#stale = true
      this.#data ||= data
      throw error
    } finally {
      this.#took_ms = this.#now() - this.#begun_ms
    }
  }
}
