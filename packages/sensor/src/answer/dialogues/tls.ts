import { parseAddress } from '@hirundo/base'
import { hex, startsWith } from '../bytes.ts'
import type { Dialogue, SessionTalk, TcpProtocol } from '../model.ts'
import { ja4Of, readClientHello } from '../ja4.ts'

const RECORD_HEAD_BYTES = 5
/** Two records of the largest size would not pass a session's bound; clients of today need less than 2 KiB. */
const RECORD_BYTES_MAX = 12 * 1024
/** Alert: fatal, handshake failure (RFC 8446, section 6). */
const FAILURE = hex('15 03 03 00 02 02 28')

/** TLS up to the ClientHello, whose JA4 is kept; then a refusal, as of a server that knows none of the ciphers. */
export const tls: TcpProtocol = {
  name: 'tls',
  begin: (): Dialogue => ({ take: takeHello }),
  recognises: (bytes) => startsWith(bytes, 0x16, 0x03),
}

/** A record with a ClientHello at the start of `bytes`; notes what it says and refuses. */
export function takeHello(bytes: Uint8Array, talk: SessionTalk): number {
  if (bytes.length < RECORD_HEAD_BYTES) return bytes[0] === 0x16 ? 0 : stop(bytes, talk)
  const length = bytes[3]! * 256 + bytes[4]!
  if (bytes[0] !== 0x16 || bytes[1] !== 3 || length > RECORD_BYTES_MAX) return stop(bytes, talk)
  const end = RECORD_HEAD_BYTES + length
  if (bytes.length < end) return 0
  noteHello(bytes.subarray(RECORD_HEAD_BYTES, end), talk)
  talk.send(FAILURE)
  talk.end()
  return end
}

function stop(bytes: Uint8Array, talk: SessionTalk): number {
  talk.end()
  return bytes.length
}

function noteHello(handshake: Uint8Array, talk: SessionTalk): void {
  const hello = readClientHello(handshake)
  if (!hello) return
  talk.spoke()
  talk.fact('tls.ja4', ja4Of(hello))
  // A name says which site was meant; an address in this place is ours.
  if (hello.server_name !== undefined && !parseAddress(hello.server_name).ok) talk.fact('tls.server_name', hello.server_name)
  for (const protocol of hello.alpn) talk.fact('tls.alpn', protocol)
}
