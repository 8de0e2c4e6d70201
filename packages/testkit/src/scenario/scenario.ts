import { formatSeconds } from '@hirundo/base'
import type { Label } from '@hirundo/contract'
import type { Planted, WormTruth } from './events/crowd.ts'
import { dotted } from './hosts.ts'
import { Minute, type Emit } from './minute.ts'
import { Backscatter } from './noise/backscatter.ts'
import { Reflections } from './noise/reflections.ts'
import { Research, researchHost, research_hosts } from './noise/research.ts'
import { Scanners } from './noise/scanners.ts'
import { Strain } from './noise/strain.ts'
import { strainKinds } from './noise/strains.ts'
import { Strays } from './noise/strays.ts'
import { Tail } from './noise/tail.ts'
import { Visits } from './noise/visits.ts'
import { plan, type PlanOptions } from './plan.ts'
import type { Process, ScenarioWorld } from './process.ts'
import { addressesOf, sensorsOf, usualSensors, type ScenarioSensor, type SensorGroup } from './sensors.ts'

export interface ScenarioOptions extends Partial<PlanOptions> {
  readonly seed: number
  /** Days without the warm-up. */
  readonly days: number
  /** Midnight UTC; default 1 January 2026. */
  readonly start_s?: number
  readonly sensors?: readonly SensorGroup[]
}

const MINUTE_S = 60
const DAY_S = 86_400
const START_S = Date.UTC(2026, 0, 1) / 1000
export const warm_up_days = 7

/**
 * SYNTHETIC observations of a region's sensors, minute by minute, as rows of the wire, with labels that say what was planted.
 * The same options give the same bytes. Nothing in it was observed anywhere.
 */
export class Scenario {
  readonly world: ScenarioWorld
  readonly sensors: readonly ScenarioSensor[]
  /** Planted events, and in the background everything that a detector may rightly find. */
  readonly labels: readonly Label[]
  readonly worms: readonly WormTruth[]
  /** From here on detectors are scored. */
  readonly scored_from_s: number
  readonly #processes: readonly Process[]
  readonly #minute: Minute
  #next_s: number

  constructor(options: ScenarioOptions) {
    const warm_up = options.warm_up_days ?? warm_up_days
    const sensors = sensorsOf(options.sensors ?? usualSensors)
    const start_s = options.start_s ?? START_S
    const world: ScenarioWorld = { seed: options.seed, sensors, addresses: addressesOf(sensors), start_s, end_s: start_s + (warm_up + options.days) * DAY_S }
    const { events, harmless } = options
    const planted = plan(world, { warm_up_days: warm_up, strengths: options.strengths ?? ['medium'], ...(events ? { events } : {}), ...(harmless ? { harmless } : {}) })
    this.world = world
    this.sensors = sensors
    this.scored_from_s = start_s + warm_up * DAY_S
    const noise = noiseOf(world)
    const harmless_hosts = options.harmless === undefined || options.harmless.includes('research') ? [researchLabel(this.scored_from_s, world.end_s)] : []
    this.labels = [...planted.flatMap((one) => one.labels), ...harmless_hosts, ...noise.labels]
    this.worms = planted.flatMap((one: Planted) => one.worm ?? [])
    // Outages and clocks come first: they set what the minute's packets meet.
    this.#processes = [...planted.toReversed().map(({ process }) => process), ...noise.processes]
    this.#minute = new Minute(sensors)
    this.#next_s = start_s
  }

  /** The next minute, before `end_s`. */
  get next_s(): number {
    return this.#next_s
  }

  get packets(): number {
    return this.#minute.packets
  }

  get rows(): number {
    return this.#minute.rows
  }

  /** Gives the rows of the next minute; false when the end is reached. Bodies are valid until it is called again. */
  step(emit: Emit): boolean {
    const minute_s = this.#next_s
    if (minute_s >= this.world.end_s) return false
    for (const process of this.#processes) process.draw(minute_s, this.#minute)
    this.#minute.write(minute_s, emit)
    this.#next_s = minute_s + MINUTE_S
    return true
  }
}

function noiseOf(world: ScenarioWorld): { readonly processes: readonly Process[]; readonly labels: readonly Label[] } {
  const scanners = new Scanners(world)
  const backscatter = new Backscatter(world)
  const reflections = new Reflections(world)
  const strains = strainKinds.map((kind, i) => new Strain(world, kind, i))
  return {
    processes: [...strains, new Research(world), scanners, new Tail(world), new Strays(world), backscatter, reflections, new Visits(world)],
    labels: [...scanners.labels, ...backscatter.labels, ...reflections.labels, ...strainLabels(world)],
  }
}

/** Known research scanners, all of them and always: nothing may be found because of one. */
const researchLabel = (from_s: number, to_s: number): Label => ({
  id: 'research-hosts', event: 'research', kinds: [], strength: 'obvious', start: formatSeconds(from_s), end: formatSeconds(to_s),
  subjects: Array.from({ length: research_hosts }, (_, i) => ({ source: dotted(researchHost(i)) })),
})

/** Whoever sends SYNs or probes to the ports of a strain scans: nothing else makes them. */
function strainLabels({ start_s, end_s }: ScenarioWorld): Label[] {
  return strainKinds.map(({ name, ports, shape }) => ({
    id: `strain-${name}`, event: 'strain', kinds: ['scan'], strength: 'background', start: formatSeconds(start_s), end: formatSeconds(end_s),
    subjects: shape === 'echo' ? [{ protocol: 'icmp' }] : ports.map(([port]) => ({ protocol: shape.startsWith('udp') ? 'udp' : 'tcp', port })),
  }))
}
