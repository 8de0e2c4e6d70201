import { sql, type Kysely } from 'kysely'
import { bounds, worst } from '../model.ts'
import { sendableAt } from '../schedule.ts'
import { bulletinDb, type BulletinRecord, type DeliveryRecord, type MessageRecord, type SubscriptionRecord } from '../tables.ts'
import type { BulletinTools } from '../tools.ts'
import { subscriptionById } from '../subscription-store.ts'
import { sameAddress } from './address.ts'
import { stillTold } from './still-told.ts'

type Db = Kysely<unknown>

/** A message that is this process's to send until its lease ends, with what it tells. */
export interface Claimed {
  readonly message: MessageRecord
  readonly subscription: SubscriptionRecord
  readonly deliveries: readonly DeliveryRecord[]
  /** By UUID. */
  readonly bulletins: ReadonlyMap<string, BulletinRecord>
}

/** One message that is due, of a subscription that nothing is being sent for: of one subscription one after the other. */
async function take(t: Db, now_ms: number, not_by: readonly string[]): Promise<MessageRecord | undefined> {
  const { rows } = await sql<MessageRecord>`update warning_message set state = 'sending', attempts = attempts + 1, lease_until = ${new Date(now_ms + bounds.lease_ms)}, handed_over_at = null
    where id = (select m.id from warning_message m where m.state = 'waiting' and m.due_at <= ${new Date(now_ms)} and m.channel <> all(${[...not_by]}::text[])
        and not exists (select 1 from warning_message o where o.subscription_id = m.subscription_id and o.state = 'sending')
      order by m.due_at, m.id limit 1 for update skip locked)
    returning *`.execute(t)
  return rows[0]
}

/**
 * Takes a message to send, in one transaction that skips what other processes hold. `not_by`: channels that rest now. `over`: it
 * had nothing to tell any more. Undefined: nothing is due.
 */
export function claimOne({ db, world }: Pick<BulletinTools, 'db' | 'world'>, not_by: readonly string[]): Promise<Claimed | 'over' | undefined> {
  return db.transaction().execute(async (t) => {
    const message = await take(t, world.now(), not_by)
    return message && loaded(t, message, world.now())
  })
}

const waitingOf = (t: Db, { id }: MessageRecord): Promise<DeliveryRecord[]> =>
  bulletinDb(t).selectFrom('warning_delivery').selectAll().where('message_id', '=', id).where('state', '=', 'waiting').orderBy('id').execute()

/** Ends a message before an attempt that is not made. */
async function end(t: Db, { id }: MessageRecord, problem: MessageRecord['problem']): Promise<'over'> {
  await bulletinDb(t).updateTable('warning_message').set({ state: 'failed', problem, lease_until: null }).where('id', '=', id).execute()
  return 'over'
}

/** The subscription sends elsewhere since the last attempt: messages are made anew for there. */
async function readdressed(t: Db, message: MessageRecord): Promise<'over'> {
  await bulletinDb(t).updateTable('warning_delivery').set({ message_id: null }).where('message_id', '=', message.id).where('state', '=', 'waiting').execute()
  return end(t, message, 'removed')
}

/** This attempt does not count: it was not made. */
async function putOff(t: Db, { id, attempts }: MessageRecord, until_ms: number): Promise<'over'> {
  await bulletinDb(t).updateTable('warning_message').set({ state: 'waiting', attempts: attempts - 1, due_at: new Date(until_ms), lease_until: null }).where('id', '=', id).execute()
  return 'over'
}

/**
 * What a message tells now, with what its subscription asks for now. `over`: it is not to be sent now, and that is noted: nothing of
 * it is left, it goes elsewhere, or quiet hours have begun.
 */
export async function loaded(t: Db, message: MessageRecord, now_ms: number): Promise<Claimed | 'over'> {
  const subscription = await subscriptionById(t, message.subscription_id)
  if (message.test) return { message, subscription, deliveries: [], bulletins: new Map() }
  const { deliveries, bulletins, dropped } = await stillTold(t, subscription, await waitingOf(t, message), new Date(now_ms))
  if (deliveries.length === 0) return end(t, message, dropped ?? 'removed')
  if (deliveries.every(({ reached_by }) => reached_by === null) && !sameAddress(message, subscription)) return readdressed(t, message)
  const sendable_ms = sendableAt(now_ms, subscription.quiet, worst(deliveries.map(({ severity }) => severity)))
  return sendable_ms > now_ms ? putOff(t, message, sendable_ms) : { message, subscription, deliveries, bulletins }
}
