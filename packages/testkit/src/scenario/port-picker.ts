import type { Random } from '../traffic/random.ts'
import { strainKinds } from './noise/strains.ts'
import { steadyPort, steadyPorts } from './noise/tail.ts'
import { parts, streamOf, type ScenarioWorld } from './process.ts'
import type { PlantedEvent } from './plan.ts'

/** Ranks of the steady tail that see a few to some dozen packets a day at all sensors together. */
const ranks = { first: 30, last: 380 } as const

/** Ports for events, none twice: rare ones that hardly anybody tries, and every second time one that some always try. */
export class PortPicker {
  readonly #world: ScenarioWorld
  readonly #random: Random
  readonly #used: Set<number>

  constructor(world: ScenarioWorld) {
    this.#world = world
    this.#random = streamOf(world, parts.plan, 1)
    this.#used = new Set(strainKinds.flatMap(({ ports }) => ports.map(([port]) => port)))
  }

  /** A port that nobody looks for. */
  rare(): number {
    for (;;) {
      const port = 1024 + this.#random.below(48_000)
      if (!this.#isSteady(port) && this.#take(port)) return port
    }
  }

  /** A port of the steady tail. */
  uncommon(): number {
    for (;;) {
      const port = steadyPort(this.#world.seed, ranks.first + this.#random.below(ranks.last - ranks.first))
      if (this.#take(port)) return port
    }
  }

  forEvent(kind: PlantedEvent, number: number): number {
    return kind === 'new-cve' || kind === 'slow-scan' || number % 2 === 1 ? this.rare() : this.uncommon()
  }

  #isSteady(port: number): boolean {
    for (let rank = 0; rank < steadyPorts; rank++) if (steadyPort(this.#world.seed, rank) === port) return true
    return false
  }

  #take(port: number): boolean {
    if (this.#used.has(port)) return false
    this.#used.add(port)
    return true
  }
}
