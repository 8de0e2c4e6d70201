import { choiceTable, CHOICE_SLOTS, mix, type Random } from '../../traffic/random.ts'
import { exponential, gamma, poisson, STEP_S, Wander } from '../draws.ts'
import { ECONOMIES, hostAddress, seasonOf } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, type Process, type ScenarioWorld } from '../process.ts'
import { shapeNumber } from '../shapes.ts'
import type { StrainKind } from './strains.ts'

const MINUTES_PER_DAY = 1440
const DAY_S = 86_400
const HOUR_S = 3600
/** Standard deviations of the logarithm, and for how long it remembers: within hours, over days, and port by port. */
const wandering = { hours: [0.22, 5 * HOUR_S], days: [0.25, 6 * DAY_S], port: [0.3, 14 * HOUR_S] } as const
/** Shapes of the gamma factors of ten minutes for the strain and for each of its ports, and of a minute. */
const lumps = { strain: 60, port: 10, minute: 10 } as const
/** A botnet that attacks somebody pauses its scan: about every so many days, for at most so many hours, down to this level. */
const pauses = { every_s: 4 * DAY_S, hours_max: 2, level: 0.35 } as const

/** Senders of one kind: overdispersed, wandering, by day and week, some of them fast and most slow. */
export class Strain implements Process {
  readonly #world: ScenarioWorld
  readonly #kind: StrainKind
  readonly #number: number
  readonly #random: Random
  readonly #hours: Wander
  readonly #days: Wander
  readonly #ports: readonly Wander[]
  readonly #homes: readonly number[]
  readonly #shape: number
  readonly #bursts_per_minute: number
  #table: Uint16Array = new Uint16Array(CHOICE_SLOTS)
  readonly #economies = new Float64Array(ECONOMIES)
  #mean = 0
  #step = -1
  #pause_from: number
  #pause_to = 0

  constructor(world: ScenarioWorld, kind: StrainKind, number: number) {
    this.#world = world
    this.#kind = kind
    this.#number = number
    const random = streamOf(world, parts.strain, number)
    this.#random = random
    this.#hours = new Wander(random, ...wandering.hours)
    this.#days = new Wander(random, ...wandering.days)
    this.#ports = kind.ports.map(() => new Wander(random, ...wandering.port))
    const total = kind.homes.reduce((sum, weight) => sum + weight, 0)
    this.#homes = kind.homes.map((weight) => weight / total)
    this.#shape = shapeNumber[kind.shape]
    const neighbours = world.sensors.reduce((sum, { addresses }) => sum + (addresses * (addresses - 1)) / 2, 0) / world.addresses
    this.#bursts_per_minute = (kind.share * world.addresses) / MINUTES_PER_DAY / (1 + kind.again) / (1 + neighbours * (kind.sequential ?? 0))
    this.#pause_from = world.start_s + exponential(random, pauses.every_s)
  }

  draw(minute_s: number, out: Minute): void {
    const step = Math.floor(minute_s / STEP_S)
    if (step !== this.#step) this.#advance(step, minute_s)
    const random = this.#random
    for (let n = poisson(random, this.#mean * gamma(random, lumps.minute)); n > 0; n--) this.#burst(minute_s, out)
  }

  #advance(step: number, minute_s: number): void {
    const random = this.#random
    this.#step = step
    for (const wander of [this.#hours, this.#days, ...this.#ports]) wander.step(random)
    this.#table = choiceTable(this.#kind.ports.map(([, weight], i) => weight * this.#ports[i]!.level * gamma(random, lumps.port)))
    let sum = 0
    for (let e = 0; e < ECONOMIES; e++) this.#economies[e] = sum += this.#homes[e]! * seasonOf(e, minute_s, this.#kind.swing, this.#kind.weekend)
    this.#mean = this.#bursts_per_minute * sum * this.#hours.level * this.#days.level * gamma(random, lumps.strain) * this.#pause(minute_s)
  }

  #pause(minute_s: number): number {
    if (minute_s < this.#pause_from) return 1
    const random = this.#random
    if (this.#pause_to < this.#pause_from) this.#pause_to = this.#pause_from + (0.25 + pauses.hours_max * random.unit()) * HOUR_S
    if (minute_s < this.#pause_to) return pauses.level
    this.#pause_from = minute_s + exponential(random, pauses.every_s)
    return 1
  }

  #burst(minute_s: number, out: Minute): void {
    const random = this.#random
    const { again, sequential = 0, ports } = this.#kind
    const source = this.#host(minute_s)
    const port = ports[this.#table[random.word() & (CHOICE_SLOTS - 1)]!]![0]
    const dst = random.below(this.#world.addresses)
    const second = random.below(60)
    const packets = again === 0 ? 1 : 1 + Math.min(6, poisson(random, again))
    out.add(this.#shape, source, dst, port, packets, second)
    if (sequential === 0 || random.unit() >= sequential) return
    const sensor = out.sensorOf(dst)
    for (let next = dst + 1; next < this.#world.addresses && out.sensorOf(next) === sensor; next++) out.add(this.#shape, source, next, port, packets, second)
  }

  #host(minute_s: number): number {
    const random = this.#random
    const drawn = random.unit() * this.#economies[ECONOMIES - 1]!
    let e = 0
    while (this.#economies[e]! < drawn) e++
    // Some are met far more often than others: of N hosts the n-th with a density ∝ (n ÷ N)^(−1/3).
    const u = random.unit()
    const slot = Math.floor(this.#kind.hosts * this.#homes[e]! * u * Math.sqrt(u))
    const { seed } = this.#world
    // Addresses are kept for half to one and a half of the mean, and change at any time of the day.
    const life_s = this.#kind.life_days * DAY_S * (0.5 + (mix(seed, this.#number, slot) & 0xff) / 256)
    const life = Math.floor(minute_s / life_s + (mix(slot, this.#number, seed) & 0xffff) / 65_536)
    return hostAddress(seed, 64 + this.#number, e, slot, life)
  }
}
