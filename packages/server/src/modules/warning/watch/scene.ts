import { createHash } from 'node:crypto'
import { formatCidr, parseCidr } from '@hirundo/base'
import type { FindingKind } from '@hirundo/contract'
import type { Platform } from '../../../platform/module.ts'
import type { Detector, Scene } from '../detectors/model.ts'
import { detectors } from '../detectors/registry.ts'
import { ownDecoys, sensorsWatching, type WatchingSensor } from '../../observatory/index.ts'
import { detectorParameters, observingAddresses, ownAsns, ownEconomies, ownNetworks, warmUpDays } from './settings.ts'

export type Parameters = Readonly<Partial<Record<FindingKind, object>>>

/** What detectors run with. */
export interface Setup {
  readonly scene: Scene
  readonly parameters: Parameters
  /** Another one: saved states cannot be used. */
  readonly fingerprint: string
  readonly warm_up_days: number
  /** Own decoys; they go into no answer, log or error. */
  readonly hidden: readonly string[]
  readonly sensors: readonly WatchingSensor[]
  readonly simulated: boolean
}

/** Version of what a state holds beside the detectors' own. */
const STATE = 1

/** Sixteen hexadecimal digits of all that a state depends on. */
export function fingerprintOf(scene: Scene, parameters: Parameters, all: readonly Detector[]): string {
  const runs = all.map(({ kind, version, defaults }) => [kind, version, { ...defaults, ...parameters[kind] }])
  return createHash('sha256').update(JSON.stringify([STATE, scene, runs])).digest('hex').slice(0, 16)
}

const sorted = <T>(values: readonly T[]): readonly T[] => [...new Set(values)].toSorted()

async function ownOf({ settings }: Pick<Platform, 'settings'>): Promise<Scene['own']> {
  const [economies, asns, networks] = await Promise.all([settings.get(ownEconomies), settings.get(ownAsns), settings.get(ownNetworks)])
  return {
    economies: sorted(economies), asns: sorted(asns.map((text) => Number(text.replace('AS', '')))),
    // One with host bits is none: it is left out as the settings page says.
    networks: sorted(networks.flatMap((text) => {
      const cidr = parseCidr(text)
      return cidr.ok ? [formatCidr(cidr.value)] : []
    })),
  }
}

/** As settings and sensors of the organisation are now. */
export async function setupOf(platform: Pick<Platform, 'db' | 'world' | 'settings'>, organisation_id: number, live_within_ms: number, all: readonly Detector[] = detectors): Promise<Setup> {
  const { db, world, settings } = platform
  const [own, parameters, warm_up_days, given, hidden, sensors] = await Promise.all([
    ownOf(platform), settings.get(detectorParameters) as Promise<Parameters>, settings.get(warmUpDays), settings.get(observingAddresses),
    ownDecoys(db, organisation_id), sensorsWatching(db, organisation_id, world.now(), live_within_ms),
  ])
  const addresses = given > 0 ? given : sensors.reduce((sum, one) => sum + one.addresses, 0)
  const scene: Scene = { addresses, sensors: sensors.length, own }
  return {
    scene, parameters, warm_up_days, hidden, sensors, simulated: sensors.some(({ simulated }) => simulated),
    fingerprint: fingerprintOf(scene, parameters, all),
  }
}
