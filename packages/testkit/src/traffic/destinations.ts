import { isMapped, parseCidr, unwrap } from '@hirundo/base'
import type { Random } from './random.ts'

/** Networks that traffic goes to, ready for drawing: IPv4 by address, IPv6 by prefix. */
export interface Destinations {
  readonly v4: readonly { readonly base: number; readonly addresses: number }[]
  /** First IPv4 address number of each network in the pool; a draw below `v4_addresses` finds its network. */
  readonly v4_addresses: number
  readonly v6: readonly { readonly high: number; readonly low: number; readonly subnets: number }[]
}

/** At most this many /64 of one IPv6 prefix are used: a sensor watches some networks, not 2³² of them. */
const subnets_max = 16

/** Reads networks in text, e.g. `198.18.0.0/24`, `2001:db8:1::/48`; throws on what is none. */
export function destinationsOf(networks: readonly string[]): Destinations {
  const cidrs = networks.map((text) => unwrap(parseCidr(text)))
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset)
  const v4 = cidrs.filter((cidr) => isMapped(cidr.bytes) && cidr.bits >= 96)
    .map((cidr) => ({ base: view(cidr.bytes).getUint32(12), addresses: 2 ** (128 - cidr.bits) }))
  const v6 = cidrs.filter((cidr) => !isMapped(cidr.bytes)).map((cidr) => ({
    high: view(cidr.bytes).getUint32(0),
    low: view(cidr.bytes).getUint32(4),
    subnets: Math.min(subnets_max, 2 ** Math.max(0, 64 - cidr.bits)),
  }))
  if (v4.length + v6.length === 0) throw new RangeError('no destination network given')
  return { v4, v6, v4_addresses: v4.reduce((sum, network) => sum + network.addresses, 0) }
}

/** First address and number of addresses of a network of at most 256 in the pool. */
export function drawNetwork(of: Destinations, random: Random, into: { base: number; span: number }): void {
  let index = random.below(of.v4_addresses)
  for (const network of of.v4) {
    if (index < network.addresses) {
      into.span = Math.min(256, network.addresses)
      into.base = network.base + (index - (index % into.span))
      return
    }
    index -= network.addresses
  }
}
