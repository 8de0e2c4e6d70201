import type { DetectorView } from '@hirundo/contract'
import type { Platform } from '../../../platform/module.ts'
import { observatoryDefaults, sensorsWatching } from '../../observatory/index.ts'
import type { WatchHealth } from './summary.ts'

/** How the watch of an organisation is, by its detectors and sensors. `detectors`: each once, as `detectorView` says. */
export async function healthOf(
  { db, world }: Pick<Platform, 'db' | 'world'>, organisation_id: number, detectors: readonly Pick<DetectorView, 'state' | 'window_to'>[], live_within_ms = observatoryDefaults.live_within_ms,
): Promise<WatchHealth> {
  const sensors = await sensorsWatching(db, organisation_id, world.now(), live_within_ms)
  const to = detectors.flatMap(({ window_to }) => window_to ?? []).toSorted()
  return {
    detectors_ok: detectors.filter(({ state }) => state === 'ok').length, detectors_learning: detectors.filter(({ state }) => state === 'learning').length, detectors_total: detectors.length,
    // What all of them have looked at.
    watched_to: to[0] ?? null,
    sensors_live: sensors.filter(({ live }) => live).length, sensors_total: sensors.filter(({ kind }) => kind === 'live').length, simulated: sensors.some(({ simulated }) => simulated),
  }
}
