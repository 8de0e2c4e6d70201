import { fail, ok, type Result } from '@hirundo/base'
import type { KeyKind, KeyStanding, Revocation } from '@hirundo/contract'

const V4_DIGITS = 40
const V6_DIGITS = 64
const hex = new Set('0123456789ABCDEF')
const base32 = new Set('abcdefghijklmnopqrstuvwxyz234567')
const NODE_CHARACTERS = 20

const only = (text: string, allowed: ReadonlySet<string>): boolean => [...text].every((c) => allowed.has(c))

/**
 * The one written form of a fingerprint: OpenPGP v4 (RFC 4880, SHA-1: 40 hex digits) or v6 (RFC 9580, SHA-256: 64) in upper case
 * without spaces; of a node as `fingerprintText` of base writes it. A key id is no fingerprint. Problem: `request/invalid`.
 */
export function readFingerprint(kind: KeyKind, text: string): Result<string> {
  const invalid = fail('request/invalid', { what: 'fingerprint', value: text.slice(0, 80) })
  const bare = text.replaceAll(' ', '').replaceAll(':', '')
  if (kind === 'openpgp') {
    const digits = (bare.startsWith('0x') || bare.startsWith('0X') ? bare.slice(2) : bare).toUpperCase()
    return [V4_DIGITS, V6_DIGITS].includes(digits.length) && only(digits, hex) ? ok(digits) : invalid
  }
  const letters = bare.replaceAll('-', '').toLowerCase()
  if (letters.length !== NODE_CHARACTERS || !only(letters, base32)) return invalid
  return ok([0, 4, 8, 12, 16].map((at) => letters.slice(at, at + 4)).join('-'))
}

/** Of an OpenPGP fingerprint: 4 or 6. */
export const versionOf = (kind: KeyKind, fingerprint: string): 4 | 6 | null => (kind === 'node' ? null : fingerprint.length === V4_DIGITS ? 4 : 6)

/** What of a key decides what it is worth. */
export interface KeyFacts {
  readonly id: number
  readonly valid_from_ms: number | null
  readonly valid_to_ms: number | null
  readonly verified: boolean
  /** The key that vouched for it; null: people compared. */
  readonly signer_id: number | null
  readonly revoked: Revocation | null
}

/** Longer chains of keys that vouch for keys are not followed: nobody can say any more whom they rest on. */
export const signers_max = 5

/** Whether people compared it, or a key vouched for it that rests on people and was never compromised. */
function isVouched(key: KeyFacts, find: (id: number) => KeyFacts | undefined, left = signers_max): boolean {
  if (!key.verified) return false
  if (key.signer_id === null) return true
  const signer = left === 0 ? undefined : find(key.signer_id)
  // What expired or was replaced since vouched while it was good.
  return signer !== undefined && signer.revoked !== 'compromised' && isVouched(signer, find, left - 1)
}

/** What a key is worth at an instant; `find` gives the keys that vouch. */
export function standingOf(key: KeyFacts, now_ms: number, find: (id: number) => KeyFacts | undefined): KeyStanding {
  if (key.revoked !== null) return 'revoked'
  if (key.valid_to_ms !== null && now_ms >= key.valid_to_ms) return 'expired'
  if (key.valid_from_ms !== null && now_ms < key.valid_from_ms) return 'not-yet-valid'
  return isVouched(key, find) ? 'verified' : 'unverified'
}

const SOON_MS = 30 * 86_400_000
export const expiresSoon = ({ valid_to_ms, revoked }: KeyFacts, now_ms: number): boolean => revoked === null && valid_to_ms !== null && now_ms < valid_to_ms && valid_to_ms - now_ms <= SOON_MS
