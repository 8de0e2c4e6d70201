import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprintText } from '@hirundo/base'
import { writePrivate } from '../data-directory.ts'
import type { NodeKey } from '../module.ts'

export const NODE_KEY_FILE = 'node-key.pem'
/** An Ed25519 SubjectPublicKeyInfo is 12 bytes of header and the key (RFC 8410 section 4). */
const SPKI_HEADER_BYTES = 12

async function readOrMake(path: string): Promise<KeyObject> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined) return createPrivateKey(text)
  const { privateKey } = generateKeyPairSync('ed25519')
  await writePrivate(path, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
  return privateKey
}

/** The node's Ed25519 key from its data directory, made on the first start. */
export async function openNodeKey(data_dir: string): Promise<NodeKey> {
  const key = await readOrMake(join(data_dir, NODE_KEY_FILE))
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const public_key_raw = Uint8Array.from(spki.subarray(SPKI_HEADER_BYTES))
  return {
    public_key_raw,
    fingerprint: fingerprintText(createHash('sha256').update(public_key_raw).digest()),
    sign: (bytes) => Uint8Array.from(sign(null, bytes, key)),
  }
}
