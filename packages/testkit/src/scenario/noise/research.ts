import { mix, type Random } from '../../traffic/random.ts'
import { researchPorts, udpPorts, ANY_PORT, type PortMix } from '../../traffic/ports.ts'
import { gamma, poisson, STEP_S, Wander } from '../draws.ts'
import { researchNetworks } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, type Process, type ScenarioWorld } from '../process.ts'
import { shapeNumber } from '../shapes.ts'

const MINUTES_PER_DAY = 1440
const HOUR_S = 3600
/** Packets per address and day: half of all, where NICTER counted 60 % in 2024. */
const SHARE = 3_300
export const research_hosts = 240
/** A host sweeps one port for so long, then another. */
const SWEEP_S = 3 * HOUR_S
const UDP_SHARE = 0.15

/** Address of a research scanner. */
export const researchHost = (index: number): number => researchNetworks[index % 3]! + 1 + (Math.floor(index / 3) % 254)

/** Known research scanners: steady, heavy, sweeping port after port, a third of them rare ones. */
export class Research implements Process {
  readonly #world: ScenarioWorld
  readonly #random: Random
  readonly #wander: Wander
  readonly #per_minute: number
  #mean = 0

  constructor(world: ScenarioWorld) {
    this.#world = world
    this.#random = streamOf(world, parts.research)
    this.#wander = new Wander(this.#random, 0.15, 10 * HOUR_S)
    this.#per_minute = (SHARE * world.addresses) / MINUTES_PER_DAY
  }

  draw(minute_s: number, out: Minute): void {
    const random = this.#random
    if (minute_s % STEP_S === 0 || this.#mean === 0) {
      this.#wander.step(random)
      this.#mean = this.#per_minute * this.#wander.level * gamma(random, 150)
    }
    for (let n = poisson(random, this.#mean); n > 0; n--) {
      const host = Math.floor(research_hosts * random.unit() ** 1.5)
      const sweep = mix(this.#world.seed, host, Math.floor((minute_s + host * 977) / SWEEP_S))
      const is_udp = (sweep & 0xff) < UDP_SHARE * 256
      const port = portOf(is_udp ? udpPorts : researchPorts, sweep)
      out.add(is_udp ? shapeNumber.udp_zmap : shapeNumber.zmap, researchHost(host), random.below(this.#world.addresses), port, 1, random.below(60))
    }
  }
}

function portOf(of: PortMix, sweep: number): number {
  const port = of.ports[of.table[(sweep >>> 8) & 0xfff]!]!
  return port === ANY_PORT ? 1 + (mix(sweep, 5, 9) % 65_535) : port
}
