import { sql, type Kysely } from 'kysely'
import { bounds } from '../model.ts'
import { bulletinDb, type BulletinRecord, type DeliveryRecord, type MessageRecord, type SubscriptionRecord } from '../tables.ts'
import type { BulletinTools } from '../tools.ts'
import { subscriptionById } from '../subscription-store.ts'

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
 * Bulletins that the deliveries tell of. Shared locks: who withdraws one either sees this message as being sent, or has done
 * so before and we see that.
 */
async function lockBulletins(t: Db, deliveries: readonly DeliveryRecord[]): Promise<ReadonlyMap<string, BulletinRecord>> {
  const uuids = deliveries.filter(({ content }) => content === null).map(({ object }) => object)
  const rows = uuids.length === 0 ? [] : await bulletinDb(t).selectFrom('bulletin').selectAll().where('uuid', 'in', uuids).orderBy('id').forShare().execute()
  return new Map(rows.map((row) => [row.uuid, row]))
}

/** Takes releases out that were withdrawn since. */
async function withoutWithdrawn(t: Db, deliveries: readonly DeliveryRecord[], bulletins: ReadonlyMap<string, BulletinRecord>): Promise<readonly DeliveryRecord[]> {
  const gone = deliveries.filter(({ what, object }) => what === 'released' && bulletins.get(object)?.state === 'withdrawn')
  if (gone.length === 0) return deliveries
  await bulletinDb(t).updateTable('warning_delivery').set({ state: 'failed', problem: 'withdrawn' }).where('id', 'in', gone.map(({ id }) => id)).execute()
  return deliveries.filter((one) => !gone.includes(one))
}

/**
 * Takes a message to send, in one transaction that skips what other processes hold. `not_by`: channels that rest now. `over`: it
 * had nothing to tell any more. Undefined: nothing is due.
 */
export function claimOne({ db, world }: Pick<BulletinTools, 'db' | 'world'>, not_by: readonly string[]): Promise<Claimed | 'over' | undefined> {
  return db.transaction().execute(async (t) => {
    const message = await take(t, world.now(), not_by)
    return message && loaded(t, message)
  })
}

/** What a message tells now; one that has nothing left is over, and noted so. */
export async function loaded(t: Db, message: MessageRecord): Promise<Claimed | 'over'> {
  const waiting = await bulletinDb(t).selectFrom('warning_delivery').selectAll().where('message_id', '=', message.id).where('state', '=', 'waiting').where('what', '<>', 'test').orderBy('id').execute()
  const bulletins = await lockBulletins(t, waiting)
  const deliveries = await withoutWithdrawn(t, waiting, bulletins)
  if (deliveries.length > 0 || message.test) return { message, deliveries, bulletins, subscription: await subscriptionById(t, message.subscription_id) }
  await bulletinDb(t).updateTable('warning_message').set({ state: 'failed', problem: 'withdrawn', lease_until: null }).where('id', '=', message.id).execute()
  return 'over'
}
