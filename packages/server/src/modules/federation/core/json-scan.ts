/**
 * Reads JSON (RFC 8259) that another party wrote. `JSON.parse` alone takes the last of two members of one name, rounds
 * numbers and nests without end, and other parsers decide otherwise: what two programs read differently is refused here.
 * Refused: not UTF-8, a byte order mark, depth and count beyond their bounds, two members of one name, `__proto__`, numbers of 2^53
 * and more (2^53 + 1 would be read as 2^53), lone surrogates.
 */
export const json_depth_max = 64
/** Sixteen MiB of empty lists would take some hundred MiB as values. */
export const json_values_max = 2 ** 20
const number_chars_max = 64

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

class Refused extends Error {}
const refuse = (): never => {
  throw new Refused()
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

class Scanner {
  readonly #text: string
  #at = 0
  #values = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): void {
    this.#value(0)
    this.#space()
    if (this.#at !== this.#text.length) refuse()
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at)
  }

  #space(): void {
    while (isSpace(this.#code())) this.#at += 1
  }

  #take(code: number): boolean {
    this.#space()
    if (this.#code() !== code) return false
    this.#at += 1
    return true
  }

  #value(depth: number): void {
    this.#values += 1
    if (this.#values > json_values_max) refuse()
    this.#space()
    const code = this.#code()
    if (code === QUOTE) this.#string()
    else if (code === 0x7b) this.#object(depth + 1)
    else if (code === 0x5b) this.#array(depth + 1)
    else if (code === 0x2d || isDigit(code)) this.#number()
    else this.#word()
  }

  #word(): void {
    const word = ['true', 'false', 'null'].find((entry) => this.#text.startsWith(entry, this.#at))
    if (word === undefined) return refuse()
    this.#at += word.length
  }

  #object(depth: number): void {
    if (depth > json_depth_max) refuse()
    this.#at += 1
    if (this.#take(0x7d)) return
    const names = new Set<string>()
    do {
      this.#space()
      if (this.#code() !== QUOTE) refuse()
      const name = this.#string()
      if (names.has(name) || name === '__proto__') refuse()
      names.add(name)
      if (!this.#take(0x3a)) refuse()
      this.#value(depth)
    } while (this.#take(0x2c))
    if (!this.#take(0x7d)) refuse()
  }

  #array(depth: number): void {
    if (depth > json_depth_max) refuse()
    this.#at += 1
    if (this.#take(0x5d)) return
    do this.#value(depth)
    while (this.#take(0x2c))
    if (!this.#take(0x5d)) refuse()
  }

  /** The text that the string at this place stands for. */
  #string(): string {
    const start = this.#at
    this.#at += 1
    let escaped = false
    for (;;) {
      const code = this.#code()
      // Also at the end of the text, where the code is not a number.
      if (!(code >= 0x20)) refuse()
      this.#at += 1
      if (code === QUOTE) break
      if (code === BACKSLASH) {
        escaped = true
        this.#at += 1
      }
    }
    const raw = this.#text.slice(start, this.#at)
    if (!escaped) return raw.slice(1, -1)
    const text = parsed(raw) as string
    return text.isWellFormed() ? text : refuse()
  }

  #number(): void {
    const start = this.#at
    for (let code = this.#code(); isDigit(code) || isNumberSign(code); code = this.#code()) this.#at += 1
    const raw = this.#text.slice(start, this.#at)
    if (raw.length > number_chars_max) refuse()
    const value = parsed(raw) as number
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) refuse()
  }
}

/** `+ - . e E` */
const isNumberSign = (code: number): boolean => code === 0x2b || code === 0x2d || code === 0x2e || code === 0x65 || code === 0x45

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return refuse()
  }
}

/** The value, or undefined when the bytes are refused (no JSON text stands for undefined). */
export function readJson(bytes: Uint8Array): unknown {
  try {
    const text = decoder.decode(bytes)
    new Scanner(text).document()
    return parsed(text)
  } catch (error) {
    if (error instanceof Refused || error instanceof TypeError) return undefined
    throw error
  }
}
