import { packetClass } from '../flow/flow-layout.ts'

export const protocol = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const

const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10
const DNS = 53

/** Replies and errors that a host sends to one who seemed to have sent it something (corsaro3). */
const backscatterIcmp: ReadonlySet<number> = new Set([0, 3, 4, 5, 11, 12, 14, 16, 18])
const ECHO_REQUEST = 8
/** ICMPv6: the errors 1 … 4 and echo reply. */
const backscatterIcmp6: ReadonlySet<number> = new Set([1, 2, 3, 4, 129])
const ECHO_REQUEST_6 = 128

/**
 * Ports, flags and class of a packet, read into fields that the next packet overwrites: the hot path makes no
 * object per packet.
 */
export class Transport {
  /** 0: none; else destination port + 1, or ICMP type << 8 | code, + 1. */
  port = 0
  source_port = 0
  flags = 0
  /** −1, or window | data offset << 16 of a pure SYN. */
  syn = -1
  kind: number = packetClass.other

  /** `room`: captured bytes from `at`, 0 for fragments after the first. A header that is cut off leaves all empty. */
  read(bytes: Uint8Array, view: DataView, of: number, at: number, room: number): void {
    this.port = 0
    this.source_port = 0
    this.flags = 0
    this.syn = -1
    this.kind = packetClass.other
    if (of === protocol.tcp) {
      if (room >= 20) this.#tcp(bytes, view, at)
    } else if (of === protocol.udp) {
      if (room >= 8) this.#udp(view, at)
    } else if (of === protocol.icmp || of === protocol.icmp6) {
      if (room >= 2) this.#icmp(view.getUint16(at), of === protocol.icmp6)
    }
  }

  #tcp(bytes: Uint8Array, view: DataView, at: number): void {
    const flags = bytes[at + 13]!
    this.source_port = view.getUint16(at)
    this.port = view.getUint16(at + 2) + 1
    this.flags = flags
    if ((flags & (FIN | SYN | RST | ACK)) === SYN) {
      this.kind = packetClass.scan
      this.syn = view.getUint16(at + 14) | ((bytes[at + 12]! >> 4) << 16)
    } else if ((flags & RST) !== 0 || (flags & (SYN | ACK)) === (SYN | ACK)) {
      this.kind = packetClass.backscatter
    }
  }

  #udp(view: DataView, at: number): void {
    this.source_port = view.getUint16(at)
    this.port = view.getUint16(at + 2) + 1
    this.kind = this.source_port === DNS ? packetClass.backscatter : packetClass.scan
  }

  #icmp(type_code: number, six: boolean): void {
    const type = type_code >> 8
    this.port = type_code + 1
    if (type === (six ? ECHO_REQUEST_6 : ECHO_REQUEST)) this.kind = packetClass.scan
    else if ((six ? backscatterIcmp6 : backscatterIcmp).has(type)) this.kind = packetClass.backscatter
  }
}
