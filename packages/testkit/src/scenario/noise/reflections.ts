import type { Label } from '@hirundo/contract'
import { formatSeconds, MINUTE_S } from '@hirundo/base'
import type { Random } from '../../traffic/random.ts'
import { exponential } from '../draws.ts'
import { dotted, ECONOMIES, hostAddress } from '../hosts.ts'
import type { Minute } from '../minute.ts'
import { parts, streamOf, type Process, type ScenarioWorld } from '../process.ts'
import { drawAmplifier, drawReflection, drawVictimPort, type Reflection } from '../reflection.ts'

const DAY_S = 86_400
const PER_DAY = 14
const length_s = { least: 60, most: 2700 } as const
const rate = { least: 2, most: 700 } as const
/** An attack that can be told at all: so many requests. */
const KNOWN_REQUESTS = 100

/** Reflection attacks of others' victims, as a sensor that answers sees them every day; the larger ones are labelled. */
export class Reflections implements Process {
  readonly labels: readonly Label[]
  readonly #random: Random
  readonly #all: readonly Reflection[]
  #next = 0
  #going: Reflection[] = []

  constructor(world: ScenarioWorld) {
    this.#random = streamOf(world, parts.reflection)
    const random = streamOf(world, parts.reflection, 1)
    const answering = world.sensors.filter(({ answers }) => answers).map(({ index }) => index)
    const all: Reflection[] = []
    for (let at = world.start_s; at < world.end_s && answering.length > 0; at += exponential(random, DAY_S / PER_DAY)) {
      const sensors = answering.filter(() => random.unit() < 0.4)
      all.push({
        victim: hostAddress(world.seed, 8001, random.below(ECONOMIES), all.length, 0), victim_port: drawVictimPort(random), amplifier: drawAmplifier(random),
        from_s: at, to_s: at + length_s.least + length_s.most * random.unit() ** 3, sensors, per_minute: rate.least + rate.most * random.unit() ** 4,
      })
    }
    this.#all = all
    this.labels = all.flatMap((one, i) => (one.per_minute * one.sensors.length * (one.to_s - one.from_s) < KNOWN_REQUESTS * MINUTE_S * 0.7 ? [] : {
      id: `reflection-${i}`, event: 'reflection', kinds: ['drdos'], subjects: [{ victim: dotted(one.victim) }],
      start: formatSeconds(Math.floor(one.from_s)), end: formatSeconds(Math.ceil(one.to_s)), strength: 'background',
    }))
  }

  draw(minute_s: number, out: Minute): void {
    while (this.#next < this.#all.length && this.#all[this.#next]!.from_s < minute_s + MINUTE_S) this.#going.push(this.#all[this.#next++]!)
    this.#going = this.#going.filter(({ to_s }) => to_s > minute_s)
    for (const one of this.#going) drawReflection(one, minute_s, this.#random, out)
  }
}
