import { parseAddress, unwrap } from '@hirundo/base'

/** Addresses from here on are numbers of IPv6 (core/address-book.ts). */
const V4_ADDRESSES = 2 ** 32
const NETWORK_V4_ADDRESSES = 256

/**
 * The network that a source's machine has to itself in the worst case: /24 of IPv4, /64 of IPv6. A rack of neighbours, and one
 * machine that takes a new IPv6 address for each packet, are one.
 */
export function sourceNetwork(source: number, addressText: (number: number) => string): number | string {
  if (source < V4_ADDRESSES) return Math.floor(source / NETWORK_V4_ADDRESSES)
  const text = addressText(source)
  return text === '' ? '' : Buffer.from(unwrap(parseAddress(text)).subarray(0, 8)).toString('latin1')
}

/** The same where no text can be asked for: all of IPv6 counts as one network. */
export const networksOf = (sources: readonly number[]): number =>
  new Set(sources.map((source) => Math.floor(Math.min(source, V4_ADDRESSES) / NETWORK_V4_ADDRESSES))).size
