import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { Channel, Lane } from './channel.ts'

export const SIGNATURE_BYTES = 64
export const PUBLIC_KEY_BYTES = 32
/** RFC 8410: what stands before the 32 bytes of an Ed25519 public key in DER. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
/** Type of an Ed25519 signature in a C2SP signed note. */
const ED25519 = 1
const key_objects_max = 4096

/** A place in a log: the entry with this sequence, or a statement about the log at this size. */
export interface Position {
  readonly channel: Channel
  readonly sequence: number
}

/**
 * "This key is not valid after `size`" in one lane of an edge: also not in a later epoch. Positions, not clocks, since a
 * clock can be wrong by a year and is easily said to be.
 */
export interface Revocation {
  readonly edge: string
  /** Sender of the log whose size counts: the node itself, or its peer for what the node signed as receiver. */
  readonly from: string
  readonly lane: Lane
  readonly epoch: number
  readonly size: number
}

/** A peer's key as two persons compared it; no key is ever taken from a message. */
export interface PinnedKey {
  readonly node: string
  /** Base64 of the 32 bytes. */
  readonly public_key: string
  /** `keyId` of the two. */
  readonly id: string
  readonly revoked: readonly Revocation[]
  /** In simulations only: stands in for Ed25519, which takes nine tenths of their time. A stored key cannot have it. */
  readonly verify?: (bytes: Uint8Array, signature: Uint8Array) => boolean
}

/** Signs with one key of this node. */
export interface Signer {
  readonly node: string
  readonly id: string
  sign(bytes: Uint8Array): Uint8Array
}

/** Key id of a C2SP signed note: first 4 bytes of SHA-256(name, newline, type, public key), in hex. A hint, no proof. */
export const keyId = (name: string, public_key: Uint8Array): string =>
  createHash('sha256').update(`${name}\n`).update(Uint8Array.of(ED25519)).update(public_key).digest('hex').slice(0, 8)

export function pinnedKey(node: string, public_key: Uint8Array, revoked: readonly Revocation[] = []): PinnedKey {
  if (public_key.length !== PUBLIC_KEY_BYTES) throw new Error('an Ed25519 public key has 32 bytes')
  return { node, public_key: Buffer.from(public_key).toString('base64'), id: keyId(node, public_key), revoked }
}

/** `key` is an Ed25519 private key. */
export function signerOf(node: string, key: KeyObject): Signer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return { node, id: keyId(node, spki.subarray(SPKI_PREFIX.length)), sign: (bytes) => sign(null, bytes, key) }
}

/** Making a key object costs as much as a check of a signature. */
const objects = new Map<string, KeyObject>()

function keyObject(public_key: string): KeyObject {
  const held = objects.get(public_key)
  if (held) return held
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(public_key, 'base64')])
  const made = createPublicKey({ key: der, format: 'der', type: 'spki' })
  if (objects.size >= key_objects_max) objects.clear()
  objects.set(public_key, made)
  return made
}

export function verifySignature(key: PinnedKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false
  return key.verify ? key.verify(bytes, signature) : verify(null, bytes, keyObject(key.public_key), signature)
}

const reaches = (revocation: Revocation, { channel, sequence }: Position): boolean =>
  revocation.edge === channel.edge &&
  revocation.from === channel.from &&
  revocation.lane === channel.lane &&
  (channel.epoch > revocation.epoch || (channel.epoch === revocation.epoch && sequence > revocation.size))

const isRevokedAt = (key: PinnedKey, position: Position): boolean =>
  key.revoked.some((revocation) => reaches(revocation, position))

/** The key of `node` with this id, if it is pinned and good at the position. */
export function keyAt(keys: readonly PinnedKey[], node: string, id: string, position: Position): PinnedKey | 'key-unknown' | 'key-revoked' {
  const key = keys.find((entry) => entry.node === node && entry.id === id)
  if (key === undefined) return 'key-unknown'
  return isRevokedAt(key, position) ? 'key-revoked' : key
}
