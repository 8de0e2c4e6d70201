import { cidrContains, parseAddress, type Cidr } from '@hirundo/base'

/** Four octets and more: addresses stand in names, object identifiers and version numbers too (`1.3.6.1…1.192.0.2.7`). */
const DOTTED = /\d{1,3}(?:\.\d{1,3}){3,}/g
const OCTETS = 4
/** Groups with colons, one more than an address has: a word and a colon may stand right before it (`face:2001:db8::7`). */
const COLONS = /[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,9}(?:(?:\.\d{1,3}){3})?/gi
/** Places in such groups where an address may begin. */
const STARTS = /^|(?<=:)|(?=::)/g
/** Characters of the longest literal. */
export const ADDRESS_CHARS_MAX = 45

type Hides = (address: Uint8Array) => boolean

const isHidden = (literal: string, hides: Hides): boolean => {
  const address = parseAddress(literal)
  return address.ok && hides(address.value)
}

const covered = (text: string, start: number, end: number): string => text.slice(0, start) + 'x'.repeat(end - start) + text.slice(end)

/** Every four octets that follow each other may be an address. */
function maskDotted(run: string, hides: Hides): string {
  const octets = run.split('.')
  let shown = run
  for (let place = 0, start = 0; place + OCTETS <= octets.length; start += octets[place]!.length + 1, place++) {
    const literal = octets.slice(place, place + OCTETS).join('.')
    if (isHidden(literal, hides)) shown = covered(shown, start, start + literal.length)
  }
  return shown
}

/** An address to which the signs around it may stick: `2001:db8::7:` at the end of a message. */
function maskColons(run: string, hides: Hides): string {
  const ends = [run.length, ...(/[^:]:$/.test(run) ? [run.length - 1] : [])]
  for (const { index } of run.matchAll(STARTS)) {
    const end = ends.find((one) => isHidden(run.slice(index, one), hides))
    if (end !== undefined) return covered(run, index, end)
  }
  return run
}

/** The text with as many `x` in the place of each address that `hides` says yes to. Only addresses in text are found. */
export const maskAddresses = (text: string, hides: Hides): string =>
  text.replace(DOTTED, (run) => maskDotted(run, hides)).replace(COLONS, (run) => maskColons(run, hides))

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
