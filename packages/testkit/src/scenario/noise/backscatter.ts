import type { Label } from '@hirundo/contract'
import { formatSeconds, MINUTE_S } from '@hirundo/base'
import { victimPorts } from '../../traffic/ports.ts'
import { CHOICE_SLOTS, mix, type Random } from '../../traffic/random.ts'
import { exponential, gamma, normal, pareto, poisson } from '../draws.ts'
import { drawFlood, type Flood } from '../flood.ts'
import { dotted, ECONOMIES, hostAddress } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, visiblePerMinute, type Process, type ScenarioWorld } from '../process.ts'
import { shapeNumber } from '../shapes.ts'

const DAY_S = 86_400
const MINUTES_PER_DAY = 1440
/** Packets per address and day of victims that are always a little under fire, and their number at a time. */
const SHARE = 200
const VICTIMS = 400
const victim_life_s = 5 * DAY_S
/** Floods that begin in a day, packets a second that the victim answers with, and how long they last. */
const FLOODS_PER_DAY = 10
const rate = { least: 300_000, most: 60_000_000, exponent: 0.55 } as const
const length = { median_s: 420, sigma: 1.1, least_s: 70, most_s: 6 * 3600 } as const
/** An attack that can be told at all: so many packets. */
const KNOWN_PACKETS = 25

const portOf = (random: Random): number => victimPorts.ports[victimPorts.table[random.word() & (CHOICE_SLOTS - 1)]!]!

/** Backscatter of many victims at a low level, and floods of all sizes; the larger ones are labelled as background. */
export class Backscatter implements Process {
  readonly labels: readonly Label[]
  readonly #world: ScenarioWorld
  readonly #random: Random
  readonly #floods: readonly Flood[]
  readonly #per_minute: number
  #next = 0
  #going: Flood[] = []

  constructor(world: ScenarioWorld) {
    this.#world = world
    this.#random = streamOf(world, parts.backscatter)
    this.#per_minute = (SHARE * world.addresses) / MINUTES_PER_DAY
    const random = streamOf(world, parts.backscatter, 1)
    const floods: Flood[] = []
    for (let at = world.start_s; at < world.end_s; at += exponential(random, DAY_S / FLOODS_PER_DAY)) {
      const lasts_s = Math.min(length.most_s, Math.max(length.least_s, length.median_s * Math.exp(length.sigma * normal(random))))
      floods.push({
        victim: hostAddress(world.seed, 7002, random.below(ECONOMIES), floods.length, 0), port: portOf(random),
        from_s: at, to_s: at + lasts_s, per_minute: visiblePerMinute(world, pareto(random, rate.least, rate.most, rate.exponent)),
      })
    }
    this.#floods = floods
    this.labels = floods.flatMap((one, i) => (one.per_minute * (one.to_s - one.from_s) < KNOWN_PACKETS * MINUTE_S ? [] : {
      id: `flood-${i}`, event: 'flood', kinds: ['rsdos'], subjects: [{ victim: dotted(one.victim) }],
      start: formatSeconds(Math.floor(one.from_s)), end: formatSeconds(Math.ceil(one.to_s)), strength: 'background',
    }))
  }

  draw(minute_s: number, out: Minute): void {
    const { seed, addresses } = this.#world
    const random = this.#random
    for (let n = poisson(random, this.#per_minute * gamma(random, 8)); n > 0; n--) {
      const slot = Math.floor(VICTIMS * random.unit() ** 2)
      const victim = hostAddress(seed, 7001, slot % ECONOMIES, slot, Math.floor(minute_s / victim_life_s + slot / VICTIMS))
      const port = mix(seed, slot, 3) % 3 === 0 ? 443 : 80
      out.addBackscatter(random.word() & 1 ? shapeNumber.syn_ack : shapeNumber.reset, victim, random.below(addresses), port, 1024 + random.below(64_000), 1, random.below(60))
    }
    while (this.#next < this.#floods.length && this.#floods[this.#next]!.from_s < minute_s + MINUTE_S) this.#going.push(this.#floods[this.#next++]!)
    this.#going = this.#going.filter(({ to_s }) => to_s > minute_s)
    for (const flood of this.#going) drawFlood(flood, minute_s, addresses, random, out)
  }
}
