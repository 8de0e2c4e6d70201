/** Hand-made frames and captures for tests. Addresses are bytes; everything unset is zero. */
export const bytesOf = (...parts: (number | readonly number[] | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])))

export const be16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff]
export const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value & 0xffff)]

export interface Ipv4Fields {
  readonly src?: readonly number[]
  readonly dst?: readonly number[]
  readonly protocol?: number
  readonly ttl?: number
  readonly id?: number
  /** Flags and offset word. */
  readonly fragment?: number
  readonly options?: readonly number[]
  /** Total length, when it shall not be that of the packet. */
  readonly size?: number
}

export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const { src = [192, 0, 2, 1], dst = [198, 51, 100, 7], protocol = 6, ttl = 64, id = 0, fragment = 0, options = [] } = fields
  const header = 20 + options.length
  const size = fields.size ?? header + payload.length
  return bytesOf(0x40 | (header / 4), 0, be16(size), be16(id), be16(fragment), ttl, protocol, 0, 0, src, dst, options, payload)
}

export const address6 = (head: readonly number[], tail: readonly number[] = []): number[] => [
  ...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail,
]

export interface Ipv6Fields {
  readonly src?: readonly number[]
  readonly dst?: readonly number[]
  readonly next?: number
  readonly ttl?: number
}

export function ipv6(payload: Uint8Array, fields: Ipv6Fields = {}): Uint8Array {
  const { src = address6([0x20, 1, 0xd, 0xb8], [1]), dst = address6([0x20, 1, 0xd, 0xb8, 0, 1], [9]), next = 6, ttl = 64 } = fields
  return bytesOf(0x60, 0, 0, 0, be16(payload.length), next, ttl, src, dst, payload)
}

export interface TcpFields {
  readonly sport?: number
  readonly dport?: number
  readonly seq?: number
  readonly flags?: number
  readonly window?: number
  readonly options?: readonly number[]
}

export function tcp(fields: TcpFields = {}): Uint8Array {
  const { sport = 40_000, dport = 23, seq = 1, flags = 2, window = 1024, options = [] } = fields
  return bytesOf(be16(sport), be16(dport), be32(seq), be32(0), (5 + options.length / 4) << 4, flags, be16(window), 0, 0, 0, 0, options)
}

export const udp = (sport: number, dport: number, payload: Uint8Array = bytesOf()): Uint8Array =>
  bytesOf(be16(sport), be16(dport), be16(8 + payload.length), 0, 0, payload)

export const icmp = (type: number, code: number, rest: Uint8Array = bytesOf()): Uint8Array =>
  bytesOf(type, code, 0, 0, 0, 0, 0, 0, rest)

export const ethernet = (type: number, payload: Uint8Array, tags: readonly number[] = []): Uint8Array =>
  bytesOf([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], tags, be16(type), payload)

/** A frame as a capture holds it. */
export interface Packet {
  readonly second: number
  readonly micro: number
  readonly frame: Uint8Array
}

export interface PcapShape {
  readonly link?: number
  readonly little?: boolean
  readonly nanos?: boolean
  readonly modified?: boolean
}

export function pcap(packets: readonly Packet[], shape: PcapShape = {}): Uint8Array {
  const { link = 1, little = true, nanos = false, modified = false } = shape
  const record = modified ? 24 : 16
  const size = packets.reduce((sum, { frame }) => sum + record + frame.length, 24)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, modified ? 0xa1b2cd34 : nanos ? 0xa1b23c4d : 0xa1b2c3d4, little)
  view.setUint16(4, 2, little)
  view.setUint16(6, 4, little)
  view.setUint32(16, 65_535, little)
  view.setUint32(20, link, little)
  let at = 24
  for (const { second, micro, frame } of packets) {
    view.setUint32(at, second, little)
    view.setUint32(at + 4, nanos ? micro * 1000 : micro, little)
    view.setUint32(at + 8, frame.length, little)
    view.setUint32(at + 12, frame.length, little)
    bytes.set(frame, at + record)
    at += record + frame.length
  }
  return bytes
}

/** Builds pcapng blocks in one byte order. */
export class PcapngWriter {
  readonly #parts: Uint8Array[] = []
  readonly #little: boolean

  constructor(little = true) {
    this.#little = little
  }

  u16(value: number): number[] {
    return this.#little ? be16(value).reverse() : be16(value)
  }

  u32(value: number): number[] {
    return this.#little ? be32(value).reverse() : be32(value)
  }

  u64(value: bigint): number[] {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, value), this.#little)
    return [...bytes]
  }

  block(type: number, body: readonly number[] | Uint8Array): this {
    const padding = (4 - (body.length % 4)) % 4
    const length = this.u32(12 + body.length + padding)
    this.#parts.push(bytesOf(this.u32(type), length, body, Array.from({ length: padding }, () => 0), length))
    return this
  }

  section(): this {
    return this.block(0x0a0d0d0a, [...this.u32(0x1a2b3c4d), ...this.u16(1), ...this.u16(0), ...this.u64(-1n)])
  }

  interface(link: number, options: readonly number[] = [], snap = 0): this {
    return this.block(1, [...this.u16(link), ...this.u16(0), ...this.u32(snap), ...options])
  }

  /** Option bytes; lengths in the data's own bytes, padded to four. */
  option(code: number, data: readonly number[]): number[] {
    const padding = Array.from({ length: (4 - (data.length % 4)) % 4 }, () => 0)
    return [...this.u16(code), ...this.u16(data.length), ...data, ...padding]
  }

  packet(of: number, time: bigint, frame: Uint8Array): this {
    const halves = [...this.u32(Number((time >> 32n) & 0xffffffffn)), ...this.u32(Number(time & 0xffffffffn))]
    return this.block(6, [...this.u32(of), ...halves, ...this.u32(frame.length), ...this.u32(frame.length), ...frame])
  }

  get bytes(): Uint8Array {
    return bytesOf(...this.#parts)
  }
}
