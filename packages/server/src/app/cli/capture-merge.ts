import type { Problem } from '@hirundo/base'
import { CaptureScan } from '@hirundo/formats'
import { readCaptureFile } from '@hirundo/sensor'

/** A piece of one of several captures. */
export interface CapturePiece {
  readonly path: string
  /** Valid until the next piece is asked for. */
  readonly chunk?: Uint8Array
  /** Nothing more comes of this file. */
  readonly over: boolean
  /** Why it could not be read further. */
  readonly problem?: Problem
  /** No packet of what is left, in any of the files, is expected to lie before this second. */
  readonly rest_from: number
}

interface Reading {
  readonly path: string
  readonly chunks: AsyncIterator<Uint8Array>
  readonly scan: CaptureScan
  /** Earliest second of the chunk read last: what comes next is not expected to be earlier. */
  from: number
}

const INTERVAL_S = 60

/**
 * Pieces of captures in the order of their times: of files that cover the same time in turn, of others one after the other,
 * whatever the order they are named in. A piece may hold packets that are earlier than `rest_from` said, as captures are not
 * strictly in order. Only files that overlap are open at once.
 */
export async function* mergeCaptures(paths: readonly string[]): AsyncGenerator<CapturePiece> {
  const waiting = paths.length === 1 ? [{ path: paths[0]!, from: -Infinity }] : (await Promise.all(paths.map(firstOf))).toSorted((a, b) => a.from - b.from)
  const open: Reading[] = []
  const earliest = (): number => Math.min(...open.map(({ from }) => from))
  try {
    while (waiting.length > 0 || open.length > 0) {
      while (waiting.length > 0 && (open.length === 0 || waiting[0]!.from <= earliest())) open.push(begin(waiting.shift()!))
      const reading = open.reduce((first, other) => (other.from < first.from ? other : first))
      const piece = await next(reading)
      if (piece.over) open.splice(open.indexOf(reading), 1)
      yield { ...piece, rest_from: Math.min(waiting[0]?.from ?? Infinity, earliest()) }
    }
  } finally {
    for (const { chunks } of open) await chunks.return?.()
  }
}

const begin = ({ path, from }: { readonly path: string; readonly from: number }): Reading =>
  ({ path, from, chunks: readCaptureFile(path)[Symbol.asyncIterator](), scan: new CaptureScan(path, INTERVAL_S) })

async function next(reading: Reading): Promise<Omit<CapturePiece, 'rest_from'>> {
  const { path, chunks, scan } = reading
  try {
    const { value, done } = await chunks.next()
    if (done) return { path, over: true }
    const taken = scan.push(value)
    const { earliest } = scan.take()
    if (Number.isFinite(earliest)) reading.from = Math.max(reading.from, earliest)
    if (taken.ok) return { path, chunk: value, over: false }
    await chunks.return?.()
    return { path, chunk: value, over: true, problem: taken.problem }
  } catch (error) {
    return { path, over: true, problem: unreadable(path, error) }
  }
}

/** Where a file begins; one that cannot be read, or not twice, comes first. */
async function firstOf(path: string): Promise<{ readonly path: string; readonly from: number }> {
  if (path === '-') return { path, from: -Infinity }
  const scan = new CaptureScan(path, INTERVAL_S)
  try {
    for await (const chunk of readCaptureFile(path)) {
      scan.push(chunk)
      const { earliest } = scan.take()
      return { path, from: Number.isFinite(earliest) ? earliest : -Infinity }
    }
  } catch {
    // It is said when it is read.
  }
  return { path, from: -Infinity }
}

function unreadable(path: string, error: unknown): Problem {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return {
    code: code === 'capture/cut-off' ? code : 'capture/unreadable',
    detail: { file: path, offset: 0, what: code === 'ENOENT' ? 'no such file' : String(message ?? code) },
  }
}
