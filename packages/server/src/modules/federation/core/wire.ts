import { originLine, origin_chars_max, readOrigin, type Channel } from './channel.ts'
import { checkBounds, entry_bytes_max, payload_bytes_max, SALT_BYTES, type Carried } from './entry.ts'
import { note_bytes_max } from './note.ts'
import { isNonce } from './statement.ts'

/**
 * Messages of a lane as bytes: the same over HTTPS and in a file. Big-endian; texts and byte strings after their length
 * (32 bits). Only what is inside signed notes and entries is proven; the rest is a hint that does no harm when wrong.
 */
export type Message =
  /** Sender, at its start or when told to: what do you hold? `opening` is the note that began this epoch, or empty. */
  | { readonly type: 'hello'; readonly channel: Channel; readonly nonce: string; readonly opening: string }
  /** Sender: I heard your answer. Without it the receiver cannot know that it answered the greeting of now. */
  | { readonly type: 'ready'; readonly channel: Channel; readonly session: string }
  /** Receiver: greet me first, in this epoch. */
  | { readonly type: 'greet'; readonly channel: Channel }
  | { readonly type: 'batch'; readonly channel: Channel; readonly session: string; readonly from: number; readonly head: string; readonly items: readonly Carried[] }
  | { readonly type: 'receipt'; readonly channel: Channel; readonly note: string }
  | { readonly type: 'refusal'; readonly channel: Channel; readonly note: string }
  /** Receiver: go on from this sequence. */
  | { readonly type: 'ask'; readonly channel: Channel; readonly from: number }
  /** Sender that was restored: give me back what I sent from this sequence on. */
  | { readonly type: 'tail-ask'; readonly channel: Channel; readonly from: number }
  /**
   * What the receiver kept of the sender's log, up to a head that the sender signed (empty where entries are signed).
   * Without entries: it cannot give back what was asked for.
   */
  | { readonly type: 'tail'; readonly channel: Channel; readonly from: number; readonly head: string; readonly items: readonly Carried[] }

export type MessageType = Message['type']
const types: readonly MessageType[] = ['hello', 'greet', 'batch', 'receipt', 'refusal', 'ask', 'tail-ask', 'tail', 'ready']

export const batch_entries_max = 1000
export const message_bytes_max = 32 * 2 ** 20
/** Magic `HL`, version 1. */
const MAGIC = 0x484c01

class Writer {
  readonly #parts: Uint8Array[] = []

  count(value: number): this {
    const part = Buffer.alloc(8)
    part.writeBigUInt64BE(BigInt(value))
    this.#parts.push(part)
    return this
  }

  bytes(value: Uint8Array): this {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(value.length)
    this.#parts.push(length, value)
    return this
  }

  text(value: string): this {
    return this.bytes(Buffer.from(value))
  }

  items(items: readonly Carried[]): this {
    this.count(items.length)
    for (const { bytes, signature, salt, payload } of items) this.bytes(bytes).bytes(signature).bytes(salt).bytes(payload)
    return this
  }

  done(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}

export function encodeMessage(message: Message): Uint8Array {
  const writer = new Writer().count(MAGIC * 256 + types.indexOf(message.type)).text(originLine(message.channel))
  switch (message.type) {
    case 'hello':
      return writer.text(message.nonce).text(message.opening).done()
    case 'greet':
      return writer.done()
    case 'ready':
      return writer.text(message.session).done()
    case 'batch':
      return writer.text(message.session).count(message.from).text(message.head).items(message.items).done()
    case 'tail':
      return writer.count(message.from).text(message.head).items(message.items).done()
    case 'receipt':
    case 'refusal':
      return writer.text(message.note).done()
    case 'ask':
    case 'tail-ask':
      return writer.count(message.from).done()
  }
}

class Malformed extends Error {}

/** Reads what a peer sent: every length is checked against its bound and against what is there before it is used. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  count(): number {
    if (this.#at + 8 > this.#bytes.length) throw new Malformed()
    const value = this.#bytes.readBigUInt64BE(this.#at)
    this.#at += 8
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed()
    return Number(value)
  }

  bytes(length_max: number): Uint8Array {
    if (this.#at + 4 > this.#bytes.length) throw new Malformed()
    const length = this.#bytes.readUInt32BE(this.#at)
    const start = this.#at + 4
    if (length > length_max || start + length > this.#bytes.length) throw new Malformed()
    this.#at = start + length
    return this.#bytes.subarray(start, this.#at)
  }

  /** Signed notes hold a dash outside ASCII; anything else that is not UTF-8 becomes a text that no check takes. */
  text(bytes_max: number): string {
    return Buffer.from(this.bytes(bytes_max)).toString('utf8')
  }

  nonce(): string {
    const text = this.text(64)
    if (!isNonce(text)) throw new Malformed()
    return text
  }

  channel(): Channel {
    const channel = readOrigin(this.text(origin_chars_max))
    if (channel === undefined) throw new Malformed()
    return channel
  }

  items(channel: Channel, least: number): Carried[] {
    const count = this.count()
    if (count < least || count > batch_entries_max) throw new Malformed()
    const items: Carried[] = []
    for (let i = 0; i < count; i++) {
      const item = { bytes: this.bytes(entry_bytes_max), signature: this.bytes(64), salt: this.bytes(SALT_BYTES), payload: this.bytes(payload_bytes_max[channel.lane]) }
      if (!checkBounds(item, channel.lane).ok) throw new Malformed()
      items.push(item)
    }
    return items
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new Malformed()
  }
}

function bodyOf(reader: Reader, type: MessageType, channel: Channel): Message {
  switch (type) {
    case 'hello':
      return { type, channel, nonce: reader.nonce(), opening: reader.text(note_bytes_max) }
    case 'greet':
      return { type, channel }
    case 'ready':
      return { type, channel, session: reader.nonce() }
    case 'batch':
      return { type, channel, session: reader.nonce(), from: reader.count(), head: reader.text(note_bytes_max), items: reader.items(channel, 1) }
    case 'tail':
      return { type, channel, from: reader.count(), head: reader.text(note_bytes_max), items: reader.items(channel, 0) }
    case 'receipt':
    case 'refusal':
      return { type, channel, note: reader.text(note_bytes_max) }
    case 'ask':
    case 'tail-ask':
      return { type, channel, from: reader.count() }
  }
}

/** The message, or undefined for bytes that are none. Its byte ranges share the memory of `bytes`. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  if (bytes.length > message_bytes_max) return undefined
  try {
    const reader = new Reader(bytes)
    const start = reader.count()
    const type = types[start % 256]
    if (type === undefined || Math.floor(start / 256) !== MAGIC) return undefined
    const message = bodyOf(reader, type, reader.channel())
    reader.end()
    return message
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}
