import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CaptureStream, Source } from './source.ts'

const POLL_MS = 250
const CHUNK_BYTES = 256 * 1024
const COMPRESSED = /\.(gz|zst|bz2|xz)$/

interface Candidate {
  readonly path: string
  /** Device and inode: a file keeps them when it is renamed. */
  readonly id: string
  readonly changed_ms: number
}

/**
 * Follows growing and rotating capture files: one file (by inode, over rename and truncation), all files of a
 * directory, or a name with `*` in its last part. Oldest first; a file is done when it no longer grows and a newer one
 * is there. Names of compressed files are passed over: they are copies of what was followed.
 */
export class FollowSource implements Source {
  readonly live = false
  readonly dropped = 0
  readonly restarts = 0
  readonly #pattern: string
  readonly #poll_ms: number
  readonly #done = new Set<string>()
  #watching = false

  constructor(pattern: string, poll_ms = POLL_MS) {
    this.#pattern = pattern
    this.#poll_ms = poll_ms
  }

  get watching(): boolean {
    return this.#watching
  }

  async *streams(signal: AbortSignal): AsyncIterable<CaptureStream> {
    while (!signal.aborted) {
      const [next] = await this.#waiting()
      if (next) yield { name: next.path, chunks: this.#follow(next, signal) }
      else await sleep(this.#poll_ms, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Files that were not followed to their end yet, oldest first. */
  async #waiting(): Promise<Candidate[]> {
    const all = await candidates(this.#pattern)
    const present = new Set(all.map((one) => one.id))
    // Inode numbers come again; what is gone may be forgotten.
    for (const id of this.#done) if (!present.has(id)) this.#done.delete(id)
    return all.filter((one) => !this.#done.has(one.id)).sort((a, b) => a.changed_ms - b.changed_ms || (a.path < b.path ? -1 : 1))
  }

  async *#follow(file: Candidate, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const handle = await open(file.path, 'r')
    this.#watching = true
    try {
      let at = 0
      let quiet = 0
      while (!signal.aborted) {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, at)
        at += bytesRead
        quiet = bytesRead > 0 ? 0 : quiet + 1
        if (bytesRead > 0) {
          yield buffer.subarray(0, bytesRead)
          continue
        }
        if (await wasCut(handle, at)) return
        if (quiet > 1 && (await this.#hasSuccessor(file.id))) {
          this.#done.add(file.id)
          return
        }
        await sleep(this.#poll_ms, undefined, { signal }).catch(() => undefined)
      }
    } finally {
      this.#watching = false
      await handle.close()
    }
  }

  async #hasSuccessor(id: string): Promise<boolean> {
    return (await this.#waiting()).some((one) => one.id !== id)
  }
}

/** Truncated in place: what is in it now is another capture. */
const wasCut = async (handle: FileHandle, at: number): Promise<boolean> => (await handle.stat()).size < at

async function candidates(pattern: string): Promise<Candidate[]> {
  const found: Candidate[] = []
  for (const path of await pathsOf(pattern)) {
    const info = await stat(path).catch(() => undefined)
    if (info?.isFile()) found.push({ path, id: `${info.dev}:${info.ino}`, changed_ms: info.mtimeMs })
  }
  return found
}

async function pathsOf(pattern: string): Promise<string[]> {
  const info = await stat(pattern).catch(() => undefined)
  if (info?.isFile()) return [pattern]
  const directory = info?.isDirectory() ? pattern : dirname(pattern)
  const parts = info?.isDirectory() ? ['', ''] : basename(pattern).split('*')
  if (parts.length === 1) return []
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => !name.startsWith('.') && !COMPRESSED.test(name) && matches(name, parts)).map((name) => join(directory, name))
}

/** Whether `name` is `parts` with anything between them. */
function matches(name: string, parts: readonly string[]): boolean {
  const last = parts.at(-1)!
  if (!name.startsWith(parts[0]!) || !name.endsWith(last)) return false
  let at = parts[0]!.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}
