/**
 * A world that nobody lives in, for simulated traffic: 240.0.0.0/4 (reserved, RFC 1112) in eight blocks of /7, one for
 * each fictional economy (XA … XH are free for private use, ISO 3166-1), and in each eight networks of /10. The first
 * two have AS numbers for documentation (RFC 5398), the others private ones (RFC 6996). IPv6 sources are of
 * documentation prefixes (RFC 3849, RFC 9637).
 */
export const simulatedEconomies = ['XA', 'XB', 'XC', 'XD', 'XE', 'XF', 'XG', 'XH'] as const

const NETWORKS_PER_ECONOMY = 8
const DOCUMENTATION_ASN = 64_496
const PRIVATE_ASN = 64_512
const FIRST_OCTET = 240

const names = ['Backbone', 'University Network', 'Cable', 'Mobile', 'Hosting', 'Schools', 'Data Centres', 'Rural Fibre'] as const

/** Changes when the table does, so that nodes load it again. */
export const SIMULATED_VERSION = 1

export interface SimulatedNetwork {
  readonly cidr: string
  readonly economy: string
  readonly asn: number
  readonly name: string
}

/** All networks of the fictional world. */
export const simulatedNetworks: readonly SimulatedNetwork[] = simulatedEconomies.flatMap((economy, e) =>
  names.map((name, n) => ({
    cidr: `${FIRST_OCTET + 2 * e + (n >> 2)}.${(n & 3) * 64}.0.0/10`,
    economy,
    asn: n < 2 ? DOCUMENTATION_ASN + 2 * e + n : PRIVATE_ASN + NETWORKS_PER_ECONOMY * e + n,
    name: `${economy} ${name} (simulated)`,
  })))

/** Blocks of the economies. */
export const simulatedBlocks: readonly (readonly [string, string])[] = [
  ...simulatedEconomies.map((economy, e) => [`${FIRST_OCTET + 2 * e}.0.0.0/7`, economy] as const),
  ['3fff::/20', 'XA'],
  ['2001:db8::/32', 'XB'],
]

/** Where simulated research scanners sit. */
export const simulatedResearch: readonly (readonly [string, string])[] = [
  ['240.0.1.0/24', 'XA Survey (simulated)'],
  ['244.0.1.0/24', 'XC Census (simulated)'],
  ['254.0.1.0/24', 'XH Measurement (simulated)'],
]
