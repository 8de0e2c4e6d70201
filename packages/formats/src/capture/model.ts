import type { Problem } from '@hirundo/base'

/** Bytes of one captured packet at most (libpcap's largest snapshot length); a record that claims more ends the file. */
export const PACKET_BYTES_MAX = 262_144

/** Who takes the packets of a capture: bytes[start, end) of `view`, seconds since 1970 (any number), µs, link type. */
export interface PacketSink {
  packet(bytes: Uint8Array, view: DataView, start: number, end: number, second: number, micro: number, link: number): void
  /** A record that stands for a packet but cannot be one. */
  malformedRecord(): void
}

/** What a reader found wrong, and where relative to the buffer it was given. */
export interface ReaderFault {
  readonly code: Extract<Problem['code'], 'capture/unreadable' | 'capture/cut-off'>
  readonly at: number
  readonly what: string
}

/** Reads the records of one format from whole or partial buffers. */
export interface CaptureReader {
  /** Bytes that must lie from the returned position on before the next call can get further. */
  need: number
  fault: ReaderFault | undefined
  /** Takes what is complete in bytes[from, to); the next position, beyond `to` when bytes are to be skipped. */
  read(bytes: Uint8Array, view: DataView, from: number, to: number): number
}
