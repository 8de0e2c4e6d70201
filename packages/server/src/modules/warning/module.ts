import { Type } from 'typebox'
import type { Module, Platform, Setting } from '../../platform/module.ts'
import type { OwnEndpoint } from '../../platform/notify/outbound.ts'
import type { SmtpServer } from '../../platform/notify/smtp-url.ts'
import { observatoryAnswers, organisationsWatching, type Projections } from '../observatory/index.ts'
import { bulletinsAbout, makeBulletins } from './bulletins/index.ts'
import { findingHandlers, findingRecords, findingSink, forgetRecords, healthOf, noteBulletin, viewOf } from './findings/index.ts'
import { signsOf } from './findings/signs.ts'
import { Forecasts } from './forecast/forecasts.ts'
import { forecastHandlers } from './forecast/routes.ts'
import { migrations } from './migrations/index.ts'
import { watchPart, type WatchConfig } from './watch/index.ts'

/** What warning needs beside the platform. */
export interface WarningOptions {
  /** Tells that rows became queryable. */
  readonly projections?: Projections
  readonly watch?: Partial<WatchConfig>
  /** From the configuration; undefined: no mail is sent. */
  readonly smtp?: SmtpServer | undefined
  readonly public_url?: string | undefined
  /** The node and its stores: no webhook goes there. */
  readonly own?: readonly OwnEndpoint[]
}

export const recordRetentionDays = {
  key: 'warning.record_retention_days',
  summary: 'Days that findings which raise nobody are kept, if no person touched them; alarms are kept for ever',
  schema: Type.Integer({ minimum: 1, maximum: 3660 }),
  default: 90,
} satisfies Setting

const FORGET_EVERY_MS = 3_600_000
const DAY_MS = 86_400_000

/** Detectors over what sensors observe, findings, forecasts, bulletins and who is told. */
export function warning(platform: Platform, options: WarningOptions = {}): Module {
  const { db, world, log } = platform
  const answers = observatoryAnswers(platform)
  const bulletins = makeBulletins({
    ...platform, log: log.child({ part: 'bulletins' }), smtp: options.smtp, public_url: options.public_url, own: options.own ?? [],
    findingOf: (actor, id) => viewOf(viewTools, actor, id), note: (t, note) => noteBulletin(t, platform, note),
    sensorsOf: async (actor, { start, end }) => {
      const covered = await answers.coverage(actor, { from: start, to: end })
      return covered.ok ? covered.value.coverage.sensors_total : null
    },
  })
  const viewTools = { db, world, bulletinsOf: (organisation_id: number, finding: string) => bulletinsAbout(db, organisation_id, finding) }
  const records = findingRecords({ db, world })
  const forecasts = new Forecasts(answers, world)
  const { watch, ...part } = watchPart(platform, {
    sink: findingSink(platform, { events: bulletins.events }), ...(options.projections ? { projections: options.projections } : {}), ...(options.watch ? { config: options.watch } : {}),
  }, records)
  const forget = async (): Promise<void> => {
    const days = await platform.settings.get(recordRetentionDays)
    for (const organisation_id of await organisationsWatching(db)) await forgetRecords(db, organisation_id, new Date(world.now() - days * DAY_MS))
  }
  let timer: NodeJS.Timeout | undefined
  return {
    name: 'warning', migrations,
    settings: [...part.settings, recordRetentionDays, ...bulletins.settings],
    handlers: [
      ...findingHandlers({ ...platform, ...viewTools, answers, healthOf: (organisation_id) => healthOf(platform, organisation_id, part.detectorViews(organisation_id)) }),
      ...part.handlers, ...forecastHandlers(platform, forecasts, (organisation_id, since_s) => signsOf(db, organisation_id, since_s)), ...bulletins.handlers,
    ],
    async start() {
      part.start()
      bulletins.start()
      timer = setInterval(() => void forget().catch((error: unknown) => log.warn({ err: error, what: 'old records of findings' }, 'will be tried again')), FORGET_EVERY_MS).unref()
    },
    async stop() {
      clearInterval(timer)
      await Promise.all([part.stop(), bulletins.stop(), forecasts.stop()])
    },
    checks: async () => [...await watch.checks(), ...await bulletins.checks()],
  }
}
