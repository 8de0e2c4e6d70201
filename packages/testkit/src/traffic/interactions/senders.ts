import { actorNames, hostAddress, type ActorName } from '../population.ts'
import type { Random } from '../random.ts'

const actors: Readonly<Record<ActorName, number>> = Object.fromEntries(actorNames.map((name, i) => [name, i])) as never

/**
 * Hosts of each kind that come back often: the first of those who send packets, so that a source's page has both flows
 * and interactions.
 */
const regulars: Partial<Record<ActorName, number>> = { mirai: 400, linux: 300, windows: 200, udp_probe: 120, research: 90, masscan: 60, worm: 4000 }

/** 16 bytes, IPv4 mapped. */
export function addressBytes(v4: number): Uint8Array {
  const bytes = new Uint8Array(16)
  bytes[10] = bytes[11] = 0xff
  new DataView(bytes.buffer).setUint32(12, v4 >>> 0)
  return bytes
}

export const dotted = (v4: number): string => [24, 16, 8, 0].map((shift) => (v4 >>> shift) & 255).join('.')

/** A host of the kind: a few of them are met much more often than the others. */
export function drawHost(seed: number, actor: ActorName, random: Random, hosts = regulars[actor] ?? 100): number {
  return hostAddress(seed, actors[actor], Math.floor(hosts * random.unit() ** 2))
}

export const hostOf = (seed: number, actor: ActorName, index: number): number => hostAddress(seed, actors[actor], index)
