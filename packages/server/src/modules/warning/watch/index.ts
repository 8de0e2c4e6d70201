import type { DetectorView } from '@hirundo/contract'
import type { Handler, Platform, Setting } from '../../../platform/module.ts'
import { detectors } from '../detectors/registry.ts'
import { Backtests } from './backtests.ts'
import { detectorView } from './detector-views.ts'
import type { FindingRecords } from './model.ts'
import { watchHandlers } from './routes.ts'
import { watchSettings } from './settings.ts'
import { seedOf, Watch, type WatchOptions } from './watch.ts'

export { watchDefaults, type WatchConfig } from './config.ts'
export type { WatchOptions } from './watch.ts'

/** The live half of warning, as its module takes it in. */
export interface WatchPart {
  readonly handlers: readonly Handler[]
  readonly settings: readonly Setting[]
  readonly watch: Watch
  /** How the detectors of an organisation are, without what is known of their findings. */
  detectorViews(organisation_id: number): readonly DetectorView[]
  start(): void
  stop(): Promise<void>
}

/** `options.sink` and `records` are findings'. */
export function watchPart(platform: Platform, options: WatchOptions, records: FindingRecords): WatchPart {
  const watch = new Watch(platform, options)
  const backtests = new Backtests({ platform, records, config: watch.config, seed: seedOf(platform), entry: options.entry })
  return {
    handlers: watchHandlers({ platform, watch, backtests, records }), settings: watchSettings, watch,
    detectorViews: (organisation_id) => {
      const seen = { status: watch.status(organisation_id), now_s: Math.floor(platform.world.now() / 1000), late_after_s: watch.config.late_after_s }
      return detectors.map((detector) => detectorView(detector, seen))
    },
    start: () => watch.start(),
    stop: async () => {
      await Promise.all([watch.stop(), backtests.stop()])
    },
  }
}
