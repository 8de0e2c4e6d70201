import { fstatSync, openSync, closeSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress, constants, type Gunzip, type ZstdDecompress } from 'node:zlib'
import { codeOf } from './io.ts'

/** Bytes given at a time, and the grain at which the order of packets is known. */
export const CHUNK_BYTES = 1 << 19

const GZIP_MAGIC = 0x1f8b
const ZSTD_MAGIC = 0x28b52ffd

/** A file that is open, plain or compressed; it can be read several times. */
export interface OpenFile {
  readonly name: string
  readonly fd: number
  readonly packing: 'none' | 'gzip' | 'zstd'
  /** A copy of what came through a pipe: it has no name by which it could be opened again. */
  readonly copied: boolean
}

/** Why reading ended early. */
export interface SourceFault {
  readonly cut_off: boolean
  readonly what: string
}

/** The uncompressed bytes of a file in chunks of CHUNK_BYTES; each is valid until the next is asked for. */
export interface Chunks {
  /** Undefined at the end, and then `fault` says whether it is the true one. */
  next(): Promise<Uint8Array | undefined>
  fault: SourceFault | undefined
  close(): void
}

/** Opens a regular file, or takes the copy of a pipe that is open as `copy`. Throws what the system says. */
export function openFile(name: string, copy?: number): OpenFile {
  const fd = copy ?? openSync(name, 'r')
  const magic = Buffer.alloc(4)
  readSync(fd, magic, 0, 4, 0)
  const gzip = magic.readUInt16BE(0) === GZIP_MAGIC
  const zstd = magic.readUInt32BE(0) === ZSTD_MAGIC
  return { name, fd, packing: gzip ? 'gzip' : zstd ? 'zstd' : 'none', copied: copy !== undefined }
}

export const closeFile = (file: OpenFile): void => closeSync(file.fd)

export const readChunks = (file: OpenFile): Chunks =>
  file.packing === 'none' ? new PlainChunks(file.fd) : new UnpackedChunks(file)

/** One buffer for all plain files: one chunk is in use at a time. */
const shared = new Uint8Array(CHUNK_BYTES)

class PlainChunks implements Chunks {
  fault: SourceFault | undefined
  #position = 0
  readonly #fd: number

  constructor(fd: number) {
    this.#fd = fd
  }

  next(): Promise<Uint8Array | undefined> {
    let size = 0
    try {
      for (let got = -1; got !== 0 && size < CHUNK_BYTES; size += got) {
        got = readSync(this.#fd, shared, size, CHUNK_BYTES - size, this.#position + size)
      }
    } catch (error) {
      this.fault = { cut_off: false, what: `it cannot be read: ${codeOf(error)}` }
    }
    this.#position += size
    return Promise.resolve(size === 0 ? undefined : shared.subarray(0, size))
  }

  close(): void {}
}

/** Joins what the unpacker gives into chunks of equal size, so that two readings of a file are cut alike. */
class UnpackedChunks implements Chunks {
  fault: SourceFault | undefined
  readonly #buffer = new Uint8Array(CHUNK_BYTES)
  #pieces: AsyncGenerator<Uint8Array>
  #piece: Uint8Array = new Uint8Array(0)

  constructor(file: OpenFile) {
    this.#pieces = unpack(file, (fault) => (this.fault = fault))
  }

  async next(): Promise<Uint8Array | undefined> {
    let size = 0
    while (size < CHUNK_BYTES) {
      if (this.#piece.length === 0) {
        const next = await this.#pieces.next()
        if (next.done) break
        this.#piece = next.value
      }
      const part = this.#piece.subarray(0, CHUNK_BYTES - size)
      this.#buffer.set(part, size)
      this.#piece = this.#piece.subarray(part.length)
      size += part.length
    }
    return size === 0 ? undefined : this.#buffer.subarray(0, size)
  }

  close(): void {
    void this.#pieces.return(undefined)
  }
}

/** What a file unpacks to; frames that follow each other are one stream, as in the tools of both formats. */
async function* unpack(file: OpenFile, report: (fault: SourceFault) => void): AsyncGenerator<Uint8Array> {
  const packed_bytes = fstatSync(file.fd).size
  for (let from = 0; from < packed_bytes; ) {
    const unpacker = makeUnpacker(file)
    const input = packedStream(file.fd, from)
    const state = { bytes: 0, error: undefined as string | undefined }
    yield* pieces(input, unpacker, state)
    if (state.error !== undefined) {
      const cut_off = state.error === 'Z_BUF_ERROR'
      return report({ cut_off, what: cut_off ? 'the compressed file ends early' : `it cannot be unpacked: ${state.error}` })
    }
    if (file.packing === 'gzip' && !(await isWhole(file, packed_bytes, state.bytes))) {
      return report({ cut_off: true, what: 'the compressed file ends early' })
    }
    if (file.packing === 'gzip' || unpacker.bytesWritten === 0) return
    from += unpacker.bytesWritten
  }
}

/** The bytes of a file from `at` on; unlike the platform's own stream it never closes the file. */
function packedStream(fd: number, at: number): Readable {
  function* read(): Generator<Uint8Array> {
    for (;;) {
      const piece = new Uint8Array(1 << 16)
      const size = readSync(fd, piece, 0, piece.length, at)
      if (size === 0) return
      at += size
      yield piece.subarray(0, size)
    }
  }
  return Readable.from(read(), { objectMode: false })
}

type Unpacker = Gunzip | ZstdDecompress

/** A cut-off gzip file must give what it holds before it fails, so its end is checked apart (isWhole). */
function makeUnpacker(file: OpenFile): Unpacker {
  if (file.packing === 'zstd') return createZstdDecompress({ chunkSize: 1 << 18 })
  return createGunzip({ chunkSize: 1 << 18, finishFlush: constants.Z_SYNC_FLUSH })
}

/**
 * The pieces in order, then the error if there was one. A stream that fails drops what it holds, so pieces are taken
 * out as they come and the unpacker is paused while some wait.
 */
async function* pieces(
  input: Readable, unpacker: Unpacker, state: { bytes: number; error: string | undefined },
): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = []
  const end = { reached: false }
  let wake = (): void => {}
  const finish = (error?: unknown): void => {
    if (error !== undefined) state.error ??= codeOf(error)
    end.reached = true
    wake()
  }
  unpacker.on('data', (piece: Uint8Array) => {
    waiting.push(piece)
    if (waiting.length >= 8) unpacker.pause()
    wake()
  })
  unpacker.on('error', finish).on('end', () => finish())
  input.on('error', finish)
  input.pipe(unpacker)
  try {
    while (!end.reached || waiting.length > 0) {
      const piece = waiting.shift()
      if (piece) {
        state.bytes += piece.length
        yield piece
      } else {
        unpacker.resume()
        await new Promise<void>((resolve) => (wake = resolve))
        wake = () => {}
      }
    }
  } finally {
    input.destroy()
    unpacker.destroy()
  }
}

/** The last four bytes of a gzip file are the size of its last member; several members, or a cut, need a strict reading. */
async function isWhole(file: OpenFile, packed_bytes: number, bytes: number): Promise<boolean> {
  const size = Buffer.alloc(4)
  readSync(file.fd, size, 0, 4, Math.max(0, packed_bytes - 4))
  if (size.readUInt32LE(0) === bytes % 2 ** 32) return true
  const input = packedStream(file.fd, 0)
  const state = { bytes: 0, error: undefined as string | undefined }
  for await (const _ of pieces(input, createGunzip(), state)) void _
  return state.error === undefined
}
