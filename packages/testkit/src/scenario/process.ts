import { Random } from '../traffic/random.ts'
import type { Minute } from './minute.ts'
import type { ScenarioSensor } from './sensors.ts'

/** What all parts of a scenario have in common. */
export interface ScenarioWorld {
  readonly seed: number
  readonly sensors: readonly ScenarioSensor[]
  /** Pooled. */
  readonly addresses: number
  /** First second, midnight UTC. */
  readonly start_s: number
  readonly end_s: number
}

/** One of those who send. It draws from a stream of its own, so that what it sends does not depend on who else is there. */
export interface Process {
  draw(minute_s: number, out: Minute): void
}

/** Streams by part and number within it. */
export const streamOf = ({ seed }: Pick<ScenarioWorld, 'seed'>, part: number, number = 0): Random => new Random(seed ^ 0x7363656e, part, number)
export const parts = {
  strain: 1, scanner: 2, tail: 3, stray: 4, backscatter: 5, research: 6, visits: 7, reflection: 8, swarm: 9,
  plan: 20, worm: 21, burst: 22, botnet: 23, slow: 24, cve: 25, flood: 26, amplifier: 27, own: 28, survey: 29, credential: 30,
} as const

const IPV4_ADDRESSES = 2 ** 32
/** Packets a minute that reach the pooled addresses of a host that sends so many a second to all of IPv4 in random order. */
export const visiblePerMinute = ({ addresses }: Pick<ScenarioWorld, 'addresses'>, pps: number): number => (pps * 60 * addresses) / IPV4_ADDRESSES
