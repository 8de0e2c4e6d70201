/**
 * Writes Ethernet frames with right lengths and checksums into one buffer. A frame is written whole and then cut to
 * the snap length by its caller, so payloads are zeros that need not be written (they add nothing to a checksum).
 */
export const ETHERNET_BYTES = 14
export const IPV4_BYTES = 20
export const IPV6_BYTES = 40
export const TCP_BYTES = 20
export const UDP_BYTES = 8

/** Room that a writer needs behind the frame's offset. */
export const frame_bytes_max = 128

export const TCP = 6
export const UDP = 17
export const ICMP = 1
export const ICMPV6 = 58

export function put16(to: Uint8Array, at: number, value: number): void {
  to[at] = value >>> 8
  to[at + 1] = value & 0xff
}

export function put32(to: Uint8Array, at: number, value: number): void {
  to[at] = value >>> 24
  to[at + 1] = (value >>> 16) & 0xff
  to[at + 2] = (value >>> 8) & 0xff
  to[at + 3] = value & 0xff
}

/** One's complement of a one's complement sum that has collected up to 2³¹ (RFC 1071). */
export function fold(sum: number): number {
  let folded = (sum & 0xffff) + (sum >>> 16)
  folded = (folded & 0xffff) + (folded >>> 16)
  return ~folded & 0xffff
}

/** Both halves of a 32-bit word, for a checksum. */
export const halves = (word: number): number => (word >>> 16) + (word & 0xffff)

export function ethernet(to: Uint8Array, at: number, type: number): void {
  put32(to, at, 0x02000000)
  put32(to, at + 4, 0x00010200)
  put32(to, at + 8, 0x00000002)
  put16(to, at + 12, type)
}

export interface Ipv4Fields {
  total: number
  id: number
  dont_fragment: boolean
  ttl: number
  protocol: number
  src: number
  dst: number
}

/** An IPv4 header without options at `at`. */
export function ipv4(to: Uint8Array, at: number, f: Ipv4Fields): void {
  const fragment = f.dont_fragment ? 0x4000 : 0
  const lifetime = (f.ttl << 8) | f.protocol
  put16(to, at, 0x4500)
  put16(to, at + 2, f.total)
  put16(to, at + 4, f.id)
  put16(to, at + 6, fragment)
  put16(to, at + 8, lifetime)
  put16(to, at + 10, fold(0x4500 + f.total + f.id + fragment + lifetime + halves(f.src) + halves(f.dst)))
  put32(to, at + 12, f.src)
  put32(to, at + 16, f.dst)
}

export interface TcpFields {
  src_port: number
  dst_port: number
  seq: number
  ack: number
  flags: number
  window: number
  /** Words behind the fixed header; their length is part of the data offset. */
  options: readonly number[]
}

/** Frequent option lists: as 32-bit words. */
export const noOptions: readonly number[] = []
export const mssOption: readonly number[] = [0x020405b4]
export const windowsOptions: readonly number[] = [0x020405b4, 0x01030308, 0x01010402]
/** MSS, SACK permitted, timestamps (value zero), no-op, window scale: what Linux sends. */
export const linuxOptions: readonly number[] = [0x020405b4, 0x0402080a, 0x00000000, 0x00000000, 0x01030307]

/** A TCP header; `pseudo` is the sum of the addresses' halves. */
export function tcp(to: Uint8Array, at: number, f: TcpFields, pseudo: number): void {
  const bytes = TCP_BYTES + 4 * f.options.length
  const offsetAndFlags = ((bytes >>> 2) << 12) | f.flags
  put16(to, at, f.src_port)
  put16(to, at + 2, f.dst_port)
  put32(to, at + 4, f.seq)
  put32(to, at + 8, f.ack)
  put16(to, at + 12, offsetAndFlags)
  put16(to, at + 14, f.window)
  put16(to, at + 18, 0)
  let sum = pseudo + TCP + bytes + f.src_port + f.dst_port + halves(f.seq) + halves(f.ack) + offsetAndFlags + f.window
  for (let i = 0; i < f.options.length; i++) {
    put32(to, at + TCP_BYTES + 4 * i, f.options[i]!)
    sum += halves(f.options[i]!)
  }
  put16(to, at + 16, fold(sum))
}

/** A UDP header whose `payload` bytes are zeros. A computed checksum of zero is sent as all ones (RFC 768). */
export function udp(to: Uint8Array, at: number, src_port: number, dst_port: number, payload: number, pseudo: number): void {
  const length = UDP_BYTES + payload
  put16(to, at, src_port)
  put16(to, at + 2, dst_port)
  put16(to, at + 4, length)
  put16(to, at + 6, fold(pseudo + UDP + 2 * length + src_port + dst_port) || 0xffff)
  to.fill(0, at + UDP_BYTES, at + UDP_BYTES + Math.min(payload, 64))
}

/** An ICMP message of type and code with a rest-of-header word and zeros behind; `extra` is the sum of what else is in it. */
export function icmp(to: Uint8Array, at: number, typeAndCode: number, rest: number, extra: number): void {
  put16(to, at, typeAndCode)
  put16(to, at + 2, fold(typeAndCode + halves(rest) + extra))
  put32(to, at + 4, rest)
}
