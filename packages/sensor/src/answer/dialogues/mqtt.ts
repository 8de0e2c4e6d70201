import { latin1, utf8, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, TcpProtocol } from '../model.ts'

const PACKET_BYTES_MAX = 8 * 1024
const PACKETS_MAX = 64
const kind = { connect: 1, publish: 3, subscribe: 8, ping: 12, disconnect: 14 } as const

/** MQTT 3.1, 3.1.1 and 5 (OASIS): takes who connects and what he asks for; passes no message on to anybody. */
export const mqtt: TcpProtocol = { name: 'mqtt', begin: () => new Mqtt(), recognises: (bytes) => bytes[0] === 0x10 && /MQ(TT|Isdp)/.test(latin1(bytes, 2, 14)) }

/** Reads forward within one packet; beyond its end everything is empty. */
class Fields {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  number(bytes: 1 | 2): number {
    const at = this.#at
    this.#at += bytes
    if (this.#at > this.#bytes.length) return 0
    return bytes === 1 ? this.#bytes[at]! : viewOf(this.#bytes).getUint16(at)
  }

  text(): string {
    const length = this.number(2)
    this.#at += length
    return this.#at > this.#bytes.length ? '' : utf8(this.#bytes, this.#at - length, this.#at)
  }

  /** Properties of MQTT 5, which nobody here reads. */
  skipProperties(): void {
    const length = this.number(1)
    this.#at += length > 127 ? ((length & 127) | (this.number(1) << 7)) : length
  }
}

class Mqtt implements Dialogue {
  #version = 4
  #packets = 0
  #connected = false

  take(bytes: Uint8Array, talk: SessionTalk): number {
    const head = lengthOf(bytes)
    if (head === undefined) return 0
    const end = head.bytes + head.length
    if (head.length > PACKET_BYTES_MAX || ++this.#packets > PACKETS_MAX) {
      talk.end()
      return bytes.length
    }
    if (bytes.length < end) return 0
    this.#answer(bytes[0]! >> 4, bytes[0]!, bytes.subarray(0, end), head.bytes, talk)
    return end
  }

  #answer(type: number, first: number, packet: Uint8Array, at: number, talk: SessionTalk): void {
    if (type === kind.connect) return this.#connect(new Fields(packet, at), talk)
    if (!this.#connected || type === kind.disconnect) return talk.end()
    if (type === kind.ping) return talk.send(Uint8Array.of(0xd0, 0))
    const fields = new Fields(packet, at)
    const properties = this.#version === 5 ? [0] : []
    if (type === kind.publish) {
      talk.fact('mqtt.publish', fields.text())
      const id = fields.number(2)
      if (((first >> 1) & 3) === 1) talk.send(Uint8Array.of(0x40, 2, id >> 8, id & 0xff))
    } else if (type === kind.subscribe) {
      const id = fields.number(2)
      if (this.#version === 5) fields.skipProperties()
      talk.fact('mqtt.subscribe', fields.text())
      talk.send(Uint8Array.of(0x90, 3 + properties.length, id >> 8, id & 0xff, ...properties, 0))
    }
  }

  #connect(fields: Fields, talk: SessionTalk): void {
    const name = fields.text()
    if (name !== 'MQTT' && name !== 'MQIsdp') return talk.end()
    this.#version = fields.number(1)
    const flags = fields.number(1)
    fields.number(2)
    if (this.#version === 5) fields.skipProperties()
    talk.spoke()
    talk.fact('mqtt.version', this.#version)
    talk.fact('mqtt.client_id', fields.text())
    if ((flags & 4) !== 0) {
      if (this.#version === 5) fields.skipProperties()
      talk.fact('mqtt.will', fields.text())
      fields.text()
    }
    const user = (flags & 0x80) === 0 ? undefined : fields.text()
    const password = (flags & 0x40) === 0 ? undefined : fields.text()
    if (user !== undefined || password !== undefined) talk.login(user ?? '', password ?? '')
    this.#connected = true
    talk.send(this.#version === 5 ? Uint8Array.of(0x20, 3, 0, 0, 0) : Uint8Array.of(0x20, 2, 0, 0))
  }
}

/** The variable length after the first byte (section 1.5.5), and where it ends. */
function lengthOf(bytes: Uint8Array): { readonly length: number; readonly bytes: number } | undefined {
  let length = 0
  for (let place = 0; place < 4; place++) {
    const byte = bytes[1 + place]
    if (byte === undefined) return undefined
    length += (byte & 127) * 2 ** (7 * place)
    if (byte <= 127) return { length, bytes: 2 + place }
  }
  return { length: Number.POSITIVE_INFINITY, bytes: 5 }
}
