import { bytesOf, joined, u16be, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const HEAD_BYTES = 7
const PDU_BYTES_MAX = 253
const REQUESTS_MAX = 256
/** Coils and registers that the device has; beyond them is exception 2. */
const POINTS = 1_000
const exception = { function: 1, address: 2, value: 3 } as const
const bits_max = 2_000
const registers_max = 125

/**
 * Modbus/TCP (MODBUS Application Protocol V1.1b3): points that read as zero, device identification, exceptions.
 * Everything that would change something is refused as an unknown function: nothing is ever actuated.
 */
export const modbus: TcpProtocol = { name: 'modbus', begin: (setting) => new Modbus(setting) }

class Modbus implements Dialogue {
  readonly #setting: Setting
  #requests = 0

  constructor(setting: Setting) {
    this.#setting = setting
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes.length < HEAD_BYTES) return 0
    const view = viewOf(bytes)
    const length = view.getUint16(4)
    if (view.getUint16(2) !== 0 || length < 2 || length > PDU_BYTES_MAX + 1 || ++this.#requests > REQUESTS_MAX) {
      talk.end()
      return bytes.length
    }
    if (bytes.length < 6 + length) return 0
    const pdu = bytes.subarray(HEAD_BYTES, 6 + length)
    talk.spoke()
    talk.fact('modbus.function', pdu[0]!)
    talk.fact('modbus.unit', bytes[6]!)
    const answer = this.#answer(pdu, talk)
    const body = typeof answer === 'number' ? Uint8Array.of(pdu[0]! | 0x80, answer) : answer
    talk.send(joined(bytes.subarray(0, 4), u16be(1 + body.length), bytes.subarray(6, 7), body))
    return 6 + length
  }

  /** A response, or the number of an exception. */
  #answer(pdu: Uint8Array, talk: SessionTalk): Uint8Array | number {
    const code = pdu[0]!
    if (code >= 1 && code <= 4) return readPoints(pdu, talk)
    if (code === 0x11) {
      const name = bytesOf(this.#setting.persona.device_product)
      return joined(Uint8Array.of(code, name.length + 2, 1), name, Uint8Array.of(0xff))
    }
    return code === 0x2b && pdu[1] === 0x0e ? this.#identify(pdu) : exception.function
  }

  /** Read Device Identification (section 6.21): vendor, product, revision, and of the regular ones the product's name. */
  #identify(pdu: Uint8Array): Uint8Array | number {
    const [, , kind = 0, first = 0] = pdu
    const { device_vendor, device_product, device_revision, device_name } = this.#setting.persona
    const texts = [device_vendor, device_product, device_revision, '', device_name]
    if (pdu.length < 4 || kind < 1 || kind > 4) return exception.value
    const wanted = kind === 4 ? [first] : (kind === 1 ? [0, 1, 2] : [0, 1, 2, 4]).filter((id) => id >= first)
    if (wanted.length === 0 || texts[wanted[0]!] === undefined) return exception.address
    const objects = wanted.map((id) => joined(Uint8Array.of(id, texts[id]!.length), bytesOf(texts[id]!)))
    return joined(Uint8Array.of(0x2b, 0x0e, kind, 0x82, 0, 0, objects.length), ...objects)
  }
}

function readPoints(pdu: Uint8Array, talk: SessionTalk): Uint8Array | number {
  if (pdu.length !== 5) return exception.value
  const view = viewOf(pdu)
  const address = view.getUint16(1)
  const quantity = view.getUint16(3)
  const is_bits = pdu[0]! <= 2
  talk.fact('modbus.range', `${address}+${quantity}`)
  if (quantity < 1 || quantity > (is_bits ? bits_max : registers_max)) return exception.value
  if (address + quantity > POINTS) return exception.address
  const bytes = is_bits ? (quantity + 7) >> 3 : 2 * quantity
  return joined(Uint8Array.of(pdu[0]!, bytes), new Uint8Array(bytes))
}
