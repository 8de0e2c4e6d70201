import type { Module, Platform } from '../../platform/module.ts'
import { Gate } from './gate.ts'
import { migrations } from './migrations/index.ts'
import type { LabelledThings } from './preview.ts'
import { policyHandlers } from './routes.ts'
import { Verdicts } from './verdicts/verdicts.ts'

/** Labels, who may see what, and the one way out. */
export interface Policy {
  readonly module: Module
  readonly verdicts: Verdicts
  readonly gate: Gate
  /** A module of a higher rank tells how many things it has by label, for previews; before the node starts. */
  register(things: LabelledThings): void
}

/** New labels and policy sets are decided on for known viewers within about this time; whoever asks before waits for it. */
const RENEW_EVERY_MS = 1000

export function policy(platform: Pick<Platform, 'db' | 'world' | 'audit' | 'log'>): Policy {
  const verdicts = new Verdicts(platform)
  const things: LabelledThings[] = []
  let timer: NodeJS.Timeout | undefined
  let renewing: Promise<void> | undefined
  const renew = (): void => {
    renewing ??= verdicts.renew()
      .catch((error: unknown) => platform.log.warn({ part: 'policy', err: error }, 'verdicts could not be renewed; will be tried again'))
      .finally(() => { renewing = undefined })
  }
  return {
    module: {
      name: 'policy', migrations, handlers: policyHandlers({ ...platform, verdicts, things }),
      async start() {
        timer = setInterval(renew, RENEW_EVERY_MS).unref()
      },
      async stop() {
        clearInterval(timer)
        await renewing
      },
    },
    verdicts, gate: new Gate(verdicts),
    register: (more) => void things.push(more),
  }
}
