import { protocol, type Transport } from './transport.ts'

const MAPPED_WORD = 0xffff
/** ICMP messages that quote the packet they answer: unreachable, quench, redirect, time exceeded, parameter problem. */
const quoting: ReadonlySet<number> = new Set([3, 4, 5, 11, 12])
const ICMP_HEADER_BYTES = 8
const IPV4_HEADER_BYTES = 20
const IPV6_HEADER_BYTES = 40

/**
 * Who was attacked, and how, by one packet of backscatter. The victim is the source; for an ICMP error it is the
 * destination of the quoted packet (Moore et al., "Inferring Internet Denial-of-Service Activity"). Fields are
 * overwritten by the next packet.
 */
export class AttackReader {
  /** Bin (set by the caller), victim (4 words), protocol of the attack. */
  readonly key = new Int32Array(6)
  /** The attacked service; 0 when it is not known. */
  port = 0
  /** The quoted source is not the one the error was sent to, or nothing readable is quoted. */
  mismatch = false

  /** The IPv4 packet at `ip`, its transport header at `at` with `room` bytes. */
  readV4(bytes: Uint8Array, view: DataView, ip: number, at: number, room: number, transport: Transport): void {
    this.#victimV4(view.getInt32(ip + 12))
    this.#direct(bytes[ip + 9]!, transport)
    if (bytes[ip + 9] !== protocol.icmp || !quoting.has(bytes[at]!)) return
    const inner = at + ICMP_HEADER_BYTES
    const left = room - ICMP_HEADER_BYTES
    this.mismatch = left < IPV4_HEADER_BYTES || bytes[inner]! >> 4 !== 4
    if (this.mismatch) return
    this.mismatch = view.getInt32(inner + 12) !== view.getInt32(ip + 16)
    this.#victimV4(view.getInt32(inner + 16))
    this.#quoted(view, bytes[inner + 9]!, inner + (bytes[inner]! & 15) * 4, at + room)
  }

  /** The IPv6 packet at `ip`; the walk past its extension headers ended at `at` with protocol `of`. */
  readV6(bytes: Uint8Array, view: DataView, ip: number, of: number, at: number, room: number, transport: Transport): void {
    this.#victimV6(view, ip + 8)
    this.#direct(of, transport)
    if (of !== protocol.icmp6 || bytes[at]! > 4) return
    const inner = at + ICMP_HEADER_BYTES
    this.mismatch = room - ICMP_HEADER_BYTES < IPV6_HEADER_BYTES || bytes[inner]! >> 4 !== 6
    if (this.mismatch) return
    for (let i = 0; i < 16; i += 4) {
      if (view.getInt32(inner + 8 + i) !== view.getInt32(ip + 24 + i)) this.mismatch = true
    }
    this.#victimV6(view, inner + 24)
    this.#quoted(view, bytes[inner + 6]!, inner + IPV6_HEADER_BYTES, at + room)
  }

  #victimV4(address: number): void {
    this.key[1] = 0
    this.key[2] = 0
    this.key[3] = MAPPED_WORD
    this.key[4] = address
  }

  #victimV6(view: DataView, at: number): void {
    for (let i = 0; i < 4; i++) this.key[1 + i] = view.getInt32(at + 4 * i)
  }

  #direct(of: number, transport: Transport): void {
    this.key[5] = of
    this.port = transport.source_port
    this.mismatch = false
  }

  #quoted(view: DataView, of: number, at: number, end: number): void {
    this.key[5] = of
    this.port = (of === protocol.tcp || of === protocol.udp) && at + 4 <= end ? view.getUint16(at + 2) : 0
  }
}
