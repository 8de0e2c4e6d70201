import { isUuid, parseInstant } from '@hirundo/base'
import { createHash } from 'node:crypto'
import { isLane, isNodeId, type Channel, type Lane } from './channel.ts'
import { readJson } from './json-scan.ts'
import { HASH_BYTES } from './merkle.ts'
import { keyAt, verifySignature, type PinnedKey, type Signer } from './keys.ts'
import { readBase64 } from './note.ts'
import { good, refused, type Checked } from './refusal.ts'

export const PROTOCOL_VERSION = 1
/** Type of the signed bytes, inside the signature (DSSE): no other text that a node signs can be taken for an entry. */
export const ENTRY_TYPE = 'application/vnd.hirundo.entry+json'
export const SALT_BYTES = 16
export const entry_bytes_max = 4096
export const payload_bytes_max: Readonly<Record<Lane, number>> = { control: 2 ** 20, case: 2 ** 20, bulk: 2 ** 24 }
const kind_chars_max = 64
const label_chars_max = 1024
const version_max = 2 ** 31

/** What one entry says; the payload travels beside it, so that it can be purged while the log stays provable. */
export interface Entry {
  readonly version: number
  readonly origin: string
  readonly audience: string
  readonly edge: string
  readonly lane: Lane
  readonly epoch: number
  /** From 1, without gaps. */
  readonly sequence: number
  readonly kind: string
  readonly kind_version: number
  /** Who does not know a critical kind must not go on: what follows may depend on it. */
  readonly critical: boolean
  readonly object: string
  readonly object_version: number
  /** Base64 of the leaf hash of the entry with the version before, or null for a first one. */
  readonly previous: string | null
  /** The canonical text of the label. */
  readonly label: string
  /** Id of the key that the sender signed with: a hint. */
  readonly key: string
  /** RFC 3339: the time by the sender's clock. It orders nothing. */
  readonly claimed: string
  /** Base64 of SHA-256(salt, payload). */
  readonly commitment: string
}

/** An entry as it travels and is kept. */
export interface Carried {
  readonly bytes: Uint8Array
  /** Empty in `bulk`. */
  readonly signature: Uint8Array
  readonly salt: Uint8Array
  readonly payload: Uint8Array
}

/** What an entry is made of, beside its place. */
export interface Draft extends Pick<Entry, 'kind' | 'kind_version' | 'critical' | 'object' | 'object_version' | 'previous' | 'label' | 'claimed'> {
  /** 16 fresh random bytes: without them a short payload could be guessed from its commitment. */
  readonly salt: Uint8Array
  readonly payload: Uint8Array
}

export const commitmentOf = (salt: Uint8Array, payload: Uint8Array): string =>
  createHash('sha256').update(salt).update(payload).digest('base64')

/** Pre-authentication encoding of DSSE v1: lengths first, so that no two pairs of type and body give the same bytes. */
export function preAuthEncoding(type: string, body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body])
}

/** The entry at its place, its exact bytes, and the signature where the lane asks for one. */
export function makeEntry(draft: Draft, channel: Channel, sequence: number, signer: Signer): Carried {
  const { salt, payload, ...said } = draft
  const { from: origin, to: audience, edge, lane, epoch } = channel
  const commitment = commitmentOf(salt, payload)
  const place = { version: PROTOCOL_VERSION, origin, audience, edge, lane, epoch, sequence }
  const entry: Entry = { ...place, ...said, key: signer.id, commitment }
  const bytes = Buffer.from(JSON.stringify(entry))
  const carried = { bytes, signature: new Uint8Array(), salt, payload }
  if (!checkBounds(carried, lane).ok || !decodeEntry(bytes).ok) throw new Error('the draft breaks a bound of entries')
  return lane === 'bulk' ? carried : { ...carried, signature: signer.sign(preAuthEncoding(ENTRY_TYPE, bytes)) }
}

/** Problems: `too-large`, `malformed` (a salt or signature of the wrong length). */
export function checkBounds({ bytes, signature, salt, payload }: Carried, lane: Lane): Checked<true> {
  if (bytes.length > entry_bytes_max || payload.length > payload_bytes_max[lane]) return refused('too-large')
  if (salt.length !== SALT_BYTES || signature.length > 64) return refused('malformed')
  return good(true)
}

const isText = (value: unknown, chars_max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= chars_max
const isCount = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
const isHash = (value: unknown): boolean => typeof value === 'string' && readBase64(value, HASH_BYTES) !== undefined

const isPlace = (entry: Partial<Entry>): boolean =>
  isText(entry.origin, 63) && isNodeId(entry.origin) && isText(entry.audience, 63) && isNodeId(entry.audience) &&
  isText(entry.edge, 36) && isUuid(entry.edge) && typeof entry.lane === 'string' && isLane(entry.lane) &&
  isCount(entry.epoch, 1) && isCount(entry.sequence, 1)

const isObject = (entry: Partial<Entry>): boolean =>
  isText(entry.object, 36) && isUuid(entry.object) && isCount(entry.object_version, 1, version_max) &&
  (entry.previous === null ? entry.object_version === 1 : isHash(entry.previous) && entry.object_version! > 1)

const isSaid = (entry: Partial<Entry>): boolean =>
  isText(entry.kind, kind_chars_max) && /^[a-z][a-z0-9-]*$/.test(entry.kind) && isCount(entry.kind_version, 1, version_max) &&
  typeof entry.critical === 'boolean' && isText(entry.label, label_chars_max) && isText(entry.key, 8) &&
  /^[0-9a-f]{8}$/.test(entry.key) && isText(entry.claimed, 32) && parseInstant(entry.claimed).ok && isHash(entry.commitment)

/**
 * What the bytes say. Members that this version does not know are passed over and stay in the bytes. Problems:
 * `too-large`, `malformed`, `version-unsupported`.
 */
export function decodeEntry(bytes: Uint8Array): Checked<Entry> {
  if (bytes.length > entry_bytes_max) return refused('too-large')
  const value = readJson(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('malformed')
  const entry = value as Partial<Entry>
  if (!isCount(entry.version, 1)) return refused('malformed')
  if (entry.version !== PROTOCOL_VERSION) return refused('version-unsupported')
  return isPlace(entry) && isObject(entry) && isSaid(entry) ? good(entry as Entry) : refused('malformed')
}

/** The log that the entry says it is in. */
export const channelOf = (entry: Entry): Channel => ({
  from: entry.origin,
  to: entry.audience,
  edge: entry.edge,
  lane: entry.lane,
  epoch: entry.epoch,
})

/** Whether the entry stands at this place of this log, whoever it is for. */
export const standsAt = (entry: Entry, channel: Channel, sequence: number): boolean =>
  entry.sequence === sequence && entry.origin === channel.from && entry.edge === channel.edge &&
  entry.lane === channel.lane && entry.epoch === channel.epoch

/** Whether the sender signed these bytes. Problems: `key-unknown`, `key-revoked`, `signature-invalid`. */
export function checkSignature(carried: Carried, entry: Entry, keys: readonly PinnedKey[]): Checked<true> {
  const key = keyAt(keys, entry.origin, entry.key, { channel: channelOf(entry), sequence: entry.sequence })
  if (key === 'key-unknown' || key === 'key-revoked') return refused(key)
  const signed = preAuthEncoding(ENTRY_TYPE, carried.bytes)
  return verifySignature(key, signed, carried.signature) ? good(true) : refused('signature-invalid')
}

/** Whether payload and salt are those that the entry commits to. */
export const isCommitted = (carried: Carried, entry: Entry): boolean =>
  commitmentOf(carried.salt, carried.payload) === entry.commitment

/** The bytes that an entry costs of the receiver's credit. */
export const costOf = ({ bytes, payload }: Carried): number => bytes.length + payload.length
