import { ok } from '@hirundo/base'
import { cancelBacktest, getBacktest, listDetectors, startBacktest } from '@hirundo/contract'
import { handle, type Handler, type Platform } from '../../../platform/module.ts'
import { detectors } from '../detectors/registry.ts'
import type { Backtests } from './backtests.ts'
import { detectorView } from './detector-views.ts'
import type { FindingRecords } from './model.ts'
import type { Watch } from './watch.ts'

export interface WatchRoutes {
  readonly platform: Pick<Platform, 'world'>
  readonly watch: Watch
  readonly backtests: Backtests
  readonly records: FindingRecords
}

/** Health of detectors, and backtests. */
export const watchHandlers = ({ platform, watch, backtests, records }: WatchRoutes): readonly Handler[] => [
  handle(listDetectors, async (_, { actor }) => {
    const status = watch.status(actor!.organisation_id)
    const known = await records.byKind(actor!.organisation_id)
    const seen = { status, now_s: Math.floor(platform.world.now() / 1000), late_after_s: watch.config.late_after_s }
    const addresses = status?.setup?.scene.addresses ?? 0
    return ok({
      detectors: detectors.map((detector) => detectorView(detector, seen, known[detector.kind])),
      addresses: addresses > 0 ? addresses : null, late_replays: status?.late_replays ?? 0,
    })
  }),
  handle(startBacktest, async ({ body }, { actor }) => backtests.start(actor!, body)),
  handle(getBacktest, async ({ params }, { actor }) => backtests.get(actor!, params.id)),
  handle(cancelBacktest, ({ params }, { actor }) => backtests.cancel(actor!, params.id)),
]
