import { createHash } from 'node:crypto'
import { ADDRESS_CHARS_MAX } from '../interaction/mask.ts'
import { interactionBounds, type Interaction } from '../interaction/model.ts'
import { Notes, visible } from '../interaction/notes.ts'
import { guessOf } from '../interaction/guesses.ts'

const NOTHING = new Uint8Array(0)
const DURATION_MS_MAX = 0xffff_ffff
/** Names that need no look: the others came from a log, as an address, control characters, or too long. */
const PLAIN_NAME = /^(?!.*\d\.\d)[\w.-]{1,48}$/

/** An interaction of which the log may tell more. */
export class Draft extends Notes {
  /** Of the first event. */
  at_ms = Number.POSITIVE_INFINITY
  last_ms = 0
  src: Uint8Array | undefined
  src_port = 0
  dst_port = 0
  transport: Interaction['transport'] = 'tcp'
  handshake: Interaction['handshake'] = 'none'
  protocol = ''
  bytes_in = 0
  bytes_out = 0
  requests = 1
  /** As the log says it; else from first event to last. */
  duration_ms: number | undefined
  payload_sha256: Uint8Array | undefined
  sample: Uint8Array = NOTHING
  /** Name that a password may follow. */
  user = ''
  readonly #hide: (text: string) => string

  constructor(mask: (text: string) => string) {
    // What JSON.parse gives is cut out of nothing.
    super(mask, false)
    this.#hide = mask
  }

  saw(at_ms: number): void {
    if (at_ms < this.at_ms) this.at_ms = at_ms
    if (at_ms > this.last_ms) this.last_ms = at_ms
  }

  /** What happened is at least this much of a proof. */
  proves(handshake: Interaction['handshake']): void {
    if (this.transport === 'udp') return
    if (handshake === 'dialogue' || (handshake === 'completed' && this.handshake === 'none')) this.handshake = handshake
  }

  /** What came first; only the first call counts. */
  payload(bytes: Uint8Array): void {
    if (this.payload_sha256 !== undefined || bytes.length === 0) return
    this.payload_sha256 = createHash('sha256').update(bytes).digest()
    const bytes_max = interactionBounds.sample_bytes_max
    this.truncated ||= bytes.length > bytes_max
    // Some more than is kept, or a cut through an address would hide it from the mask.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, bytes_max + ADDRESS_CHARS_MAX)).toString('latin1')
    this.sample = Uint8Array.from(Buffer.from(this.#hide(text).slice(0, bytes_max), 'latin1'))
  }

  /** A fact if the value says anything. */
  mayFact(name: string, value: unknown): void {
    if (typeof value === 'string' ? value !== '' : typeof value === 'number' || typeof value === 'boolean') {
      this.fact(PLAIN_NAME.test(name) ? name : this.#name(name), String(value))
    }
  }

  #name(name: string): string {
    const chars_max = interactionBounds.fact_name_chars_max
    return visible(this.#hide(name.slice(0, chars_max + ADDRESS_CHARS_MAX)).slice(0, chars_max))
  }

  /** The record, or undefined when the log never said from where. */
  record(): Interaction | undefined {
    const { src, at_ms, last_ms } = this
    if (src === undefined || at_ms === Number.POSITIVE_INFINITY) return undefined
    const said = this.said()
    const is_udp = this.transport === 'udp'
    return {
      at_ms, clock_error_ms: -1, src, src_port: this.src_port, dst_port: this.dst_port, transport: this.transport,
      handshake: is_udp ? 'none' : this.handshake, protocol: this.protocol.slice(0, interactionBounds.protocol_chars_max),
      bytes_in: this.bytes_in, bytes_out: this.bytes_out, requests: Math.max(1, this.requests),
      duration_ms: Math.min(DURATION_MS_MAX, Math.max(0, Math.round(this.duration_ms ?? last_ms - at_ms))),
      payload_sha256: this.payload_sha256, sample: this.sample, ...said, guess: said.guess ?? guessOf({ facts: said.facts, sample: this.sample }),
    }
  }
}
