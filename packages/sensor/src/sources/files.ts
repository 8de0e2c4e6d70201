import { fstatSync, openSync } from 'node:fs'
import { closeFile, openFile, readChunks } from '../flows/source.ts'
import { streamSource, type Source } from './source.ts'

/** A capture file that could not be read to its end; `code` is the problem's. */
class ReadFault extends Error {
  readonly code: string

  constructor(code: string, what: string) {
    super(what)
    this.code = code
  }
}

/** The bytes of a capture file, unpacked; a pipe (or `-`, stdin) must be plain. Throws when it cannot be read whole. */
export async function* readCaptureFile(path: string): AsyncIterable<Uint8Array> {
  const fd = path === '-' ? 0 : openSync(path, 'r')
  if (!fstatSync(fd).isFile()) {
    if (path !== '-') throw new ReadFault('capture/unreadable', 'it is no regular file')
    yield* process.stdin as AsyncIterable<Buffer>
    return
  }
  const file = openFile(path, fd)
  const chunks = readChunks(file)
  try {
    for (;;) {
      const chunk = await chunks.next()
      if (!chunk) break
      yield chunk
    }
    if (chunks.fault) throw new ReadFault(chunks.fault.cut_off ? 'capture/cut-off' : 'capture/unreadable', chunks.fault.what)
  } finally {
    chunks.close()
    closeFile(file)
  }
}

/** Files in the given order, each read once. */
export const fileSource = (paths: readonly string[]): Source =>
  streamSource(false, paths.map((path) => ({ name: path, chunks: readCaptureFile(path) })))
