import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { fingerprintText } from '@hirundo/base'

/** RFC 8410: what stands before the 32 bytes of an Ed25519 public key in DER. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** A key object of the raw 32 bytes. */
export const publicKeyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })

export const verifies = (key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean =>
  signature.length === 64 && verify(null, bytes, key, signature)

/** What people compare, of a raw public key. */
export const fingerprintOfKey = (raw: Uint8Array): string => fingerprintText(createHash('sha256').update(raw).digest())

const bare = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** Whether a person's reading of a fingerprint is the whole of it; case, dashes and blanks do not count. */
export const sameFingerprint = (read: string, fingerprint: string): boolean => bare(read) === bare(fingerprint)

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()
