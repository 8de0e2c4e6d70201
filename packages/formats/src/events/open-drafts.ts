import type { Draft } from './draft.ts'
import { logBounds } from './model.ts'

/** Interactions that are open, by the log's own name for them, within bounds of number and memory. */
export class OpenDrafts {
  readonly #drafts = new Map<string | number, Draft>()
  readonly #ended = new Set<string | number>()
  readonly #emit: (draft: Draft) => void
  #bytes = 0

  constructor(emit: (draft: Draft) => void) {
    this.#emit = emit
  }

  get(key: string | number): Draft | undefined {
    return this.#drafts.get(key)
  }

  /**
   * The key of the log's name for a session: names of two logs may meet, and what one source said is no evidence
   * against another. `src` is undefined where an event does not say it.
   */
  keyOf(name: string, src: Uint8Array | undefined): string {
    const other = this.#drafts.get(name)?.src
    const is_same = src === undefined || other === undefined || src.every((byte, place) => byte === other[place])
    return is_same ? name : `${name}\n${src.join('.')}`
  }

  add(key: string | number, draft: Draft): Draft {
    this.#drafts.set(key, draft)
    if (this.#drafts.size > logBounds.open_max) this.#giveOutOldest()
    return draft
  }

  /** To be called with what a draft's memory grew by. */
  grew(bytes: number): void {
    this.#bytes += bytes
    while (this.#bytes > logBounds.open_bytes_max && this.#drafts.size > 1) this.#giveOutOldest()
  }

  /** The session has ended, but some of its events may come late. */
  end(key: string | number): void {
    if (!this.#drafts.has(key)) return
    this.#ended.add(key)
    if (this.#ended.size <= logBounds.ended_max) return
    const [oldest] = this.#ended
    this.giveOut(oldest!)
  }

  giveOut(key: string | number): void {
    const draft = this.#drafts.get(key)
    this.#drafts.delete(key)
    this.#ended.delete(key)
    if (!draft) return
    this.#bytes -= draft.kept_bytes
    this.#emit(draft)
  }

  /** It was none of ours after all. */
  drop(key: string | number): void {
    const draft = this.#drafts.get(key)
    if (draft) this.#bytes -= draft.kept_bytes
    this.#drafts.delete(key)
    this.#ended.delete(key)
  }

  #giveOutOldest(): void {
    const [oldest] = this.#drafts.keys()
    this.giveOut(oldest!)
  }

  /** Everything, the oldest first. */
  finish(): void {
    while (this.#drafts.size > 0) this.#giveOutOldest()
  }
}
