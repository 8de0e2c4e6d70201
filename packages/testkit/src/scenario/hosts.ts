import { mix } from '../traffic/random.ts'

/**
 * Where the simulated senders of a scenario live: 240.0.0.0/4 (reserved, RFC 1112) in eight blocks of 2²⁵, one for each
 * fictional economy XA … XH, as in the node's own table of the simulated world (observatory/networks/simulated.ts).
 */
export const ECONOMIES = 8
const FIRST = 0xf0000000
const ECONOMY_ADDRESSES = 2 ** 25
const NETWORKS = 512
/** The last /16 of each economy's first half is kept for the constituency of whoever watches: no noise lives there. */
const OWN_NETWORK = 511

/** Research scanners sit here; the node's table names them as such. */
export const researchNetworks = [0xf0000100, 0xf4000100, 0xfe000100] as const
const RESEARCH_FIRST = 256
const RESEARCH_LAST = 511

/** The economy that the watching team serves, by number, and its network. */
export const OWN_ECONOMY = 1
export const OWN_BASE = FIRST + OWN_ECONOMY * ECONOMY_ADDRESSES + OWN_NETWORK * 65_536
export const ownCidr = '243.255.0.0/16'

/**
 * The address of a host: always the same for the same numbers. `part` is the population, `life` changes when the host gets
 * another address. Most hosts are in the lower networks of a block.
 */
export function hostAddress(seed: number, part: number, economy: number, slot: number, life: number): number {
  const where = mix(seed ^ Math.imul(part, 0x9e3779b1), slot, life * ECONOMIES + economy)
  const network = Math.min(where & (NETWORKS - 1), (where >>> 9) & (NETWORKS - 1))
  let host = 1 + (mix(where, slot, 0x51ed270b) % 65_534)
  if (network === 0 && host >= RESEARCH_FIRST && host <= RESEARCH_LAST) host += RESEARCH_LAST
  return FIRST + economy * ECONOMY_ADDRESSES + Math.min(network, OWN_NETWORK - 1) * 65_536 + host
}

/** A /24 of an economy in which neighbours sit: `base` + 1 … 254. */
export const neighbourhood = (seed: number, part: number, economy: number): number =>
  (hostAddress(seed, part, economy, 0, 0) & 0xffffff00) >>> 0

export const economyOf = (address: number): number => Math.floor((address - FIRST) / ECONOMY_ADDRESSES)

const AS_DOCUMENTATION = 64_496
const AS_PRIVATE = 64_512
const NETWORKS_10 = 8

export interface Known {
  readonly economy: number
  readonly asn: number
  readonly research: boolean
}
const nobody: Known = { economy: 0, asn: 0, research: false }
const tables = Array.from({ length: ECONOMIES * NETWORKS_10 }, (_, i): Known => {
  const [e, n] = [Math.floor(i / NETWORKS_10), i % NETWORKS_10]
  return { economy: (0x58 << 8) | (0x41 + e), asn: n < 2 ? AS_DOCUMENTATION + 2 * e + n : AS_PRIVATE + NETWORKS_10 * e + n, research: false }
})
const researchTables = researchNetworks.map((base): Known => ({ ...tables[((base - FIRST) / 2 ** 22) | 0]!, research: true }))

/** What the node's tables say about a simulated address: economy (two letters as `first << 8 | second`), AS, research. */
export function knownOf(address: number): Known {
  if (address < FIRST || address >= 2 ** 32) return nobody
  const research = researchNetworks.indexOf(((address & 0xffffff00) >>> 0) as never)
  return research >= 0 ? researchTables[research]! : tables[Math.floor((address - FIRST) / 2 ** 22)]!
}

export const dotted = (v4: number): string => [24, 16, 8, 0].map((shift) => (v4 >>> shift) & 255).join('.')

/** Hours by which the clocks of the economies differ from UTC. */
const zones_h = [0, 9, 8, 7, -5, 1, 3, -8] as const
const DAY_S = 86_400
const SATURDAY = 2

/**
 * How busy hosts of an economy are around 1: least at 03:00, most at 15:00 of their own clock by `swing`; at weekends times
 * `weekend`.
 */
export function seasonOf(economy: number, second: number, swing: number, weekend: number): number {
  const local = second + zones_h[economy]! * 3600
  const day = Math.sin((2 * Math.PI * (local - DAY_S * 0.375)) / DAY_S)
  // 1 January 1970 was a Thursday.
  const is_weekend = Math.floor(local / DAY_S) % 7 === SATURDAY || Math.floor(local / DAY_S) % 7 === SATURDAY + 1
  return (1 + swing * day) * (is_weekend ? weekend : 1)
}
