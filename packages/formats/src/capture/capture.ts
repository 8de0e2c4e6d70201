import { fail, ok, type Result } from '@hirundo/base'
import type { Capture } from '../observer-model.ts'
import type { CaptureReader, PacketSink } from './model.ts'
import { isPcapMagic, PcapReader } from './pcap-reader.ts'
import { PCAPNG_MAGIC, PcapngReader } from './pcapng-reader.ts'

const MAGIC_BYTES = 4

/** A capture of either format, in chunks of any size. What a chunk leaves incomplete is kept: one record at most. */
export class CaptureStream implements Capture {
  readonly #name: string
  readonly #sink: PacketSink
  readonly #pcap: CaptureReader
  #reader: CaptureReader | undefined
  #rest = new Uint8Array(256)
  #rest_view = new DataView(this.#rest.buffer)
  #rest_size = 0
  /** Bytes to pass over. */
  #skip = 0
  /** Bytes taken before what is in #rest. */
  #offset = 0
  #problem: Result<void> = ok(undefined)

  /** `pcap`: what reads the stream if it is pcap. */
  constructor(name: string, sink: PacketSink, pcap: CaptureReader = new PcapReader(sink)) {
    this.#name = name
    this.#sink = sink
    this.#pcap = pcap
  }

  push(chunk: Uint8Array): Result<void> {
    if (!this.#problem.ok) return this.#problem
    // Always a plain Uint8Array: a Buffer among them would make the hot path slower for all.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let at = this.#skipIn(0, bytes.length)
    while (this.#rest_size > 0 && at < bytes.length && this.#problem.ok) at = this.#complete(bytes, at)
    if (at >= bytes.length || !this.#problem.ok) return this.#problem
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const next = this.#read(bytes, view, at, bytes.length)
    if (this.#problem.ok && next < bytes.length) this.#keep(bytes, next, bytes.length)
    return this.#problem
  }

  end(): Result<void> {
    if (!this.#problem.ok) return this.#problem
    const size = this.#offset + this.#rest_size
    if (size === 0) return this.#stop('capture/unreadable', 0, 'empty')
    if (!this.#reader) return this.#stop('capture/unreadable', 0, 'neither pcap nor pcapng')
    if (this.#skip > 0) return this.#stop('capture/cut-off', this.#offset, 'the last block is not whole')
    if (this.#rest_size > 0) return this.#stop('capture/cut-off', this.#offset, 'the last record is not whole')
    return ok(undefined)
  }

  #stop(code: 'capture/unreadable' | 'capture/cut-off', offset: number, what: string): Result<void> {
    this.#rest_size = 0
    return (this.#problem = fail(code, { file: this.#name, offset, what }))
  }

  /** Position after the bytes of [at, to) that are to be passed over. */
  #skipIn(at: number, to: number): number {
    const step = Math.min(this.#skip, to - at)
    this.#skip -= step
    this.#offset += step
    return at + step
  }

  /** Adds to the rest what its next record needs, and reads it; position in `bytes` after what was taken. */
  #complete(bytes: Uint8Array, at: number): number {
    const want = Math.max(1, (this.#reader?.need ?? MAGIC_BYTES) - this.#rest_size)
    const to = Math.min(bytes.length, at + want)
    this.#keep(bytes, at, to)
    const size = this.#rest_size
    if (this.#reader && size < this.#reader.need) return to
    const next = this.#read(this.#rest, this.#rest_view, 0, size)
    if (!this.#problem.ok) return to
    if (next >= size) this.#rest_size = 0
    else if (next > 0) {
      this.#rest.copyWithin(0, next, size)
      this.#rest_size = size - next
    }
    return this.#skipIn(to, bytes.length)
  }

  /** Reads bytes[from, to) and moves #offset on; the next position, at most `to`. */
  #read(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    if (!this.#reader && !this.#recognise(view, from, to)) return from
    const reader = this.#reader!
    const next = reader.read(bytes, view, from, to)
    if (reader.fault) this.#stop(reader.fault.code, this.#offset + reader.fault.at - from, reader.fault.what)
    const here = Math.min(next, to)
    this.#skip = next - here
    this.#offset += here - from
    return here
  }

  #recognise(view: DataView, from: number, to: number): boolean {
    if (to - from < MAGIC_BYTES) return false
    const magic = view.getUint32(from)
    if (isPcapMagic(magic)) this.#reader = this.#pcap
    else if (magic === PCAPNG_MAGIC) this.#reader = new PcapngReader(this.#sink)
    else this.#stop('capture/unreadable', 0, 'neither pcap nor pcapng')
    return this.#reader !== undefined
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const size = this.#rest_size + to - from
    if (size > this.#rest.length) {
      const grown = new Uint8Array(Math.max(size, this.#reader?.need ?? 0))
      grown.set(this.#rest.subarray(0, this.#rest_size))
      this.#rest = grown
      this.#rest_view = new DataView(grown.buffer)
    }
    this.#rest.set(bytes.subarray(from, to), this.#rest_size)
    this.#rest_size = size
  }
}
