import { Notes, type Interaction } from '@hirundo/formats'
import type { SessionTalk } from './model.ts'

/** What a session or a run of datagrams said, within the bounds of a record, and what is to be sent. */
export class Transcript extends Notes implements SessionTalk {
  protocol: string
  handshake: Interaction['handshake']
  ended = false
  #out: Uint8Array[] = []

  /** `mask` takes the sensor's own addresses out of every text. */
  constructor(protocol: string, handshake: Interaction['handshake'], mask: (text: string) => string) {
    super(mask)
    this.protocol = protocol
    this.handshake = handshake
  }

  send(bytes: Uint8Array): void {
    this.#out.push(bytes)
  }

  is(protocol: string): void {
    this.protocol = protocol
  }

  end(): void {
    this.ended = true
  }

  spoke(): void {
    if (this.handshake === 'completed') this.handshake = 'dialogue'
  }

  /** What is to be sent, once. */
  takeOut(): Uint8Array {
    const [first = new Uint8Array(0)] = this.#out
    const all = this.#out.length < 2 ? first : Buffer.concat(this.#out)
    this.#out = []
    return all
  }

  /** Its part of the record. */
  override said(): ReturnType<Notes['said']> & Pick<Interaction, 'protocol' | 'handshake'> {
    return { ...super.said(), protocol: this.protocol, handshake: this.handshake }
  }
}
