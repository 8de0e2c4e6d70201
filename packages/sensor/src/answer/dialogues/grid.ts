import { joined, startsWith, u16le, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, TcpProtocol } from '../model.ts'

const FRAMES_MAX = 64

/** DNP3 data link layer (IEEE 1815, clause 9): link status and resets; user data is taken and never acted on. */
export const dnp3: TcpProtocol = { name: 'dnp3', begin: () => new Dnp3(), recognises: (bytes) => startsWith(bytes, 0x05, 0x64) }

const DNP3_HEAD_BYTES = 10
const linkNames: Readonly<Record<number, string>> = { 0: 'reset', 2: 'test', 3: 'confirmed data', 4: 'data', 9: 'link status' }

/** CRC of DNP3 (clause 9.2.4.7): polynomial 0x3d65, reflected, inverted. */
export function dnp3Crc(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa6bc : crc >> 1
  }
  return ~crc & 0xffff
}

class Dnp3 implements Dialogue {
  #frames = 0

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes.length < DNP3_HEAD_BYTES) return 0
    const view = viewOf(bytes)
    const length = bytes[2]!
    const is_good = startsWith(bytes, 0x05, 0x64) && length >= 5 && view.getUint16(8, true) === dnp3Crc(bytes.subarray(0, 8))
    if (!is_good || ++this.#frames > FRAMES_MAX) {
      talk.end()
      return bytes.length
    }
    // User data comes in blocks of 16 bytes, each with a CRC.
    const data = length - 5
    const end = DNP3_HEAD_BYTES + data + 2 * Math.ceil(data / 16)
    if (bytes.length < end) return 0
    this.#answer(bytes, view.getUint16(4, true), view.getUint16(6, true), talk)
    return end
  }

  #answer(frame: Uint8Array, destination: number, source: number, talk: SessionTalk): void {
    const code = frame[3]! & 0x0f
    // Only a primary station asks (bit 0x40).
    if ((frame[3]! & 0x40) === 0) return
    talk.spoke()
    talk.fact('dnp3.function', linkNames[code] ?? `link ${code}`)
    talk.fact('dnp3.destination', destination)
    talk.fact('dnp3.source', source)
    const application = frame[12]
    if (frame.length > 12 && (code === 3 || code === 4) && application !== undefined) talk.fact('dnp3.application_function', application)
    const reply = code === 9 ? 11 : code === 0 || code === 2 || code === 3 ? 0 : undefined
    if (reply === undefined) return
    const head = joined(Uint8Array.of(0x05, 0x64, 5, reply), u16le(source, destination))
    talk.send(joined(head, u16le(dnp3Crc(head))))
  }
}

/** IEC 60870-5-104: starts and stops data transfer, confirms tests, and refuses every command. */
export const iec104: TcpProtocol = { name: 'iec104', begin: () => new Iec104(), recognises: (bytes) => startsWith(bytes, 0x68) && bytes[1] === 4 }

const APCI_BYTES = 6
const APDU_BYTES_MAX = 253
/** U frames by their first octet: the confirmation of each act. */
const confirmations: Readonly<Record<number, readonly [string, number]>> = { 0x07: ['STARTDT', 0x0b], 0x13: ['STOPDT', 0x23], 0x43: ['TESTFR', 0x83] }
const CONFIRMED_AND_NEGATIVE = 0x47

class Iec104 implements Dialogue {
  #frames = 0
  #received = 0
  #sent = 0

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes.length < 2) return bytes[0] === 0x68 ? 0 : stop(bytes, talk)
    const end = 2 + bytes[1]!
    if (bytes[0] !== 0x68 || end < APCI_BYTES || end > 2 + APDU_BYTES_MAX || ++this.#frames > FRAMES_MAX) return stop(bytes, talk)
    if (bytes.length < end) return 0
    const control = bytes[2]!
    talk.spoke()
    if ((control & 1) === 0) this.#information(bytes.subarray(0, end), talk)
    else if ((control & 3) === 3) {
      const [name, confirmation] = confirmations[control] ?? ['', undefined]
      if (name !== '') talk.fact('iec104.frames', name)
      if (confirmation !== undefined) talk.send(Uint8Array.of(0x68, 4, confirmation, 0, 0, 0))
    }
    return end
  }

  /** An ASDU comes back with its cause turned into a negative confirmation: nothing is actuated. */
  #information(apdu: Uint8Array, talk: SessionTalk): void {
    this.#received = (this.#received + 1) & 0x7fff
    const type = apdu[6]
    if (type === undefined || apdu.length < 12) return
    talk.fact('iec104.type', type)
    talk.fact('iec104.address', viewOf(apdu).getUint16(10, true))
    const answer = Uint8Array.from(apdu)
    answer.set(u16le(this.#sent << 1, this.#received << 1), 2)
    answer[8] = CONFIRMED_AND_NEGATIVE
    this.#sent = (this.#sent + 1) & 0x7fff
    talk.send(answer)
  }
}

function stop(bytes: Uint8Array, talk: SessionTalk): number {
  talk.end()
  return bytes.length
}
