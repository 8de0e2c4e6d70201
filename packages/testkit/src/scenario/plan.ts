import { between } from './draws.ts'
import { botnetSwitch, burst, discovery, worm, type Place } from './events/outbreaks.ts'
import type { Planted } from './events/crowd.ts'
import { flood, newCredential, ownHost, reflection, slowScan } from './events/few.ts'
import { clockJump, outage, survey, type Quiet } from './events/harmless.ts'
import { PortPicker } from './port-picker.ts'
import { parts, streamOf, type ScenarioWorld } from './process.ts'
import { strengths, type Strength } from './strengths.ts'

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86_400

export const plantedEvents = ['worm', 'burst', 'botnet-switch', 'slow-scan', 'new-cve', 'rsdos', 'drdos', 'own-host', 'new-credential'] as const
export type PlantedEvent = (typeof plantedEvents)[number]
export const harmlessEvents = ['research', 'outage', 'clock-jump'] as const
export type HarmlessEvent = (typeof harmlessEvents)[number]

/** Events in thirty days of medium strength, and of each other strength; days that must be left after their start. */
const amounts: Readonly<Record<PlantedEvent, readonly [medium: number, other: number, days_left: number]>> = {
  'worm': [2, 1, 3.5], 'burst': [4, 1, 1.5], 'botnet-switch': [3, 1, 1.5], 'slow-scan': [4, 1, 6.5], 'new-cve': [2, 1, 10],
  'rsdos': [7, 2, 0.1], 'drdos': [7, 2, 0.1], 'own-host': [4, 1, 4], 'new-credential': [3, 1, 4],
}
const harmlessAmounts: Readonly<Record<HarmlessEvent, number>> = { 'research': 4, 'outage': 4, 'clock-jump': 4 }

const makers: Readonly<Record<PlantedEvent, (world: ScenarioWorld, place: Place, ports: PortPicker) => Planted>> = {
  'worm': worm, 'burst': burst, 'botnet-switch': (world, place, ports) => botnetSwitch(world, place, ports.rare()), 'slow-scan': slowScan,
  'new-cve': discovery, 'rsdos': flood, 'drdos': reflection, 'own-host': ownHost, 'new-credential': newCredential,
}

export interface PlanOptions {
  /** Nothing is planted before it: detectors learn. */
  readonly warm_up_days: number
  readonly strengths: readonly Strength[]
  /** Absent: all. */
  readonly events?: readonly PlantedEvent[]
  readonly harmless?: readonly HarmlessEvent[]
}

/** What is planted, drawn from the seed: nothing before the warm-up is over, ports never twice. */
export function plan(world: ScenarioWorld, options: PlanOptions): Planted[] {
  const random = streamOf(world, parts.plan)
  const ports = new PortPicker(world)
  const from_s = world.start_s + options.warm_up_days * DAY_S
  const days = (world.end_s - from_s) / DAY_S
  const planted: Planted[] = []
  let event = 0
  // Everything is drawn, whether it is wanted or not: what is asked for does not move the rest.
  for (const kind of plantedEvents) {
    const [medium, other, days_left] = amounts[kind]
    for (const strength of strengths) {
      const count = countFor(strength === 'medium' ? medium : other, days)
      for (let i = 0; i < count; i++) {
        // Spread evenly, each somewhere within its part of the time.
        const room_s = Math.max(0, world.end_s - days_left * DAY_S - from_s)
        const start_s = minute(from_s + HOUR_S + (room_s * (i + between(random, 0.05, 0.95))) / count)
        const place = { id: `${kind}-${strength}-${i + 1}`, event: ++event, strength, start_s, port: ports.forEvent(kind, i) }
        const one = makers[kind](world, place, ports)
        if (options.strengths.includes(strength) && (options.events?.includes(kind) ?? true)) planted.push(one)
      }
    }
  }
  for (const kind of harmlessEvents) {
    const count = countFor(harmlessAmounts[kind], days)
    for (let i = 0; i < count; i++) {
      const start_s = minute(from_s + 2 * HOUR_S + ((world.end_s - from_s - 12 * HOUR_S) * (i + between(random, 0.1, 0.9))) / count)
      const quiet: Quiet = { id: `${kind}-${i + 1}`, event: ++event, start_s }
      const port = ports.rare()
      const one = kind === 'research' ? survey(world, quiet, port) : kind === 'outage' ? outage(world, quiet) : clockJump(world, quiet)
      if (options.harmless?.includes(kind) ?? true) planted.push(one)
    }
  }
  return planted
}

/** At least one of each, however short the time. */
const countFor = (in_thirty_days: number, days: number): number => Math.max(1, Math.round((in_thirty_days * days) / 30))
const minute = (second: number): number => Math.floor(second / MINUTE_S) * MINUTE_S
