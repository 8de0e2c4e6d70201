import { hex, joined, latin1, startsWith, u32le, viewOf } from '../bytes.ts'
import type { Dialogue, SessionTalk, TcpProtocol } from '../model.ts'
import { takeHello } from './tls.ts'
import { tpktOf } from './tpkt.ts'

const CONNECTION_REQUEST = 0xe0
const protocolNames: Readonly<Record<number, string>> = { 0: 'rdp', 1: 'tls', 2: 'credssp', 8: 'rdstls' }

/** A cookie, or a negotiation request without one at the end of the packet. */
const isRequest = (bytes: Uint8Array): boolean => latin1(bytes, 11, 64).includes('mstshash') || (bytes.length === 19 && startsWith(bytes.subarray(11), 1, 0, 8, 0))

/** RDP (MS-RDPBCGR) up to the connection request: the cookie names a user or a tool. Then TLS up to its hello. */
export const rdp: TcpProtocol = { name: 'rdp', begin: () => new Rdp(), recognises: (bytes) => bytes[0] === 3 && bytes[5] === CONNECTION_REQUEST && isRequest(bytes) }

class Rdp implements Dialogue {
  #connected = false

  take(bytes: Uint8Array, talk: SessionTalk): number {
    if (this.#connected && bytes[0] === 0x16) return takeHello(bytes, talk)
    const packet = tpktOf(bytes)
    if (packet === 'partial') return 0
    if (packet === 'malformed' || this.#connected || bytes[5] !== CONNECTION_REQUEST) {
      talk.end()
      return bytes.length
    }
    this.#connect(packet, talk)
    return packet.length
  }

  #connect(packet: Uint8Array, talk: SessionTalk): void {
    this.#connected = true
    talk.spoke()
    const text = latin1(packet, 11)
    const cookie = /Cookie: mstshash=([^\r\n]{0,128})/.exec(text)?.[1]
    if (cookie !== undefined) talk.fact('rdp.cookie', cookie)
    // RDP_NEG_REQ: type 1, flags, length 8, protocols; it ends the packet.
    const at = packet.length - 8
    const negotiates = at >= 11 && packet[at] === 1 && packet[at + 2] === 8
    const asked = negotiates ? viewOf(packet).getUint32(at + 4, true) : 0
    talk.fact('rdp.protocols', Object.entries(protocolNames).filter(([bit]) => (asked & Number(bit)) !== 0).map(([, name]) => name).join(',') || 'rdp')
    const answer = negotiates ? joined(hex('02 00 08 00'), u32le((asked & 1) === 1 ? 1 : asked & 2)) : new Uint8Array(0)
    talk.send(joined(Uint8Array.of(3, 0, 0, 11 + answer.length, 6 + answer.length), hex('d0 00 00 12 34 00'), answer))
  }
}
