import { readSync, writeSync } from 'node:fs'

/** What the command may touch of the outside: an argument, so that tests own it. */
export interface FlowsIo {
  /** Writes all of `bytes`; false when nobody reads any more (EPIPE). */
  write(bytes: Uint8Array): boolean
  /** Writes a line for people. */
  report(line: string): void
  /** Fills `into` from standard input; 0 at its end. */
  readInput(into: Uint8Array): number
  random(bytes: number): Uint8Array
  /** Monotonic milliseconds. */
  elapsed(): number
}

const STDIN = 0
const STDOUT = 1
const STDERR = 2

/** The process's own streams. Written synchronously: the order of output and errors holds, and nothing piles up. */
export const processIo: FlowsIo = {
  write: (bytes) => writeAll(STDOUT, bytes),
  report: (line) => void writeAll(STDERR, Buffer.from(`${line}\n`)),
  readInput,
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  elapsed: () => performance.now(),
}

function writeAll(fd: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EPIPE') return false
      if (code !== 'EAGAIN') throw error
      pause()
    }
  }
  return true
}

function readInput(into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(STDIN, into)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      pause()
    }
  }
}

const waiting = new Int32Array(new SharedArrayBuffer(4))

/** A pipe that another program set to non-blocking is full or empty: wait a little instead of spinning. */
const pause = (): void => void Atomics.wait(waiting, 0, 0, 2)

/** `code` of a system error. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
