import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail, ok, type Result } from '@hirundo/base'
import { codeOf, type FlowsIo } from './io.ts'
import { openFile, type OpenFile } from './source.ts'

const STDIN_NAME = '-'

/**
 * Opens what the command line names. A pipe is first copied to a temporary file that no name leads to any more:
 * rows can only be sorted, and each given once, when the order of the packets is known. Problem:
 * `capture/unreadable`.
 */
export function openInput(name: string, io: FlowsIo): Result<OpenFile> {
  try {
    if (name === STDIN_NAME) return ok(openFile(name, copyOf((into) => io.readInput(into))))
    const stat = statSync(name)
    if (stat.isFile()) return ok(openFile(name))
    if (stat.isFIFO()) return ok(openFile(name, copyOfPipe(name)))
    return unreadable(name, stat.isDirectory() ? 'a directory' : 'not a file')
  } catch (error) {
    return unreadable(name, codeOf(error) === 'ENOENT' ? 'no such file' : `it cannot be read: ${codeOf(error)}`)
  }
}

const unreadable = (file: string, what: string) => fail('capture/unreadable', { file, offset: 0, what })

function copyOfPipe(name: string): number {
  const fd = openSync(name, 'r')
  try {
    return copyOf((into) => readSync(fd, into))
  } finally {
    closeSync(fd)
  }
}

function copyOf(read: (into: Uint8Array) => number): number {
  const folder = mkdtempSync(join(tmpdir(), 'hirundo-flows-'))
  const fd = openSync(join(folder, 'input'), 'wx+', 0o600)
  rmSync(folder, { recursive: true })
  const buffer = new Uint8Array(1 << 18)
  for (let size = read(buffer); size > 0; size = read(buffer)) {
    for (let at = 0; at < size; ) at += writeSync(fd, buffer, at, size - at)
  }
  return fd
}
