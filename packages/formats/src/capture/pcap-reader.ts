import { PACKET_BYTES_MAX, type CaptureReader, type PacketSink, type ReaderFault } from './model.ts'

const FILE_HEADER_BYTES = 24

interface Variant {
  readonly little: boolean
  /** Parts of a second in the second time word. */
  readonly parts: number
  readonly record_bytes: number
}

/** By the first four bytes, read big endian: µs, ns, and Kuznetzov's header with interface and protocol. */
const variants: ReadonlyMap<number, Variant> = new Map([
  [0xa1b2c3d4, { little: false, parts: 1e6, record_bytes: 16 }],
  [0xd4c3b2a1, { little: true, parts: 1e6, record_bytes: 16 }],
  [0xa1b23c4d, { little: false, parts: 1e9, record_bytes: 16 }],
  [0x4d3cb2a1, { little: true, parts: 1e9, record_bytes: 16 }],
  [0xa1b2cd34, { little: false, parts: 1e6, record_bytes: 24 }],
  [0x34cdb2a1, { little: true, parts: 1e6, record_bytes: 24 }],
])

export const isPcapMagic = (magic: number): boolean => variants.has(magic)

/** pcap as of draft-ietf-opsawg-pcap. */
export class PcapReader implements CaptureReader {
  need = FILE_HEADER_BYTES
  fault: ReaderFault | undefined
  #little = false
  #nanos = false
  #record_bytes = 0
  #link = 0
  readonly #sink: PacketSink

  constructor(sink: PacketSink) {
    this.#sink = sink
  }

  read(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    if (this.#record_bytes > 0) return this.#records(bytes, view, from, to)
    if (to - from < FILE_HEADER_BYTES) return from
    const variant = variants.get(view.getUint32(from))!
    this.#little = variant.little
    this.#nanos = variant.parts === 1e9
    this.#record_bytes = variant.record_bytes
    this.#link = view.getUint32(from + 20, variant.little) & 0xffff
    return this.#records(bytes, view, from + FILE_HEADER_BYTES, to)
  }

  #records(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const sink = this.#sink
    const little = this.#little
    const header = this.#record_bytes
    const link = this.#link
    const nanos = this.#nanos
    let at = from
    this.need = header
    while (at + header <= to) {
      const length = view.getUint32(at + 8, little)
      if (length > PACKET_BYTES_MAX) {
        sink.malformedRecord()
        this.fault = { code: 'capture/unreadable', at, what: `a record claims ${length} bytes` }
        return at
      }
      const start = at + header
      const end = start + length
      if (end > to) {
        this.need = header + length
        break
      }
      const part = view.getUint32(at + 4, little)
      sink.packet(bytes, view, start, end, view.getUint32(at, little), nanos ? (part / 1000) | 0 : part, link)
      at = end
    }
    return at
  }
}
