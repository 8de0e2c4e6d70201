import { DAY_S } from '@hirundo/base'
import type { Slice } from '../../core/slice.ts'
import type { Detection } from '../../model.ts'
import { synchronised } from '../../synchronised.ts'
import { synchronisedDefaults, type SynchronisedParameters } from '../parameters.ts'
import { failures, fleet, flood, heavy, hourly, research, type Botnet, type Pattern } from './plants.ts'
import { worldPort, type Plant, type World } from './world.ts'

export interface Given {
  readonly detection: Detection
  /** Second at which it was given. */
  readonly at: number
}
export const scene = { addresses: 270, sensors: 60, own: { economies: [], asns: [], networks: [] } }

/** All that a run gives over some days, and what it shed. */
export function runOver(world: World, days: number, parameters: SynchronisedParameters = synchronisedDefaults, also: (slice: Slice) => void = () => {}) {
  const run = synchronised.start(parameters, scene)
  const given: Given[] = []
  let packets = 0
  world.each(days * 1440, (slice) => {
    for (let i = 0; i < slice.flows.rows; i++) packets += slice.flows.scan[i]!
    for (const detection of run.minute!(slice)) given.push({ detection, at: slice.minute + 60 })
    also(slice)
  })
  for (const detection of run.end()) given.push({ detection, at: world.options.start + days * DAY_S })
  return { given, shed: run.shed, packets }
}

/** Alarms as people see them: events of notice and above, of each the last word. */
export function alarms(given: readonly Given[]): Detection[] {
  const last = new Map(given.map(({ detection }) => [`${detection.subject.port} ${detection.start}`, detection]))
  return [...last.values()].filter(({ severity }) => severity !== 'record')
}

/** What must raise nobody; the fleet and the hourly service, which nobody told the detector of, are apart. */
export const harmless = (start: number): readonly Plant[] => [research, heavy, flood, failures(start)]
export const unlisted = (start: number): readonly Plant[] => [fleet(start + DAY_S), hourly(worldPort(150), 60)]

export const patterns: readonly Pattern[] = ['bursts', 'half hours', 'onset']

/** Botnets of three hours, one each four hours from the second day on. `rank`: on ports with traffic of their own from this rank on. */
export function botnets(seed: number, start: number, days: number, bots: number, rate: number, rank?: number): Botnet[] {
  const each_s = 4 * 3600
  return Array.from({ length: Math.floor(((days - 1) * DAY_S) / each_s) - 1 }, (_, i) => {
    const begin = start + DAY_S + i * each_s + ((seed * 7 + i * 13) % 60) * 60
    return { id: 9_000_000 + seed * 1000 + i, port: rank === undefined ? 61_100 + i : worldPort(rank + i), bots, start: begin, end: begin + 3 * 3600, pattern: patterns[i % 3]!, rate }
  })
}

/** Second at which an alarm of it was first given. */
export const foundAt = (given: readonly Given[], net: Botnet): number | undefined =>
  given.find(({ detection: { subject, start, end, severity }, at }) => subject.port === net.port && severity !== 'record' && end > net.start && start < net.end && at >= net.start)?.at
