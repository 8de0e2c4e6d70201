import { fingerprintText } from '@hirundo/base'
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makePrivateDirectory, readIfThere, syncDirectory } from './state-file.ts'

/** RFC 8410: what stands before the 32 bytes of an Ed25519 public key in DER. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** The sensor's own key. The private half never leaves this object and its file. */
export interface SensorKey {
  /** 32 bytes. */
  readonly public_key: Uint8Array
  readonly fingerprint: string
  sign(bytes: Uint8Array): Uint8Array
}

const rawPublicKey = (key: KeyObject): Uint8Array =>
  new Uint8Array(key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length))

/** Fingerprint of a raw Ed25519 public key. */
export const fingerprintOf = (public_key: Uint8Array): string =>
  fingerprintText(createHash('sha256').update(public_key).digest())

function keyOf(privateKey: KeyObject): SensorKey {
  const public_key = rawPublicKey(createPublicKey(privateKey))
  return { public_key, fingerprint: fingerprintOf(public_key), sign: (bytes) => sign(null, bytes, privateKey) }
}

/** A check of signatures by the raw Ed25519 `public_key`. */
export function verifierOf(public_key: Uint8Array): (bytes: Uint8Array, signature: Uint8Array) => boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, public_key]), format: 'der', type: 'spki' })
  return (bytes, signature) => signature.length === 64 && verify(null, bytes, key, signature)
}

const keyPath = (state_directory: string): string => join(state_directory, 'key.pem')

/** The key of this state directory, or undefined before enrolment. */
export async function loadKey(state_directory: string): Promise<SensorKey | undefined> {
  const pem = await readIfThere(keyPath(state_directory))
  return pem === undefined ? undefined : keyOf(createPrivateKey(pem))
}

/** The key of this state directory, made (mode 0600) when there is none: a second try of enrolment keeps the key. */
export async function loadOrMakeKey(state_directory: string): Promise<SensorKey> {
  await makePrivateDirectory(state_directory)
  const held = await loadKey(state_directory)
  if (held) return held
  const { privateKey } = generateKeyPairSync('ed25519')
  const handle = await open(keyPath(state_directory), 'wx', 0o600)
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncDirectory(dirname(keyPath(state_directory)))
  return keyOf(privateKey)
}
