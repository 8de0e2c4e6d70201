import type { Unread, UnreadReason } from '@hirundo/contract'
import { oneLine } from '../../../platform/notify/plain-text.ts'
import { bounds } from '../tools.ts'

const FIELD_CHARS_MAX = 64

/** What was not taken over, by field; nothing is dropped without a word. */
export class UnreadFields {
  readonly #found = new Map<string, Unread>()

  add(field: string, why: UnreadReason, where: string): void {
    const name = oneLine(field, FIELD_CHARS_MAX)
    const known = this.#found.get(`${why} ${name}`)
    // Whoever makes up names without end gets one line for the rest.
    const key = known || this.#found.size < bounds.unread_max ? name : '…'
    const there = this.#found.get(`${why} ${key}`)
    this.#found.set(`${why} ${key}`, there ? { ...there, times: there.times + 1 } : { field: key, why, times: 1, example: oneLine(where, FIELD_CHARS_MAX) })
  }

  list(): Unread[] {
    return [...this.#found.values()].toSorted((a, b) => (a.field < b.field ? -1 : 1))
  }
}
