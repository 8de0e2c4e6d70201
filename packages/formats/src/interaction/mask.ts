import { cidrContains, parseAddress, type Cidr } from '@hirundo/base'

const LITERALS = /\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}/gi
/** Characters of the longest literal. */
export const ADDRESS_CHARS_MAX = 45

/** The text with as many `x` in the place of each address that `hides` says yes to. Only addresses in text are found. */
export const maskAddresses = (text: string, hides: (address: Uint8Array) => boolean): string =>
  text.replace(LITERALS, (literal) => {
    const address = parseAddress(literal)
    return address.ok && hides(address.value) ? 'x'.repeat(literal.length) : literal
  })

/**
 * Hides the sensor's own addresses in what strangers wrote (a Host header names whom it was sent to): each is
 * replaced by as many `x`. Only addresses in text are found. `own` are the watched networks; `local` are addresses
 * that the session came to.
 */
export function maskOwn(text: string, own: readonly Cidr[], ...local: readonly (Uint8Array | undefined)[]): string {
  return maskAddresses(text, (address) =>
    local.some((one) => one?.every((byte, place) => byte === address[place])) || own.some((cidr) => cidrContains(cidr, address)))
}

/** The same over bytes, of equal length. */
export function maskOwnBytes(bytes: Uint8Array, own: readonly Cidr[], ...local: readonly (Uint8Array | undefined)[]): Uint8Array {
  return Buffer.from(maskOwn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'), own, ...local), 'latin1')
}
