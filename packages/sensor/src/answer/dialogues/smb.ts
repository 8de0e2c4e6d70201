import { hex, joined, latin1, startsWith, u16le, u32le, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, Setting, TcpProtocol } from '../model.ts'
import { challengeOf, readAuthenticate, SPNEGO_HINT } from './ntlm.ts'

const PACKET_BYTES_MAX = 8 * 1024
const PACKETS_MAX = 16
const HEAD1_BYTES = 32
const HEAD2_BYTES = 64
const negotiate = { smb1: 0x72, smb2: 0 } as const
const SESSION_SETUP = 1
const status = { more: 0xc000_0016, logon_failure: 0xc000_006d, denied: 0xc000_0022 } as const
const dialects = [0x0210, 0x0202] as const
const ANY_SMB2 = 0x02ff

/** SMB 1 and 2 (MS-SMB, MS-SMB2) up to the sign-in, which is learnt and refused. There are no shares. */
export const smb: TcpProtocol = { name: 'smb', begin: (setting) => new Smb(setting), recognises: (bytes) => bytes[0] === 0 && startsWith(bytes.subarray(5), 0x53, 0x4d, 0x42) }

/** NetBIOS session message (RFC 1002, section 4.3.2) around one packet. */
const framed = (...parts: readonly Uint8Array[]): Uint8Array => {
  const packet = joined(...parts)
  return joined(Uint8Array.of(0, 0, packet.length >> 8, packet.length & 0xff), packet)
}

class Smb implements Dialogue {
  readonly #setting: Setting
  #packets = 0

  constructor(setting: Setting) {
    this.#setting = setting
  }

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (bytes.length < 4) return 0
    const length = viewOf(bytes).getUint32(0) & 0xff_ffff
    if (bytes[0] !== 0 || length > PACKET_BYTES_MAX || ++this.#packets > PACKETS_MAX) {
      talk.end()
      return bytes.length
    }
    if (bytes.length < 4 + length) return 0
    const packet = bytes.subarray(4, 4 + length)
    if (startsWith(packet, 0xff, 0x53, 0x4d, 0x42) && length >= HEAD1_BYTES) this.#answer1(packet, talk)
    else if (startsWith(packet, 0xfe, 0x53, 0x4d, 0x42) && length >= HEAD2_BYTES) this.#answer2(packet, talk)
    else talk.end()
    return 4 + length
  }

  #answer1(packet: Uint8Array, talk: SessionTalk): void {
    const command = packet[4]!
    if (command !== negotiate.smb1) {
      talk.fact('smb1.command', command)
      talk.send(framed(head1(packet, status.denied), hex('00 00 00')))
      return
    }
    talk.spoke()
    // Dialects: each a 2, its name, and a zero.
    const names = latin1(packet, HEAD1_BYTES + 3).split('\0').filter((name) => name.startsWith('\x02')).map((name) => name.slice(1))
    for (const name of names) talk.fact('smb.dialects', name)
    if (names.includes('SMB 2.???')) return this.#negotiated(undefined, ANY_SMB2, talk)
    if (names.includes('SMB 2.002')) return this.#negotiated(undefined, 0x0202, talk)
    const place = names.indexOf('NT LM 0.12')
    const limits = joined(Uint8Array.of(3), u16le(50, 1), u32le(16_644, 65_536, 0, 0x0000_00f4), new Uint8Array(8), u16le(0), Uint8Array.of(8))
    if (place < 0) talk.send(framed(head1(packet, 0), Uint8Array.of(1), u16le(0xffff, 0)))
    else talk.send(framed(head1(packet, 0), Uint8Array.of(17), u16le(place), limits, u16le(8), this.#setting.random(8)))
  }

  #answer2(packet: Uint8Array, talk: SessionTalk): void {
    const command = viewOf(packet).getUint16(12, true)
    if (command === negotiate.smb2) return this.#negotiate2(packet, talk)
    if (command === SESSION_SETUP) return this.#signIn(packet, talk)
    talk.fact('smb2.command', command)
    talk.send(framed(head2(packet, status.denied), ERROR_BODY))
  }

  #negotiate2(packet: Uint8Array, talk: SessionTalk): void {
    talk.spoke()
    const view = viewOf(packet)
    const count = packet.length >= 100 ? Math.min(view.getUint16(66, true), (packet.length - 100) >> 1, 16) : 0
    const offered = Array.from({ length: count }, (_, place) => view.getUint16(100 + 2 * place, true))
    for (const dialect of offered) talk.fact('smb.dialects', dialect.toString(16).padStart(4, '0'))
    const chosen = dialects.find((dialect) => offered.includes(dialect))
    if (chosen === undefined) talk.end()
    else this.#negotiated(packet, chosen, talk)
  }

  /** Negotiate response; `request` is absent when an SMB 1 request asked for SMB 2. */
  #negotiated(request: Uint8Array | undefined, dialect: number, talk: SessionTalk): void {
    const { random, now } = this.#setting
    const head = request ? head2(request, 0) : head2(new Uint8Array(HEAD2_BYTES), 0)
    talk.send(framed(
      head, u16le(65, 1, dialect, 0), random(16), u32le(0, 65_536, 65_536, 65_536), fileTime(now()), new Uint8Array(8),
      u16le(HEAD2_BYTES + 64, SPNEGO_HINT.length), u32le(0), SPNEGO_HINT,
    ))
  }

  #signIn(packet: Uint8Array, talk: SessionTalk): void {
    const at = latin1(packet).indexOf('NTLMSSP\0')
    const message = at < 0 ? undefined : packet.subarray(at)
    const type = message && message.length >= 12 ? viewOf(message).getUint32(8, true) : 0
    if (type === 1) {
      const token = challengeOf(this.#setting.persona.host_name.toUpperCase(), this.#setting.random(8))
      talk.send(framed(head2(packet, status.more, 1), u16le(9, 0, HEAD2_BYTES + 8, token.length), token))
      return
    }
    const user = type === 3 ? readAuthenticate(message!) : undefined
    if (user) {
      talk.login(user.name, '')
      talk.fact('smb.domain', user.domain)
      talk.fact('smb.workstation', user.workstation)
    }
    talk.send(framed(head2(packet, status.logon_failure), ERROR_BODY))
  }
}

const ERROR_BODY = hex('09 00 00 00 00 00 00 00 00')

/** The header of an answer to an SMB 1 request: its command, ids and a status. */
const head1 = (request: Uint8Array, code: number): Uint8Array =>
  joined(request.subarray(0, 5), u32le(code), hex('98 01 48'), new Uint8Array(12), request.subarray(24, HEAD1_BYTES))

/** The header of an answer to an SMB 2 request. */
function head2(request: Uint8Array, code: number, session = 0): Uint8Array {
  const message_id = request.subarray(24, 32)
  return joined(hex('fe 53 4d 42 40 00 00 00'), u32le(code), request.subarray(12, 14), u16le(1), u32le(1, 0), message_id, u32le(0xfeff, 0, session, 0), new Uint8Array(16))
}

/** 100 ns since 1601. */
function fileTime(now_ms: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(Math.trunc(now_ms)) * 10_000n + 116_444_736_000_000_000n)
  return bytes
}
