import { bytesOf, joined, u16be, u16le, u32le, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, Talk, TcpProtocol, UdpProtocol } from '../model.ts'

const HEAD_BYTES = 24
const BODY_BYTES_MAX = 512
const REQUESTS_MAX = 64
const PORT = 44_818
const command = { services: 0x0004, identity: 0x0063, register: 0x0065, unregister: 0x0066 } as const
const UNSUPPORTED = 1
const PROGRAMMABLE_CONTROLLER = 0x0e

/** EtherNet/IP (CIP volume 2, chapter 2): lists identity and services, registers sessions; every other command is unsupported. */
export const enip: TcpProtocol = { name: 'enip', begin: (setting) => new Enip(setting) }

export const enipUdp: UdpProtocol = {
  name: 'enip',
  answer: (request, talk, setting) => {
    // What a broadcast may ask has no data and no status; what has is an answer.
    if (request.length < HEAD_BYTES || viewOf(request).getUint16(2, true) !== 0 || viewOf(request).getUint32(8, true) !== 0) return []
    const answer = answerTo(request, 0, talk, setting)
    return answer ? [answer] : []
  },
}

class Enip implements Dialogue {
  readonly #setting: Setting
  #requests = 0

  constructor(setting: Setting) {
    this.#setting = setting
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes.length < HEAD_BYTES) return 0
    const length = viewOf(bytes).getUint16(2, true)
    if (length > BODY_BYTES_MAX || ++this.#requests > REQUESTS_MAX) {
      talk.end()
      return bytes.length
    }
    const end = HEAD_BYTES + length
    if (bytes.length < end) return 0
    talk.spoke()
    const answer = answerTo(bytes, 1 + (viewOf(this.#setting.random(4)).getUint32(0) >>> 1), talk, this.#setting)
    if (answer) talk.send(answer)
    else talk.end()
    return end
  }
}

/** The answer to one encapsulated command; `session` is the handle of a new session. */
function answerTo(request: Uint8Array, session: number, talk: Talk, { persona }: Setting): Uint8Array | undefined {
  const view = viewOf(request)
  const code = view.getUint16(0, true)
  talk.fact('enip.command', `0x${code.toString(16).padStart(4, '0')}`)
  const reply = (status: number, handle: number, body: Uint8Array): Uint8Array =>
    joined(u16le(code, body.length), u32le(handle, status), request.subarray(12, 20), u32le(0), body)
  const handle = view.getUint32(4, true)
  if (code === command.unregister) return undefined
  if (code === command.identity) return reply(0, handle, identityOf(persona.device_product, persona.device_revision))
  if (code === command.services) return reply(0, handle, joined(u16le(1, 0x0100, 20, 1, 0x0120), bytesOf('Communications\0\0')))
  if (code === command.register && session !== 0) return reply(0, session, u16le(1, 0))
  return reply(UNSUPPORTED, handle, new Uint8Array(0))
}

/** CIP identity item. Its socket address is left at zero: it would be ours. */
function identityOf(product: string, revision: string): Uint8Array {
  const [major = 1, minor = 0] = revision.split('.').map((part) => Number(part) & 0xff)
  const name = bytesOf(product).subarray(0, 32)
  const item = joined(
    u16le(1), u16be(2, PORT), new Uint8Array(12), u16le(0xffff, PROGRAMMABLE_CONTROLLER, 1), Uint8Array.of(major, minor), u16le(0x0060), u32le(1),
    Uint8Array.of(name.length), name, Uint8Array.of(3),
  )
  return joined(u16le(1, 0x000c, item.length), item)
}
