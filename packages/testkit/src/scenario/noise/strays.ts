import type { Random } from '../../traffic/random.ts'
import { between, exponential, gamma, pickOf, poisson } from '../draws.ts'
import { ECONOMIES, hostAddress } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, type Process, type ScenarioWorld } from '../process.ts'
import { shapeNumber } from '../shapes.ts'

const DAY_S = 86_400
const HOUR_S = 3600
const MINUTES_PER_DAY = 1440
/** Hosts at once that were told a wrong address and try it again and again, and packets a minute of each. */
const LOST_HOSTS = 90
const lost_per_minute = { least: 0.02, most: 0.9 } as const
const lost_life_s = { least: 2 * HOUR_S, most: 12 * DAY_S } as const
/** A peer-to-peer network thinks that a sensor's address takes part: many sources, one address, one port. */
const swarm = { every_s: 3 * DAY_S, hours: [4, 40], sources: [60, 500], per_minute: [0.3, 3] } as const
/** Lone acknowledgements without a connection, per address and day. */
const STRAY_SHARE = 30

interface Lost { source: number; dst: number; port: number; shape: number; per_minute: number; to_s: number }
interface Swarm { readonly number: number; readonly dst: number; readonly port: number; readonly sources: number; readonly per_minute: number; readonly to_s: number }

/** What comes without anybody searching: misconfigured hosts, forgotten peers, strays. No finding about it is true. */
export class Strays implements Process {
  readonly #world: ScenarioWorld
  readonly #random: Random
  readonly #lost: Lost[]
  #swarms: Swarm[] = []
  #swarms_seen = 0
  #next_swarm: number
  #hosts_seen = 0
  readonly #strays_per_minute: number

  constructor(world: ScenarioWorld) {
    this.#world = world
    this.#random = streamOf(world, parts.stray)
    this.#next_swarm = world.start_s + exponential(this.#random, swarm.every_s)
    this.#lost = Array.from({ length: LOST_HOSTS }, () => this.#drawLost(world.start_s))
    this.#strays_per_minute = (STRAY_SHARE * world.addresses) / MINUTES_PER_DAY
  }

  draw(minute_s: number, out: Minute): void {
    const random = this.#random
    this.#lost.forEach((one, i) => {
      if (one.to_s <= minute_s) this.#lost[i] = this.#drawLost(minute_s)
      const packets = poisson(random, one.per_minute)
      if (packets > 0) out.add(one.shape, one.source, one.dst, one.port, packets, random.below(50))
    })
    this.#drawSwarms(minute_s, out)
    for (let n = poisson(random, this.#strays_per_minute * gamma(random, 4)); n > 0; n--) {
      out.add(shapeNumber.stray, this.#host(random.below(5_000), 6002), random.below(this.#world.addresses), 1024 + random.below(64_000), 1, random.below(60))
    }
  }

  #drawSwarms(minute_s: number, out: Minute): void {
    const random = this.#random
    if (minute_s >= this.#next_swarm) {
      this.#next_swarm = minute_s + exponential(random, swarm.every_s)
      this.#swarms.push({
        number: this.#swarms_seen++, dst: random.below(this.#world.addresses), port: 1024 + random.below(64_000), sources: Math.round(between(random, ...swarm.sources)),
        per_minute: between(random, ...swarm.per_minute), to_s: minute_s + between(random, ...swarm.hours) * HOUR_S,
      })
    }
    this.#swarms = this.#swarms.filter(({ to_s }) => to_s > minute_s)
    for (const { number, dst, port, sources, per_minute } of this.#swarms) {
      for (let n = poisson(random, per_minute * gamma(random, 4)); n > 0; n--) {
        out.add(shapeNumber.udp, this.#host(Math.floor(sources * random.unit() ** 1.3), 6100 + number), dst, port, 1 + random.below(3), random.below(50))
      }
    }
  }

  #drawLost(from_s: number): Lost {
    const random = this.#random
    const { least, most } = lost_per_minute
    return {
      source: this.#host(this.#hosts_seen++, 6001), dst: random.below(this.#world.addresses), port: 1024 + random.below(64_000),
      shape: pickOf(random, [shapeNumber.udp, shapeNumber.udp, shapeNumber.windows_new, shapeNumber.linux]),
      per_minute: least * (most / least) ** random.unit() ** 2, to_s: from_s + between(random, lost_life_s.least, lost_life_s.most),
    }
  }

  #host(slot: number, part: number): number {
    return hostAddress(this.#world.seed, part, slot % ECONOMIES, slot, 0)
  }
}
