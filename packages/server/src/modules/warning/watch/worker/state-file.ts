import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

const HASH_BYTES = 32
/** States are numbers in tables: more effort makes them hardly smaller. */
const LEVEL = 1
/** Longer than any state whose tables keep their bounds. */
const state_bytes_max = 2 ** 31

const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Writes a state as [SHA-256 of what follows][zstd of v8.serialize]; it is there whole or not at all. Gives its bytes. */
export function writeState(path: string, state: unknown): number {
  const body = zstdCompressSync(serialize(state), { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } })
  const bytes = Buffer.concat([hashOf(body), body])
  const partial = `${path}.part`
  writeFileSync(partial, bytes, { mode: 0o600 })
  renameSync(partial, path)
  return bytes.length
}

/** Throws when the file is not what was written. */
export function readState(path: string): unknown {
  const bytes = readFileSync(path)
  const body = bytes.subarray(HASH_BYTES)
  if (bytes.length <= HASH_BYTES || !hashOf(body).equals(bytes.subarray(0, HASH_BYTES))) throw new Error('the file is damaged')
  return deserialize(zstdDecompressSync(body, { maxOutputLength: state_bytes_max }))
}
