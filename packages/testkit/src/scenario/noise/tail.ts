import { choiceTable, mix, CHOICE_SLOTS, type Random } from '../../traffic/random.ts'
import { gamma, poisson } from '../draws.ts'
import { ECONOMIES, hostAddress } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, type Process, type ScenarioWorld } from '../process.ts'
import { shapeNumber } from '../shapes.ts'

const MINUTES_PER_DAY = 1440
const DAY_S = 86_400
/** Packets per address and day: of ports that are always in the tail, of ports that somebody tries for some days, of any port. */
const shares = { steady: 90, tried: 60, any: 60 } as const
const STEADY_PORTS = 400
/** Places of ports that are tried; who holds a place and on which port changes. */
const TRIED_PORTS = 700
const tried_life_days = { least: 0.4, most: 6 } as const
const EXPONENT = 0.9
/** Senders of a steady port, of a tried one, and of those that try any. */
const senders = { steady: 150, tried: 4, any: 30_000 } as const
const looks = [shapeNumber.linux, shapeNumber.linux_new, shapeNumber.bare, shapeNumber.stateless, shapeNumber.windows_new] as const
const part = { steady: 4001, tried: 4002, any: 4003 } as const

/**
 * The long tail of rare ports: some hundred are steady by Zipf's law, some hundred are tried by one to four hosts for some
 * days and then others are, and any port is hit now and then.
 */
export class Tail implements Process {
  readonly #world: ScenarioWorld
  readonly #random: Random
  readonly #table = choiceTable(Array.from({ length: STEADY_PORTS }, (_, rank) => 1 / (rank + 3) ** EXPONENT))
  readonly #per_minute: Readonly<Record<keyof typeof shares, number>>

  constructor(world: ScenarioWorld) {
    this.#world = world
    this.#random = streamOf(world, parts.tail)
    const rateOf = (share: number): number => (share * world.addresses) / MINUTES_PER_DAY
    this.#per_minute = { steady: rateOf(shares.steady), tried: rateOf(shares.tried), any: rateOf(shares.any) }
  }

  draw(minute_s: number, out: Minute): void {
    const random = this.#random
    for (const kind of ['steady', 'tried', 'any'] as const) {
      for (let n = poisson(random, this.#per_minute[kind] * gamma(random, 6)); n > 0; n--) this[kind](minute_s, out)
    }
  }

  steady(minute_s: number, out: Minute): void {
    const random = this.#random
    const rank = this.#table[random.word() & (CHOICE_SLOTS - 1)]!
    const slot = Math.floor(senders.steady * random.unit() ** 1.5)
    this.#send(part.steady, rank, slot, Math.floor(minute_s / (12 * DAY_S) + slot / senders.steady), steadyPort(this.#world.seed, rank), out)
  }

  tried(minute_s: number, out: Minute): void {
    const { seed } = this.#world
    const place = Math.floor(TRIED_PORTS * this.#random.unit() ** 1.3)
    const drawn = mix(seed, part.tried, place)
    const life_s = (tried_life_days.least + ((drawn & 0xff) / 256) * (tried_life_days.most - tried_life_days.least)) * DAY_S
    const life = Math.floor(minute_s / life_s + (drawn >>> 16) / 65_536)
    const who = mix(drawn, life, seed)
    this.#send(part.tried, place, this.#random.below(1 + (who % senders.tried)), life, 1 + (mix(who, place, 7) % 65_535), out)
  }

  any(_: number, out: Minute): void {
    const slot = Math.floor(senders.any * this.#random.unit() ** 1.5)
    this.#send(part.any, 0, slot, 0, 1 + this.#random.below(65_535), out)
  }

  #send(of: number, group: number, slot: number, life: number, port: number, out: Minute): void {
    const { seed, addresses } = this.#world
    const drawn = mix(seed ^ of, group, slot)
    const source = hostAddress(seed, of + group * 8, drawn % ECONOMIES, slot, life)
    out.add(looks[(drawn >>> 8) % looks.length]!, source, this.#random.below(addresses), port, 1 + (this.#random.unit() < 0.2 ? 1 : 0), this.#random.below(60))
  }
}

/** The steady port of a rank. */
export const steadyPort = (seed: number, rank: number): number => 1024 + (mix(seed, part.steady, rank) % 48_000)
/** Packets a day that one address sees of a steady rank. */
export function steadyShare(rank: number): number {
  const weights = Array.from({ length: STEADY_PORTS }, (_, i) => 1 / (i + 3) ** EXPONENT)
  return (shares.steady * weights[rank]!) / weights.reduce((sum, one) => sum + one, 0)
}
export const steadyPorts = STEADY_PORTS
