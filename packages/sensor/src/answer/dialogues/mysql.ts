import { bytesOf, joined, latin1, u16le, u32le, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'

const PACKET_BYTES_MAX = 4096
const PROTOCOL_41 = 0x200
/** Long password and flag, database on connect, protocol 4.1, transactions, secure connection, plugin; no TLS. */
const OFFERED = 1 | 4 | 8 | PROTOCOL_41 | 0x2000 | 0x8000 | 0x8_0000
const PLUGIN = 'mysql_native_password\0'
const AUTHENTICATION_BYTES = 20

/** MySQL (client/server protocol, handshake V10): learns the user's name and refuses him. Passwords come as hashes. */
export const mysql: TcpProtocol = { name: 'mysql', begin: (setting) => new MySql(setting) }

const packet = (sequence: number, payload: Uint8Array): Uint8Array => joined(u32le(payload.length | (sequence << 24)), payload)

class MySql implements Dialogue {
  readonly #setting: Setting

  constructor(setting: Setting) {
    this.#setting = setting
  }

  opened(talk: SessionTalk): void {
    const { persona, random } = this.#setting
    // A salt has no zero bytes: it ends with one.
    const salt = random(AUTHENTICATION_BYTES).map((byte) => (byte & 0x7f) || 1)
    talk.send(packet(0, joined(
      Uint8Array.of(10), bytesOf(`${persona.mysql_version}\0`), u32le(1_000 + salt[0]!), salt.subarray(0, 8), Uint8Array.of(0), u16le(OFFERED),
      Uint8Array.of(45), u16le(2), u16le(OFFERED >>> 16), Uint8Array.of(AUTHENTICATION_BYTES + 1), new Uint8Array(10), salt.subarray(8), Uint8Array.of(0), bytesOf(PLUGIN),
    )))
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes.length < 4) return 0
    const head = viewOf(bytes).getUint32(0, true)
    const length = head & 0xff_ffff
    if (length > PACKET_BYTES_MAX) {
      talk.end()
      return bytes.length
    }
    if (bytes.length < 4 + length) return 0
    const user = noteLogin(bytes.subarray(4, 4 + length), talk)
    const text = `Access denied for user '${user}' (using password: YES)`
    talk.send(packet((head >>> 24) + 1, joined(Uint8Array.of(0xff), u16le(1045), bytesOf('#28000'), bytesOf(text))))
    talk.end()
    return 4 + length
  }
}

/** HandshakeResponse41: the user's name, and what the client is. */
function noteLogin(payload: Uint8Array, talk: SessionTalk): string {
  if (payload.length < 33) return ''
  const flags = viewOf(payload).getUint32(0, true)
  if ((flags & PROTOCOL_41) === 0) return ''
  talk.spoke()
  const end = payload.indexOf(0, 32)
  const user = latin1(payload, 32, end < 0 ? payload.length : end).slice(0, 64)
  talk.login(user, '')
  const rest = latin1(payload, end < 0 ? payload.length : end)
  const plugin = /(mysql_native_password|caching_sha2_password|mysql_clear_password|client_ed25519)/.exec(rest)?.[1]
  if (plugin !== undefined) talk.fact('mysql.plugin', plugin)
  const program = /program_name.([!-~]{1,40})/s.exec(rest)?.[1]
  if (program !== undefined) talk.fact('mysql.program', program)
  return user
}
