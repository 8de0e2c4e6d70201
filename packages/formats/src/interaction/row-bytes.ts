import { interactionBounds } from './model.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** A LEB128 number of a length or count: five groups of seven bits hold 32. */
const VARINT_BYTES_MAX = 5

/** Text of a list's item with the characters that may stay of it. */
type Field = readonly [text: string, chars_max: number]

const NOTHING = new Uint8Array(0)
/** Up to here a loop is faster than the call of the platform's encoder. */
const SHORT_CHARS_MAX = 96

function utf8(text: string): Uint8Array {
  if (text.length === 0) return NOTHING
  if (text.length > SHORT_CHARS_MAX) return encoder.encode(text)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign > 0x7f) return encoder.encode(text)
    bytes[at] = sign
  }
  return bytes
}

/** Writes RowBinary rows, one after the other in the same memory, cutting what is too long. */
export class RowWriter {
  #bytes = new Uint8Array(512)
  #view = new DataView(this.#bytes.buffer)
  #at = 0
  #cut = false
  /** Bytes that lists may still take. */
  room = 0

  /** Begins a row and leaves `start` bytes free, in which `finish` writes the length. What it wrote before is given up. */
  begin(start: number): void {
    this.#at = start
    this.#cut = false
  }

  /** Where the next bytes go. To be called before `#bytes` or `#view` is read: it may replace both. */
  #reserve(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#at)
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    return at
  }

  u8(value: number): void {
    const at = this.#reserve(1)
    this.#view.setUint8(at, value)
  }

  u16(value: number): void {
    const at = this.#reserve(2)
    this.#view.setUint16(at, value, true)
  }

  u32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setUint32(at, Math.min(value, 0xffff_ffff), true)
  }

  i32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setInt32(at, Math.min(value, 0x7fff_ffff), true)
  }

  i64(value: number): void {
    const at = this.#reserve(8)
    const whole = Math.trunc(value)
    const high = Math.floor(whole / 0x1_0000_0000)
    this.#view.setUint32(at, whole - high * 0x1_0000_0000, true)
    this.#view.setInt32(at + 4, high, true)
  }

  raw(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length)
    this.#bytes.set(bytes, at)
  }

  bytes(bytes: Uint8Array, bytes_max: number): void {
    if (bytes.length === 0) return this.u8(0)
    this.#cut ||= bytes.length > bytes_max
    const kept = bytes.subarray(0, bytes_max)
    this.#varint(kept.length)
    this.raw(kept)
  }

  text(text: string, chars_max: number): void {
    if (text.length === 0) return this.u8(0)
    const bytes = this.#encode(text, chars_max)
    this.#varint(bytes.length)
    this.raw(bytes)
  }

  /** As many of the items, in order, as count and room allow. */
  list<Item>(items: readonly Item[], count_max: number, fieldsOf: (item: Item) => readonly Field[]): void {
    if (items.length === 0) return this.u8(0)
    const kept: Uint8Array[][] = []
    for (const item of items) {
      if (kept.length === count_max) break
      const fields = fieldsOf(item).map(([text, chars_max]) => this.#encode(text, chars_max))
      const bytes = fields.reduce((sum, field) => sum + VARINT_BYTES_MAX + field.length, 0)
      if (bytes > this.room) break
      this.room -= bytes
      kept.push(fields)
    }
    this.#cut ||= kept.length < items.length
    this.#varint(kept.length)
    for (const field of kept.flat()) {
      this.#varint(field.length)
      this.raw(field)
    }
  }

  /** The row with its length in front; the byte at `flag_at` says whether anything was cut, here or before. */
  finish(flag_at: number, was_cut: boolean): Uint8Array {
    this.#view.setUint8(flag_at, this.#cut || was_cut ? 1 : 0)
    this.#view.setUint32(0, this.#at - 4, true)
    return this.#bytes.slice(0, this.#at)
  }

  #encode(text: string, chars_max: number): Uint8Array {
    this.#cut ||= text.length > chars_max
    // A cut may split a surrogate pair; the encoder makes U+FFFD of what is left of it.
    return utf8(text.length > chars_max ? text.slice(0, chars_max) : text)
  }

  #varint(value: number): void {
    for (let rest = value; ; rest >>>= 7) {
      this.u8(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest)
      if (rest <= 0x7f) return
    }
  }
}

/** Reads one row; after anything that does not fit every value is zero or empty and `is_whole` stays false. */
export class RowReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  #failed: boolean

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#failed = bytes.length > interactionBounds.row_bytes_max
  }

  /** Whether everything fitted and nothing is left over. */
  get is_whole(): boolean {
    return !this.#failed && this.#at === this.#bytes.length
  }

  /** Where the next `bytes` lie, or undefined when there are fewer. */
  #next(bytes: number): number | undefined {
    if (this.#failed || this.#at + bytes > this.#bytes.length) {
      this.#failed = true
      return undefined
    }
    this.#at += bytes
    return this.#at - bytes
  }

  u8(): number {
    const at = this.#next(1)
    return at === undefined ? 0 : this.#view.getUint8(at)
  }

  u16(): number {
    const at = this.#next(2)
    return at === undefined ? 0 : this.#view.getUint16(at, true)
  }

  u32(): number {
    const at = this.#next(4)
    return at === undefined ? 0 : this.#view.getUint32(at, true)
  }

  i32(): number {
    const at = this.#next(4)
    return at === undefined ? 0 : this.#view.getInt32(at, true)
  }

  /** A whole number that a JavaScript number holds exactly; anything else does not fit. */
  i64(): number {
    const at = this.#next(8)
    const value = at === undefined ? 0 : Number(this.#view.getBigInt64(at, true))
    if (Number.isSafeInteger(value)) return value
    this.#failed = true
    return 0
  }

  raw(bytes: number): Uint8Array {
    const at = this.#next(bytes)
    return at === undefined ? new Uint8Array(0) : this.#bytes.slice(at, at + bytes)
  }

  bytes(bytes_max: number): Uint8Array {
    const length = this.#varint()
    if (length > bytes_max) this.#failed = true
    return this.raw(length)
  }

  text(chars_max: number): string {
    // UTF-8 takes at most three bytes for each UTF-16 unit.
    const bytes = this.bytes(3 * chars_max)
    try {
      const text = decoder.decode(bytes)
      if (text.length <= chars_max) return text
    } catch {
      // Not UTF-8: as unreadable as anything else that does not fit.
    }
    this.#failed = true
    return ''
  }

  list<Item>(count_max: number, read: () => Item): Item[] {
    const count = this.#varint()
    if (count > count_max) this.#failed = true
    const items: Item[] = []
    for (let place = 0; place < count && !this.#failed; place++) items.push(read())
    return items
  }

  #varint(): number {
    let value = 0
    for (let place = 0; place < VARINT_BYTES_MAX; place++) {
      const byte = this.u8()
      value += (byte & 0x7f) * 2 ** (7 * place)
      if (byte > 0x7f) continue
      // Only the shortest form: two rows that differ never mean the same.
      if (byte === 0 && place > 0) break
      return value
    }
    this.#failed = true
    return 0
  }
}
