import type { Label } from '@hirundo/contract'
import { recordOf, type Visit } from '../../traffic/interactions/scripts.ts'
import { addressBytes } from '../../traffic/interactions/senders.ts'
import { mix, type Random } from '../../traffic/random.ts'
import { gamma, poisson } from '../draws.ts'
import { ECONOMIES, hostAddress, seasonOf } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { visiblePerMinute, type Process, type ScenarioWorld } from '../process.ts'

/** What was planted, and how it is known. */
export interface Planted {
  readonly labels: readonly Label[]
  readonly process: Process
  /** Of a worm: its truth. */
  readonly worm?: WormTruth
}

export interface WormTruth {
  readonly label: string
  readonly hosts_final: number
  /** Infected hosts at a second. */
  hostsAt(second: number): number
}

/** Many hosts that do the same. */
export interface Crowd {
  /** Number of the event: its hosts are nobody else's. */
  readonly event: number
  /** Packets a second of each host to all of IPv4. */
  readonly pps: number
  readonly shape: number
  readonly swing: number
  /** SYNs to the same address in a row beside the first, in the mean. */
  readonly again: number
  /** What it says to a sensor that answers; absent: it goes when it was greeted. */
  readonly says?: Visit
}

/** Shape of the gamma factor of a minute: a crowd is unsteady as noise is. */
const LUMPS = 10
const EVENTS_PART = 10_000

/** Half of a crowd sits in one economy, the others anywhere. */
export function crowdHost(seed: number, event: number, slot: number): number {
  const drawn = mix(seed ^ event, slot, 0x63726f77)
  const economy = drawn & 1 ? mix(seed, event, 1) % ECONOMIES : (drawn >>> 1) % ECONOMIES
  return hostAddress(seed, EVENTS_PART + event, economy, slot, 0)
}

/** What the first `hosts` of a crowd send to a port in one minute. */
export function drawCrowd(crowd: Crowd, hosts: number, port: number, minute_s: number, world: ScenarioWorld, random: Random, out: Minute): void {
  const season = seasonOf(mix(world.seed, crowd.event, 1) % ECONOMIES, minute_s, crowd.swing, 1)
  const mean = (hosts * visiblePerMinute(world, crowd.pps) * season * gamma(random, LUMPS)) / (1 + crowd.again)
  for (let n = poisson(random, mean); n > 0; n--) {
    const source = crowdHost(world.seed, crowd.event, random.below(Math.max(1, Math.floor(hosts))))
    const dst = random.below(world.addresses)
    const second = random.below(60)
    out.add(crowd.shape, source, dst, port, crowd.again === 0 ? 1 : 1 + poisson(random, crowd.again), second)
    const sensor = out.sensorOf(dst)
    if (!world.sensors[sensor]!.answers) continue
    const visit: Visit = crowd.says ?? { dst_port: port, transport: 'tcp', protocol: 'any', handshake: 'completed' }
    out.addHeard(sensor, recordOf({ ...visit, dst_port: port }, addressBytes(source), minute_s * 1000 + second * 1000, random))
  }
}
