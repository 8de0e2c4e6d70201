import { PACKET_BYTES_MAX, type CaptureReader, type PacketSink, type ReaderFault } from './model.ts'
import { microseconds, timeScale, TimeSplitter, type TimeScale } from './pcapng-time.ts'

export const PCAPNG_MAGIC = 0x0a0d0d0a
const BYTE_ORDER = 0x1a2b3c4d
const BYTE_ORDER_SWAPPED = 0x4d3c2b1a

const block = { section: PCAPNG_MAGIC, interface: 1, packet_old: 2, packet_simple: 3, packet: 6 } as const
/** Blocks that are read whole; all others are passed over, whatever they claim. */
const readTypes: ReadonlySet<number> = new Set(Object.values(block))
const BLOCK_BYTES_MAX = PACKET_BYTES_MAX + 131_072
const INTERFACES_MAX = 4096

const option = { end: 0, tsresol: 9, tsoffset: 14 } as const

interface Interface {
  readonly link: number
  readonly snap_bytes: number
  readonly scale: TimeScale
}

/** pcapng as of draft-ietf-opsawg-pcapng: several sections, either byte order, blocks of unknown type passed over. */
export class PcapngReader implements CaptureReader {
  need = 12
  fault: ReaderFault | undefined
  #little = false
  #interfaces: Interface[] = []
  readonly #time = new TimeSplitter()
  readonly #sink: PacketSink

  constructor(sink: PacketSink) {
    this.#sink = sink
  }

  read(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    let at = from
    for (;;) {
      this.need = 12
      if (at + 12 > to) return at
      const type = view.getUint32(at, this.#little)
      if (type === block.section && !this.#order(view, at)) return this.#unreadable(at, 'no byte order')
      const length = view.getUint32(at + 4, this.#little)
      if (length < 12 || length % 4 !== 0) return this.#unreadable(at, `a block claims ${length} bytes`)
      if (readTypes.has(type)) {
        if (length > BLOCK_BYTES_MAX) {
          if (type !== block.section && type !== block.interface) this.#sink.malformedRecord()
          return this.#unreadable(at, `a block claims ${length} bytes`)
        }
        this.need = length
        if (at + length > to) return at
        if (view.getUint32(at + length - 4, this.#little) !== length) return this.#unreadable(at, 'lengths of a block differ')
        this.#block(type, bytes, view, at, at + length - 4)
        if (this.fault) return at
      }
      at += length
      if (at > to) return at
    }
  }

  #unreadable(at: number, what: string): number {
    this.fault = { code: 'capture/unreadable', at, what }
    return at
  }

  /** A section header sets the byte order for all that follows it. */
  #order(view: DataView, at: number): boolean {
    const magic = view.getUint32(at + 8)
    this.#little = magic === BYTE_ORDER_SWAPPED
    return magic === BYTE_ORDER || this.#little
  }

  /** `end`: where the second length stands. */
  #block(type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const body = at + 8
    if (type === block.section) this.#interfaces = []
    else if (type === block.interface) this.#interface(view, body, end)
    else if (type === block.packet_simple) this.#simple(bytes, view, body, end)
    else this.#packet(bytes, view, body, end, type === block.packet_old)
  }

  #interface(view: DataView, body: number, end: number): void {
    if (body + 8 > end) return void this.#unreadable(body - 8, 'an interface block is too short')
    if (this.#interfaces.length === INTERFACES_MAX) return void this.#unreadable(body - 8, 'too many interfaces')
    let resolution = 6
    let offset_s = 0
    for (let at = body + 8; at + 4 <= end; ) {
      const code = view.getUint16(at, this.#little)
      const length = view.getUint16(at + 2, this.#little)
      if (code === option.end || at + 4 + length > end) break
      if (code === option.tsresol && length >= 1) resolution = view.getUint8(at + 4)
      if (code === option.tsoffset && length >= 8) offset_s = Number(view.getBigInt64(at + 4, this.#little))
      at += 4 + ((length + 3) & ~3)
    }
    this.#interfaces.push({
      link: view.getUint16(body, this.#little),
      snap_bytes: view.getUint32(body + 4, this.#little),
      scale: resolution === 6 && offset_s === 0 ? microseconds : timeScale(resolution, offset_s),
    })
  }

  #packet(bytes: Uint8Array, view: DataView, body: number, end: number, old: boolean): void {
    const little = this.#little
    const data = body + 20
    const of = data > end ? undefined : this.#interfaces[old ? view.getUint16(body, little) : view.getUint32(body, little)]
    const length = of ? view.getUint32(body + 12, little) : 0
    if (!of || length > end - data || length > PACKET_BYTES_MAX) return this.#sink.malformedRecord()
    this.#time.split(of.scale, view.getUint32(body + 4, little), view.getUint32(body + 8, little))
    this.#sink.packet(bytes, view, data, data + length, this.#time.second, this.#time.micro, of.link)
  }

  /** A simple packet has no time: it counts for 1970-01-01T00:00:00Z, as libpcap gives it. */
  #simple(bytes: Uint8Array, view: DataView, body: number, end: number): void {
    const of = this.#interfaces[0]
    if (!of || body + 4 > end) return this.#sink.malformedRecord()
    const wire = view.getUint32(body, this.#little)
    const snap = of.snap_bytes === 0 ? wire : Math.min(wire, of.snap_bytes)
    const length = Math.min(snap, end - body - 4)
    this.#sink.packet(bytes, view, body + 4, body + 4 + length, 0, 0, of.link)
  }
}
