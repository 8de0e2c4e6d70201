import { PACKET_BYTES_MAX, type CaptureReader, type PacketSink, type ReaderFault } from './model.ts'
import type { TimeSink } from './time-sink.ts'

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

/** How the records of a file are written. */
interface RecordShape {
  readonly little: boolean
  readonly nanos: boolean
  readonly record_bytes: number
  readonly link: number
}

/** The header of a pcap file (draft-ietf-opsawg-pcap); what is done with its records is the subclass's. */
abstract class PcapFile implements CaptureReader {
  need = FILE_HEADER_BYTES
  fault: ReaderFault | undefined
  #shape: RecordShape | undefined

  read(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    if (this.#shape) return this.records(this.#shape, bytes, view, from, to)
    if (to - from < FILE_HEADER_BYTES) return from
    const { little, parts, record_bytes } = variants.get(view.getUint32(from))!
    this.#shape = { little, record_bytes, nanos: parts === 1e9, link: view.getUint32(from + 20, little) & 0xffff }
    return this.records(this.#shape, bytes, view, from + FILE_HEADER_BYTES, to)
  }

  protected abstract records(shape: RecordShape, bytes: Uint8Array, view: DataView, from: number, to: number): number

  /** A record too long to be one ends the file. */
  protected refuse(at: number, length: number): void {
    this.fault = { code: 'capture/unreadable', at, what: `a record claims ${length} bytes` }
  }
}

/** Gives the packets of a pcap file. */
export class PcapReader extends PcapFile {
  readonly #sink: PacketSink

  constructor(sink: PacketSink) {
    super()
    this.#sink = sink
  }

  protected override records(shape: RecordShape, bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const { little, nanos, record_bytes, link } = shape
    const sink = this.#sink
    let at = from
    this.need = record_bytes
    while (at + record_bytes <= to) {
      const length = view.getUint32(at + 8, little)
      if (length > PACKET_BYTES_MAX) {
        sink.malformedRecord()
        this.refuse(at, length)
        return at
      }
      const start = at + record_bytes
      const end = start + length
      if (end > to) {
        this.need = record_bytes + length
        break
      }
      const part = view.getUint32(at + 4, little)
      sink.packet(bytes, view, start, end, view.getUint32(at, little), nanos ? (part / 1000) | 0 : part, link)
      at = end
    }
    return at
  }
}

/** Reads only times: a loop of its own, because one that serves two kinds of sink is slower for both. */
export class PcapTimesReader extends PcapFile {
  readonly #times: TimeSink

  constructor(times: TimeSink) {
    super()
    this.#times = times
  }

  protected override records(shape: RecordShape, _bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const { little, record_bytes } = shape
    const times = this.#times
    let at = from
    this.need = record_bytes
    while (at + record_bytes <= to) {
      const length = view.getUint32(at + 8, little)
      if (length > PACKET_BYTES_MAX) {
        this.refuse(at, length)
        return at
      }
      const end = at + record_bytes + length
      if (end > to) {
        this.need = record_bytes + length
        break
      }
      times.note(view.getUint32(at, little))
      at = end
    }
    return at
  }
}
