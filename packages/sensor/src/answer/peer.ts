import { isMapped, parseAddress } from '@hirundo/base'
import { hexOf } from './bytes.ts'

const NET_BYTES_V4 = 15
const NET_BYTES_V6 = 6
const UDP_IPV4_HEADER_BYTES = 28
const UDP_IPV6_HEADER_BYTES = 48

/** A source as the bounds see it. */
export interface Peer {
  readonly address: Uint8Array
  /** Keys of the address and of its /24 or /48. */
  readonly source: string
  readonly net: string
}

/** The peer of a socket's address in text; undefined when it is none (a socket that has gone has no address). */
export function peerOf(text: string | undefined): Peer | undefined {
  // A scope (fe80::1%eth0) is of the interface, not of the address.
  const parsed = text === undefined ? undefined : parseAddress(text.split('%', 1)[0]!)
  if (!parsed?.ok) return undefined
  const address = parsed.value
  const source = hexOf(address)
  return { address, source, net: source.slice(0, 2 * (isMapped(address) ? NET_BYTES_V4 : NET_BYTES_V6)) }
}

/** Bytes of a datagram on the wire, from its IP header on. */
export const wireBytes = (address: Uint8Array, payload_bytes: number): number =>
  payload_bytes + (isMapped(address) ? UDP_IPV4_HEADER_BYTES : UDP_IPV6_HEADER_BYTES)

/** Whether an answer to it would go to many, to nobody, or back to ourselves. */
export function isNeverAnswered(address: Uint8Array): boolean {
  if (!isMapped(address)) return address[0] === 0xff || address.every((byte) => byte === 0)
  const first = address[12]!
  return first === 0 || (first >= 224 && first < 240) || address.subarray(12).every((byte) => byte === 255)
}
