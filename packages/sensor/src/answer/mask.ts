import { cidrContains, parseAddress, type Cidr } from '@hirundo/base'
import { latin1 } from './bytes.ts'

const LITERALS = /\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}/gi

/**
 * Hides the sensor's own addresses in what strangers wrote (a Host header names whom it was sent to): each is
 * replaced by as many `x`. Only addresses in text are found. `own` are the watched networks; `local` is the address that
 * the session came to.
 */
export function maskOwn(text: string, own: readonly Cidr[], local?: Uint8Array): string {
  return text.replace(LITERALS, (literal) => (isOwn(literal, own, local) ? 'x'.repeat(literal.length) : literal))
}

function isOwn(literal: string, own: readonly Cidr[], local: Uint8Array | undefined): boolean {
  const address = parseAddress(literal)
  if (!address.ok) return false
  if (local && local.every((byte, place) => byte === address.value[place])) return true
  return own.some((cidr) => cidrContains(cidr, address.value))
}

/** The same over bytes, of equal length. */
export function maskOwnBytes(bytes: Uint8Array, own: readonly Cidr[], local?: Uint8Array): Uint8Array {
  return Buffer.from(maskOwn(latin1(bytes), own, local), 'latin1')
}
