import { bytesOf, hex, joined, u16le, u32le, viewOf } from '../bytes.ts'

const NTLM_OID = hex('06 0a 2b 06 01 04 01 82 37 02 02 0a')
/** SPNEGO NegTokenInit (RFC 4178) that offers NTLM and nothing else. */
export const SPNEGO_HINT = joined(hex('60 1c 06 06 2b 06 01 05 05 02 a0 12 30 10 a0 0e 30 0c'), NTLM_OID)

const CHALLENGE_HEAD_BYTES = 56
/** Unicode, target, NTLM, always sign, target is a domain, extended session security, target info, version, 128 bits. */
const FLAGS = 0x2289_8205
const TEXT_BYTES_MAX = 256

const tagged = (tag: number, content: Uint8Array): Uint8Array =>
  content.length < 128 ? joined(Uint8Array.of(tag, content.length), content) : joined(Uint8Array.of(tag, 0x82, content.length >> 8, content.length & 0xff), content)

/** CHALLENGE_MESSAGE (MS-NLMP, section 2.2.1.2) of a server in a NegTokenResp. */
export function challengeOf(server: string, challenge: Uint8Array): Uint8Array {
  const name = Buffer.from(server, 'utf16le')
  const info = joined(u16le(2, name.length), name, u16le(1, name.length), name, u16le(0, 0))
  const message = joined(
    bytesOf('NTLMSSP\0'), u32le(2), u16le(name.length, name.length), u32le(CHALLENGE_HEAD_BYTES, FLAGS), challenge, new Uint8Array(8),
    u16le(info.length, info.length), u32le(CHALLENGE_HEAD_BYTES + name.length), hex('06 01 b1 1d 00 00 00 0f'), name, info,
  )
  return tagged(0xa1, tagged(0x30, joined(hex('a0 03 0a 01 01'), tagged(0xa1, NTLM_OID), tagged(0xa2, tagged(0x04, message)))))
}

/** Who signs in by an AUTHENTICATE_MESSAGE (section 2.2.1.3); his answer to the challenge is not kept. */
export function readAuthenticate(message: Uint8Array): { readonly domain: string; readonly name: string; readonly workstation: string } | undefined {
  if (message.length < 64) return undefined
  const view = viewOf(message)
  const text = (at: number): string => {
    const bytes = Math.min(view.getUint16(at, true), TEXT_BYTES_MAX)
    const start = view.getUint32(at + 4, true)
    return start + bytes > message.length ? '' : Buffer.from(message.subarray(start, start + bytes)).toString('utf16le')
  }
  return { domain: text(28), name: text(36), workstation: text(44) }
}
