import type { Kysely } from 'kysely'
import type { Check, Handler, Setting } from '../../../platform/module.ts'
import { notifySettings } from '../../../platform/notify/settings.ts'
import type { FindingEvents } from '../findings/events.ts'
import { bulletinsOfFinding } from './bulletin-store.ts'
import { findingNews } from './enqueue.ts'
import { bulletinNumber } from './model.ts'
import { messageCheck } from './outbox/health.ts'
import { Outbox, type OutboxPace } from './outbox/outbox.ts'
import { bulletinHandlersOf } from './routes.ts'
import type { BulletinTools } from './tools.ts'

export type { BulletinNote, BulletinTools } from './tools.ts'

export interface Bulletins {
  readonly handlers: readonly Handler[]
  readonly settings: readonly Setting[]
  /** To be called where findings are stored, with their transaction. */
  readonly events: FindingEvents
  checks(): Promise<readonly Check[]>
  start(): void
  stop(): Promise<void>
}

/** Drafts, releases, subscriptions, and the outbox that sends what they ask for. */
export function makeBulletins(tools: BulletinTools, pace: Partial<OutboxPace> = {}): Bulletins {
  const outbox = new Outbox(tools, pace)
  return {
    handlers: bulletinHandlersOf(tools), settings: notifySettings, events: findingNews(tools.world),
    checks: async () => [await messageCheck(tools.db, tools.world.now())],
    start: () => outbox.start(),
    stop: () => outbox.stop(),
  }
}

/** Bulletins about a finding, as `FindingView` names them. */
export async function bulletinsAbout(db: Kysely<unknown>, organisation_id: number, finding: string): Promise<{ id: string, number: string, state: string }[]> {
  const rows = await bulletinsOfFinding(db, organisation_id, finding)
  return rows.map((row) => ({ id: row.uuid, number: bulletinNumber(row), state: row.state }))
}
