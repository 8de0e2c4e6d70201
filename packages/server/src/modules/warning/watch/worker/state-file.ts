import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

const HASH_BYTES = 32
/** States are numbers in tables: more effort makes them hardly smaller. */
const LEVEL = 1
/** Longer than any state whose tables keep their bounds. */
const state_bytes_max = 2 ** 31

const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Half a state helps nobody, least of all on a disk that is full; that it cannot be removed either says nothing more. */
function letGo(partial: string): void {
  try {
    rmSync(partial, { force: true })
  } catch {}
}

/**
 * Writes a state as [SHA-256 of what follows][zstd of v8.serialize]; it is there whole or not at all, and nothing else is. Gives
 * its bytes. Throws what the file system says.
 */
export function writeState(path: string, state: unknown): number {
  const body = zstdCompressSync(serialize(state), { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } })
  const bytes = Buffer.concat([hashOf(body), body])
  const partial = `${path}.part`
  // Anybody may have deleted it: states are derived.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(partial, bytes, { mode: 0o600 })
    renameSync(partial, path)
  } catch (error) {
    letGo(partial)
    throw error
  }
  return bytes.length
}

/** Throws when the file is not what was written. */
export function readState(path: string): unknown {
  const bytes = readFileSync(path)
  const body = bytes.subarray(HASH_BYTES)
  if (bytes.length <= HASH_BYTES || !hashOf(body).equals(bytes.subarray(0, HASH_BYTES))) throw new Error('the file is damaged')
  return deserialize(zstdDecompressSync(body, { maxOutputLength: state_bytes_max }))
}
