import { sql, type Kysely } from 'kysely'
import { bounds, retryAfterMs, type ProblemOfDelivery } from '../model.ts'
import { bulletinDb, type MessageRecord } from '../tables.ts'
import type { BulletinTools } from '../tools.ts'

type Db = Kysely<unknown>
type Tools = Pick<BulletinTools, 'db' | 'world'>

/** How a sending ended. */
export type Outcome =
  | { readonly kind: 'sent', readonly detail: string }
  | { readonly kind: 'again', readonly problem: ProblemOfDelivery, readonly detail: string, readonly after_ms?: number }
  | { readonly kind: 'failed' | 'unknown', readonly problem: ProblemOfDelivery, readonly detail: string }

/**
 * Notes that a mail is being handed over, if the message is still ours; from here on an end that nobody noted means that nobody
 * knows. Throws when it is not ours: then nothing may leave.
 */
export async function noteHandOver({ db, world }: Tools, { id, attempts }: MessageRecord): Promise<void> {
  const now = new Date(world.now())
  const { numUpdatedRows } = await bulletinDb(db).updateTable('warning_message').set({ handed_over_at: now })
    .where('id', '=', id).where('state', '=', 'sending').where('attempts', '=', attempts).where('lease_until', '>', now).executeTakeFirstOrThrow()
  if (numUpdatedRows !== 1n) throw new Error('the lease of the message is over')
}

/** Attempts have an end. */
function finalOf(outcome: Outcome, attempts: number): Outcome {
  return outcome.kind === 'again' && attempts >= bounds.attempts_max ? { kind: 'failed', problem: outcome.problem, detail: outcome.detail } : outcome
}

/**
 * Writes down how a sending ended: message, deliveries and subscription in one transaction. Who lost the lease meanwhile may
 * still say what became of a mail, and nothing else.
 */
export function settle({ db, world }: Tools, { id, attempts, subscription_id }: MessageRecord, given: Outcome): Promise<void> {
  const outcome = finalOf(given, attempts)
  const now_ms = world.now()
  return db.transaction().execute(async (t) => {
    const states = outcome.kind === 'sent' ? ['sending', 'unknown'] as const : ['sending'] as const
    const waits = outcome.kind === 'again'
    const { numUpdatedRows } = await bulletinDb(t).updateTable('warning_message').set({
      state: outcome.kind === 'again' ? 'waiting' : outcome.kind, lease_until: null,
      ...(outcome.kind === 'sent' ? { sent_at: new Date(now_ms), problem: null, problem_detail: null } : { problem: outcome.problem, problem_detail: outcome.detail }),
      ...(waits ? { handed_over_at: null, due_at: new Date(now_ms + Math.max(outcome.after_ms ?? 0, retryAfterMs(attempts))) } : {}),
    }).where('id', '=', id).where('attempts', '=', attempts).where('state', 'in', states).executeTakeFirstOrThrow()
    if (numUpdatedRows !== 1n) return
    if (outcome.kind !== 'again') await endDeliveries(t, id, outcome.kind)
    await bulletinDb(t).updateTable('warning_subscription')
      .set(outcome.kind === 'sent' ? { last_sent_at: new Date(now_ms), problem: null, problem_detail: null } : { problem: outcome.problem, problem_detail: outcome.detail })
      .where('id', '=', subscription_id).execute()
  })
}

/** What was told is not kept a second time: the finding and the bulletin have it. */
const endDeliveries = (t: Db, message_id: number, state: 'sent' | 'failed' | 'unknown'): Promise<unknown> =>
  bulletinDb(t).updateTable('warning_delivery').set({ state, content: null }).where('message_id', '=', message_id).where('state', 'in', ['waiting', 'unknown']).execute()

/**
 * Looks after messages whose process ended while it sent them: a mail that was handed over is never sent again, everything else
 * is. Gives how many there were.
 */
export function recover({ db, world }: Tools): Promise<number> {
  return db.transaction().execute(async (t) => {
    const now = new Date(world.now())
    const { rows } = await sql<{ id: number, state: string }>`update warning_message set lease_until = null,
        state = case when handed_over_at is not null then 'unknown' when attempts >= ${bounds.attempts_max} then 'failed' else 'waiting' end,
        problem = case when handed_over_at is not null then 'mail_unknown' else problem end
      where id in (select id from warning_message where state = 'sending' and lease_until <= ${now} for update skip locked) returning id, state`.execute(t)
    for (const { id, state } of rows) if (state !== 'waiting') await endDeliveries(t, id, state as 'failed' | 'unknown')
    return rows.length
  })
}
