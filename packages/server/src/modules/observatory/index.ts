import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Module, Platform } from '../../platform/module.ts'
import { observatoryDefaults, observatorySettings, type ObservatoryConfig } from './config.ts'
import { answerHandlers } from './answers/routes.ts'
import { interactionHandlers } from './interactions/routes.ts'
import { LiveFeeds } from './live/feeds.ts'
import { liveHandlers } from './live/routes.ts'
import { observatoryChecks, observatoryFacts } from './health.ts'
import { migrations } from './migrations/index.ts'
import { Projections } from './projections.ts'
import { Service } from './service.ts'
import { sensorHandlers } from './sensors/routes.ts'
import { collectorHandlers } from './collector/routes.ts'

export { simulatedBlocks, simulatedEconomies, simulatedNetworks, simulatedResearch, type SimulatedNetwork } from './networks/simulated.ts'
export { observatoryAnswers, type ObservatoryAnswers } from './answers/asking.ts'
export { ownDecoys } from './interactions/decoys.ts'
export { observatoryDefaults, type ObservatoryConfig } from './config.ts'
export { blocksUpTo, newestPlan, Projections } from './projections.ts'
export { organisationsWatching, sensorsWatching, type WatchingSensor } from './sensors/watching.ts'

/** Sensors, what they observe, and answers about it. `config` replaces single defaults; `projections` hears of what is new. */
export function observatory(platform: Platform, config: Partial<ObservatoryConfig> = {}, projections: Projections = new Projections()): Module {
  const whole = { ...observatoryDefaults, ...config }
  const log = platform.log.child({ part: 'observatory' })
  const live = new LiveFeeds({ ...platform, log }, whole)
  const service = new Service({ ...platform, log }, whole, join(platform.data_dir, 'observatory'), (draft) => {
    live.projected(draft)
    projections.tell(draft)
  })
  return {
    name: 'observatory',
    migrations,
    settings: observatorySettings,
    handlers: [
      ...sensorHandlers(platform, whole, (organisation_id) => live.sensors(organisation_id)), ...collectorHandlers(service),
      ...answerHandlers(platform, service), ...interactionHandlers(platform), ...liveHandlers(live),
    ],
    start: async () => {
      await mkdir(service.directory, { recursive: true, mode: 0o700 })
      await service.start()
    },
    stop: () => service.stop(),
    checks: () => observatoryChecks(service, whole),
    facts: () => observatoryFacts(platform, whole),
    backup: (to) => service.backup(to),
    backedUp: () => service.backedUp(),
  }
}
