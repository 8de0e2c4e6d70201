import { ADDRESS_CHARS_MAX } from './mask.ts'
import { interactionBounds, type Interaction, type Login } from './model.ts'

const SEPARATOR = ' | '
const NO_LOGINS: readonly Login[] = []
const NO_URLS: readonly string[] = []
const NO_FACTS: Interaction['facts'] = Object.freeze({})
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f]/g

/** Control characters as their pictures: records are read on terminals too. */
export const visible = (text: string): string => (text.search(CONTROL) < 0 ? text : text.replace(CONTROLS, (sign) => (sign === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + sign.charCodeAt(0)))))

/** What one interaction said, kept within the bounds of a record. */
export class Notes {
  truncated = false
  #kept_bytes = 0
  #logins: Login[] | undefined
  #urls: string[] | undefined
  #facts: Map<string, string> | undefined
  #guess: Interaction['guess']
  readonly #mask: (text: string) => string
  readonly #are_parts: boolean

  /**
   * `mask` takes the sensor's own addresses out of every text. `texts_are_parts`: texts may be cut out of larger ones.
   */
  constructor(mask: (text: string) => string, texts_are_parts = true) {
    this.#mask = mask
    this.#are_parts = texts_are_parts
  }

  guess(name: string, rule: string): void {
    this.#guess ??= { name, rule }
  }

  login(user: string, password: string): void {
    this.#logins ??= []
    if (this.#logins.length === interactionBounds.logins_max) {
      this.truncated = true
      return
    }
    const login = { user: this.#text(user, interactionBounds.login_chars_max), password: this.#text(password, interactionBounds.login_chars_max) }
    this.#logins.push(login)
    this.#keep(login.user, login.password)
  }

  url(text: string): void {
    this.#urls ??= []
    const url = this.#text(text, interactionBounds.url_chars_max)
    if (this.#urls.includes(url)) return
    if (this.#urls.length === interactionBounds.urls_max) {
      this.truncated = true
      return
    }
    this.#urls.push(url)
    this.#keep(url)
  }

  /** Several values of one name stand beside each other. */
  fact(name: string, value: string | number): void {
    this.#facts ??= new Map()
    const text = this.#text(String(value), interactionBounds.fact_chars_max)
    const before = this.#facts.get(name)
    if (before === undefined) {
      if (this.#facts.size === interactionBounds.facts_max) this.truncated = true
      else this.#put(name, text, text)
    } else if (!before.split(SEPARATOR).includes(text)) {
      if (before.length + SEPARATOR.length + text.length > interactionBounds.fact_chars_max) this.truncated = true
      else this.#put(name, before + SEPARATOR + text, text)
    }
  }

  #put(name: string, value: string, more: string): void {
    this.#facts!.set(name, value)
    this.#keep(more)
  }

  /** What is said again, or has no room, takes no memory. */
  #keep(...texts: readonly string[]): void {
    for (const text of texts) this.#kept_bytes += 2 * text.length
  }

  #text(text: string, chars_max: number): string {
    if (text.length > chars_max) this.truncated = true
    // Some more than is kept, or a cut through an address would hide it from the mask.
    const kept = visible(this.#mask(text.slice(0, chars_max + ADDRESS_CHARS_MAX)).slice(0, chars_max))
    // A part of a text keeps the whole of it in memory; a copy does not.
    if (kept === text && !this.#are_parts) return text
    return Buffer.from(kept, 'utf8').toString('utf8')
  }

  /** About what it keeps in memory. */
  get kept_bytes(): number {
    return this.#kept_bytes
  }

  /** Its part of the record. */
  said(): Pick<Interaction, 'truncated' | 'logins' | 'urls' | 'facts' | 'guess'> {
    return {
      truncated: this.truncated, logins: this.#logins ?? NO_LOGINS, urls: this.#urls ?? NO_URLS,
      facts: this.#facts === undefined ? NO_FACTS : Object.fromEntries(this.#facts), guess: this.#guess,
    }
  }
}
