import { cidrContains, parseCidr, type AddressBytes, type Cidr } from './ip.ts'
import { unwrap } from './result.ts'

/** A block of addresses that belongs to nobody in particular. */
export interface SpecialPurpose {
  readonly cidr: string
  /** As IANA's registry names it. */
  readonly name: string
  readonly rfc: string
}

const block = (cidr: string, name: string, rfc: string): SpecialPurpose => ({ cidr, name, rfc })

/**
 * IANA's special-purpose address registries (RFC 6890), as of 2026: the blocks that are not globally reachable. What
 * lies in another of them stands before it.
 */
export const specialPurposes: readonly SpecialPurpose[] = [
  block('0.0.0.0/8', 'This network', 'RFC 791'),
  block('10.0.0.0/8', 'Private-Use', 'RFC 1918'),
  block('100.64.0.0/10', 'Shared Address Space', 'RFC 6598'),
  block('127.0.0.0/8', 'Loopback', 'RFC 1122'),
  block('169.254.0.0/16', 'Link Local', 'RFC 3927'),
  block('172.16.0.0/12', 'Private-Use', 'RFC 1918'),
  block('192.0.0.0/24', 'IETF Protocol Assignments', 'RFC 6890'),
  block('192.0.2.0/24', 'Documentation (TEST-NET-1)', 'RFC 5737'),
  block('192.168.0.0/16', 'Private-Use', 'RFC 1918'),
  block('198.18.0.0/15', 'Benchmarking', 'RFC 2544'),
  block('198.51.100.0/24', 'Documentation (TEST-NET-2)', 'RFC 5737'),
  block('203.0.113.0/24', 'Documentation (TEST-NET-3)', 'RFC 5737'),
  block('255.255.255.255/32', 'Limited Broadcast', 'RFC 919'),
  block('240.0.0.0/4', 'Reserved', 'RFC 1112'),
  block('::/128', 'Unspecified Address', 'RFC 4291'),
  block('::1/128', 'Loopback Address', 'RFC 4291'),
  block('64:ff9b:1::/48', 'IPv4-IPv6 Translation', 'RFC 8215'),
  block('100::/64', 'Discard-Only Address Block', 'RFC 6666'),
  block('100:0:0:1::/64', 'Dummy IPv6 Prefix', 'RFC 9780'),
  block('2001:2::/48', 'Benchmarking', 'RFC 5180'),
  block('2001:db8::/32', 'Documentation', 'RFC 3849'),
  block('3fff::/20', 'Documentation', 'RFC 9637'),
  block('5f00::/16', 'Segment Routing (SRv6) SIDs', 'RFC 9602'),
  block('fc00::/7', 'Unique-Local', 'RFC 4193'),
  block('fe80::/10', 'Link-Local Unicast', 'RFC 4291'),
]

const networks: readonly (readonly [Cidr, SpecialPurpose])[] = specialPurposes.map((one) => [unwrap(parseCidr(one.cidr)), one])

/** The block that an address lies in; undefined: it may be anybody's. No economy and no network can be said of one. */
export const specialPurposeOf = (address: AddressBytes): SpecialPurpose | undefined => networks.find(([cidr]) => cidrContains(cidr, address))?.[1]
