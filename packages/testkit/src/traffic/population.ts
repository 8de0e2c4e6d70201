import { choiceTable, mix } from './random.ts'

/**
 * Who sends: 240.0.0.0/4 ("reserved for future use", RFC 1112) in eight equal blocks of 2²⁵ addresses, one for each
 * fictional economy. Nobody real can be accused. IPv6 sources lie in the documentation prefix 3fff::/20 (RFC 9637).
 */
export const simulatedEconomies = ['XA', 'XB', 'XC', 'XD', 'XE', 'XF', 'XG', 'XH'] as const
const FIRST_ADDRESS = 0xf0000000
const ECONOMY_ADDRESSES = 2 ** 25
const NETWORKS_PER_ECONOMY = 512

/** A kind of sender; hosts of a kind have fixed addresses as long as the seed is the same. */
export const actorNames = [
  'research', 'masscan', 'mirai', 'linux', 'windows', 'worm', 'udp_probe', 'misconfigured', 'echo',
  'victim', 'stray', 'ipv6', 'dns_reply',
] as const
export type ActorName = (typeof actorNames)[number]

/** Where the hosts of each kind are: weights over the eight economies. */
const homes: Record<ActorName, readonly number[]> = {
  research: [5, 0, 2, 0, 0, 0, 0, 1],
  masscan: [3, 2, 6, 1, 1, 1, 4, 2],
  mirai: [1, 2, 9, 5, 3, 2, 1, 1],
  linux: [4, 5, 6, 4, 3, 2, 2, 1],
  windows: [2, 6, 3, 6, 2, 1, 1, 1],
  worm: [1, 1, 2, 1, 9, 3, 1, 1],
  udp_probe: [4, 3, 3, 2, 2, 1, 2, 1],
  misconfigured: [1, 2, 2, 2, 1, 1, 1, 1],
  echo: [3, 2, 2, 1, 1, 1, 1, 1],
  victim: [6, 3, 2, 1, 1, 1, 1, 1],
  stray: [1, 1, 1, 1, 1, 1, 1, 1],
  ipv6: [5, 3, 2, 1, 1, 1, 1, 1],
  dns_reply: [2, 2, 1, 1, 1, 1, 1, 1],
}
const homeTables = actorNames.map((name) => choiceTable(homes[name]))

/** Research scanners sit at the start of these networks, the ones that the node's table names as such. */
const RESEARCH_NETWORKS = [0xf0000100, 0xf4000100, 0xfe000100] as const

/** The IPv4 address of host `index` of an actor: the same at every call, most hosts in the lower networks of a block. */
export function hostAddress(seed: number, actor: number, index: number): number {
  if (actor === 0) return (RESEARCH_NETWORKS[index % 3]! + 1 + (Math.floor(index / 3) % 254)) >>> 0
  const where = mix(seed, actor, index)
  const economy = homeTables[actor]![where & 0xfff]!
  const host = mix(where, index, 0x51ed270b)
  const network = Math.min(host & (NETWORKS_PER_ECONOMY - 1), (where >>> 12) & (NETWORKS_PER_ECONOMY - 1))
  return FIRST_ADDRESS + economy * ECONOMY_ADDRESSES + network * 65_536 + 1 + ((host >>> 16) % 65_534)
}

/** How many hosts of each kind send at all; the worm's number grows instead (see `wormHosts`). */
export const actorHosts: Record<ActorName, number> = {
  research: 240, masscan: 900, mirai: 60_000, linux: 90_000, windows: 40_000, worm: 0, udp_probe: 20_000,
  misconfigured: 4_000, echo: 9_000, victim: 600, stray: 5_000, ipv6: 3_000, dns_reply: 400,
}

const WORM_FIRST_HOSTS = 4
const WORM_MOST_HOSTS = 50_000
const WORM_DOUBLING_S = 3 * 3600

/** Infected hosts after `age_s` seconds of a worm that doubles every three hours; none before it began. */
export function wormHosts(age_s: number): number {
  if (age_s < 0) return 0
  const grown = WORM_FIRST_HOSTS * 2 ** (age_s / WORM_DOUBLING_S)
  return Math.floor((WORM_MOST_HOSTS * grown) / (WORM_MOST_HOSTS + grown))
}
