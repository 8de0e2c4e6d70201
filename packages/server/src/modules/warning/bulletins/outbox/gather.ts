import { uuidV4 } from '@hirundo/base'
import type { Severity } from '@hirundo/contract'
import { sql, type Kysely } from 'kysely'
import { deliveriesPerHourMax } from '../../../../platform/notify/settings.ts'
import { bounds, planOf, type Plan } from '../model.ts'
import { sendableAt } from '../schedule.ts'
import { bulletinDb, type DeliveryRecord, type SubscriptionRecord } from '../tables.ts'
import type { BulletinTools } from '../tools.ts'
import { byAddress, type Address } from './address.ts'
import { stillTold } from './still-told.ts'

type Db = Kysely<unknown>
const HOUR_MS = 3_600_000

/**
 * A subscription with something due that is in no message yet; locked, so that no other process gathers for it. Not with the lock
 * that keeps others from referring to it: findings are stored and bulletins withdrawn meanwhile.
 */
async function lockDue(t: Db, now: Date): Promise<SubscriptionRecord | undefined> {
  const { rows } = await sql<SubscriptionRecord>`select s.* from warning_subscription s where exists (
      select 1 from warning_delivery d where d.subscription_id = s.id and d.state = 'waiting' and d.message_id is null and d.due_at <= ${now})
    order by s.id limit 1 for no key update of s skip locked`.execute(t)
  return rows[0]
}

const dueOf = (t: Db, subscription_id: number, now: Date): Promise<DeliveryRecord[]> =>
  bulletinDb(t).selectFrom('warning_delivery').selectAll().where('subscription_id', '=', subscription_id).where('state', '=', 'waiting').where('message_id', 'is', null)
    .where('due_at', '<=', now).orderBy('id').limit(bounds.waiting_max).execute()

/** Puts off what is in no message yet, each by its severity. */
async function postpone(t: Db, deliveries: readonly DeliveryRecord[], until: (severity: Severity) => number): Promise<void> {
  for (const severity of new Set(deliveries.map((one) => one.severity))) {
    const ids = deliveries.filter((one) => one.severity === severity).map(({ id }) => id)
    await bulletinDb(t).updateTable('warning_delivery').set({ due_at: new Date(until(severity)) }).where('id', 'in', ids).execute()
  }
}

/** What is due and may be sent now; the rest waits for the end of the quiet hours. */
async function outOfQuiet(t: Db, { quiet }: SubscriptionRecord, due: readonly DeliveryRecord[], at_ms: number): Promise<DeliveryRecord[]> {
  const held = due.filter(({ severity }) => sendableAt(at_ms, quiet, severity) > at_ms)
  await postpone(t, held, (severity) => sendableAt(at_ms, quiet, severity))
  return due.filter((one) => !held.includes(one))
}

async function paceOf(t: Db, { id }: SubscriptionRecord, now_ms: number): Promise<{ sent_last_hour: number, last_ms: number | null }> {
  const row = await bulletinDb(t).selectFrom('warning_message').select((e) => [e.fn.countAll<number>().as('count'), e.fn.max('created_at').as('last')])
    .where('subscription_id', '=', id).where('created_at', '>', new Date(now_ms - HOUR_MS)).executeTakeFirstOrThrow()
  return { sent_last_hour: Number(row.count), last_ms: (row.last as Date | null)?.getTime() ?? null }
}

interface NewMessage {
  readonly address: Address
  readonly deliveries: readonly DeliveryRecord[]
  readonly joined: boolean
}

async function insertMessages(t: Db, tools: BulletinTools, subscription: SubscriptionRecord, messages: readonly NewMessage[]): Promise<void> {
  const now = new Date(tools.world.now())
  const { organisation_id, id: subscription_id, language, shed } = subscription
  for (const [i, { address: { channel, target, secret, person_id }, deliveries, joined }] of messages.entries()) {
    const { id } = await bulletinDb(t).insertInto('warning_message').values({
      uuid: uuidV4(tools.world), organisation_id, subscription_id, channel, target, secret, person_id, language, joined,
      left_out: i === 0 ? shed : 0, state: 'waiting', due_at: now, created_at: now, lease_until: null, handed_over_at: null, sent_at: null, problem: null, problem_detail: null,
    }).returning('id').executeTakeFirstOrThrow()
    await bulletinDb(t).updateTable('warning_delivery').set({ message_id: id }).where('id', 'in', deliveries.map((one) => one.id)).where('state', '=', 'waiting').execute()
  }
  if (shed > 0) await bulletinDb(t).updateTable('warning_subscription').set({ shed: 0 }).where('id', '=', subscription_id).execute()
}

/** What is in one message goes to one address. */
async function messagesOf(t: Db, subscription: SubscriptionRecord, plan: Exclude<Plan, { kind: 'later' }>, due: readonly DeliveryRecord[]): Promise<NewMessage[]> {
  const groups = await byAddress(t, subscription, due)
  if (plan.kind === 'one') return groups.map(({ address, deliveries }) => ({ address, deliveries, joined: plan.joined && deliveries.length > 1 }))
  return groups.flatMap(({ address, deliveries }) => deliveries.map((one) => ({ address, deliveries: [one], joined: false })))
}

/**
 * Makes messages of what is due for one subscription, in one transaction: a delivery is in one message or in none. False when
 * nothing is due for anybody whom no other process looks after.
 */
export function gatherOnce(tools: BulletinTools): Promise<boolean> {
  return tools.db.transaction().execute(async (t) => {
    const now_ms = tools.world.now()
    const now = new Date(now_ms)
    const subscription = await lockDue(t, now)
    if (!subscription) return false
    const { deliveries } = await stillTold(t, subscription, await dueOf(t, subscription.id, now), now)
    const due = await outOfQuiet(t, subscription, deliveries, now_ms)
    if (due.length === 0) return true
    const per_hour_max = await tools.settings.get(deliveriesPerHourMax)
    const plan = planOf({ digest: subscription.digest !== 'at-once', due: due.length, per_hour_max, now_ms, ...(await paceOf(t, subscription, now_ms)) })
    if (plan.kind === 'later') await postpone(t, due, (severity) => sendableAt(plan.at_ms, subscription.quiet, severity))
    else await insertMessages(t, tools, subscription, await messagesOf(t, subscription, plan, due))
    return true
  })
}
