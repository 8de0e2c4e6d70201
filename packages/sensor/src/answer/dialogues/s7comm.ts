import { bytesOf, hex, joined, u16be, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'
import type { Persona } from '../persona.ts'
import { tpktOf } from './tpkt.ts'

const PACKETS_MAX = 64
const cotp = { connect: 0xe0, data: 0xf0 } as const
const kind = { job: 1, answer: 3, userdata: 7 } as const
const SETUP = 0xf0
const S7_AT = 7
const JOB_HEAD_BYTES = 10

/** S7comm over COTP: a connection, the set-up, and the lists that identify a module. Reads and writes of points are refused. */
export const s7comm: TcpProtocol = { name: 's7comm', begin: (setting) => new S7(setting), recognises: (bytes) => bytes[0] === 3 && bytes[5] === cotp.connect && bytes.indexOf(0xc1) >= 11 }

class S7 implements Dialogue {
  readonly #setting: Setting
  #packets = 0

  constructor(setting: Setting) {
    this.#setting = setting
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    const packet = tpktOf(bytes)
    if (packet === 'partial') return 0
    if (packet === 'malformed' || ++this.#packets > PACKETS_MAX) {
      talk.end()
      return bytes.length
    }
    if (packet[5] === cotp.connect) connect(packet, talk)
    else if (packet[5] === cotp.data && packet[S7_AT] === 0x32 && packet.length >= S7_AT + JOB_HEAD_BYTES + 1) this.#answer(packet.subarray(S7_AT), talk)
    else talk.end()
    return packet.length
  }

  #answer(s7: Uint8Array, talk: SessionTalk): void {
    const reference = s7.subarray(4, 6)
    if (s7[1] === kind.job) {
      const code = s7[JOB_HEAD_BYTES]!
      talk.fact('s7.function', `0x${code.toString(16)}`)
      // Refused: "object access is not allowed" of the error classes.
      const [error, parameters] = code === SETUP ? [hex('00 00'), hex('f0 00 00 01 00 01 00 f0')] : [hex('81 04'), new Uint8Array(0)]
      talk.send(data(joined(Uint8Array.of(0x32, kind.answer, 0, 0), reference, u16be(parameters.length, 0), error, parameters)))
    } else if (s7[1] === kind.userdata) this.#userdata(s7, reference, talk)
    else talk.end()
  }

  #userdata(s7: Uint8Array, reference: Uint8Array, talk: SessionTalk): void {
    const parameters = viewOf(s7).getUint16(6)
    const list_at = JOB_HEAD_BYTES + parameters + 4
    if (list_at + 4 > s7.length || parameters < 8) return talk.end()
    const id = viewOf(s7).getUint16(list_at)
    const group = s7[JOB_HEAD_BYTES + 5]! & 0x0f
    talk.fact('s7.userdata', group === 4 ? `szl 0x${id.toString(16).padStart(4, '0')}` : `group ${group}`)
    const list = group === 4 ? listOf(id, this.#setting.persona) : undefined
    const body = list ? joined(s7.subarray(list_at, list_at + 4), u16be(list[0]!.length, list.length), ...list) : new Uint8Array(0)
    const answer = joined(Uint8Array.of(list ? 0xff : 0x0a, list ? 9 : 0), u16be(body.length), body)
    const reply = joined(hex('00 01 12 08'), Uint8Array.of(0x12, 0x80 | group, s7[JOB_HEAD_BYTES + 6]!, 1), hex('00 00 00 00'))
    talk.send(data(joined(Uint8Array.of(0x32, kind.userdata, 0, 0), reference, u16be(reply.length, answer.length), reply, answer)))
  }
}

/** Connection confirm (ISO 8073) with the client's own parameters. */
function connect(packet: Uint8Array, talk: SessionTalk): void {
  if (packet.length < 11) return talk.end()
  talk.spoke()
  const parameters = packet.subarray(11)
  for (let at = 11; at + 2 <= packet.length; at += 2 + packet[at + 1]!) {
    if (packet[at] === 0xc2) talk.fact('s7.destination_tsap', Buffer.from(packet.subarray(at + 2, at + 2 + packet[at + 1]!)).toString('hex'))
  }
  talk.send(tpkt(joined(Uint8Array.of(6 + parameters.length, 0xd0), packet.subarray(8, 10), hex('00 01 00'), parameters)))
}

const tpkt = (cotpBytes: Uint8Array): Uint8Array => joined(Uint8Array.of(3, 0), u16be(4 + cotpBytes.length), cotpBytes)
const data = (s7: Uint8Array): Uint8Array => tpkt(joined(hex('02 f0 80'), s7))

/** Text of a fixed length, filled with zeros. */
const field = (text: string, bytes: number): Uint8Array => {
  const filled = new Uint8Array(bytes)
  filled.set(bytesOf(text).subarray(0, bytes))
  return filled
}

/** Records of a system status list: module identification (0x0011) or component identification (0x001c). */
function listOf(id: number, { device_vendor, device_product, device_revision, device_name }: Persona): readonly Uint8Array[] | undefined {
  if ((id & 0xff) === 0x11) {
    const version = device_revision.split('.').map((part) => Number(part) & 0xff)
    const record = (index: number): Uint8Array => joined(u16be(index), field(device_product, 20), u16be(0), Uint8Array.of(0x56, version[0] ?? 0, version[1] ?? 0, 0))
    return [record(1), record(6), record(7)]
  }
  if ((id & 0xff) !== 0x1c) return undefined
  const texts: readonly (readonly [number, string])[] = [[1, device_name], [2, device_product], [3, ''], [4, device_vendor], [5, 'S 0000-000001'], [7, device_product]]
  return texts.map(([index, text]) => joined(u16be(index), field(text, 32)))
}
