import { cidrContains, type Cidr } from '@hirundo/base'
import { maskOwn } from '../interaction/mask.ts'

const KNOWN_MAX = 4_096
const LITERAL = /\d\.\d|:[0-9a-f]{0,4}:/i

/** Texts of a log with own addresses hidden; most texts name none, and are known again. */
export class OwnText {
  readonly #own: readonly Cidr[]
  readonly #plain = new Set<string>()

  constructor(own: readonly Cidr[]) {
    this.#own = own
  }

  /** A mask for one interaction: of the watched networks and of the addresses that it went to. */
  maskOf(...local: readonly (Uint8Array | undefined)[]): (text: string) => string {
    return (text) => (this.#namesNone(text) ? text : maskOwn(text, this.#own, ...local))
  }

  #namesNone(text: string): boolean {
    if (this.#plain.has(text)) return true
    if (LITERAL.test(text)) return false
    if (text.length <= 256) {
      if (this.#plain.size === KNOWN_MAX) this.#plain.clear()
      this.#plain.add(text)
    }
    return true
  }
}

/** Whether what went to `dst` counts: it lies in a watched network, or none were named. */
export const isWatched = (dst: Uint8Array | undefined, own: readonly Cidr[]): boolean =>
  own.length === 0 || (dst !== undefined && own.some((cidr) => cidrContains(cidr, dst)))
