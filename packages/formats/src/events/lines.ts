const NEWLINE = 0x0a
const RETURN = 0x0d
const NOTHING = new Uint8Array(0)

/** Cuts a stream of bytes into lines; a line that is too long is told once and left out. */
export class LineSplitter {
  readonly #bytes_max: number
  readonly #line: (text: string) => void
  readonly #tooLong: () => void
  #rest: Uint8Array[] = []
  #rest_bytes = 0
  #skips = false

  /** `line` gets each line without its end, `tooLong` is called for one of more than `bytes_max`. */
  constructor(bytes_max: number, line: (text: string) => void, tooLong: () => void) {
    this.#bytes_max = bytes_max
    this.#line = line
    this.#tooLong = tooLong
  }

  /** Bytes are copied where they must stay. */
  push(chunk: Uint8Array): void {
    const first = chunk.indexOf(NEWLINE)
    if (first < 0) return this.#keep(chunk)
    this.#end(chunk.subarray(0, first))
    const last = chunk.lastIndexOf(NEWLINE)
    if (last > first) this.#whole(chunk.subarray(first + 1, last))
    this.#keep(chunk.subarray(last + 1))
  }

  /** The stream has ended; a last line needs no end. */
  finish(): void {
    if (this.#rest_bytes > 0 || this.#skips) this.#end(NOTHING)
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0 || this.#skips) return
    if (this.#rest_bytes + part.length > this.#bytes_max) {
      this.#rest = []
      this.#rest_bytes = 0
      this.#skips = true
      return
    }
    this.#rest.push(part.slice())
    this.#rest_bytes += part.length
  }

  /** The end of the line whose beginning was kept. */
  #end(part: Uint8Array): void {
    const parts = [...this.#rest, part]
    const bytes = this.#rest_bytes + part.length
    const was_skipped = this.#skips
    this.#rest = []
    this.#rest_bytes = 0
    this.#skips = false
    if (was_skipped || bytes > this.#bytes_max) this.#tooLong()
    else this.#line(textOf(parts.length === 1 ? part : Buffer.concat(parts)))
  }

  /** Lines that lie whole in the chunk: its text is made at once, which is far faster than line by line. */
  #whole(lines: Uint8Array): void {
    const text = utf8(lines)
    for (let at = 0; at <= text.length; ) {
      const newline = text.indexOf('\n', at)
      const end = newline < 0 ? text.length : newline
      if (end - at > this.#bytes_max) this.#tooLong()
      else this.#line(text.slice(at, end > at && text.charCodeAt(end - 1) === RETURN ? end - 1 : end))
      at = end + 1
    }
  }
}

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
const textOf = (bytes: Uint8Array): string => utf8(bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes)
