import { uuidV4 } from '@hirundo/base'
import { sql, type Kysely } from 'kysely'
import { deliveriesPerHourMax } from '../../../../platform/notify/settings.ts'
import { mutedSql } from '../../findings/select.ts'
import { isSettled } from '../../model.ts'
import { findingDb } from '../../tables.ts'
import { bounds, planOf, tlpRank, type Plan } from '../model.ts'
import { bulletinDb, type DeliveryRecord, type SubscriptionRecord } from '../tables.ts'
import type { BulletinTools } from '../tools.ts'

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

async function drop(t: Db, ids: readonly number[], problem: NonNullable<DeliveryRecord['problem']>): Promise<void> {
  if (ids.length === 0) return
  await bulletinDb(t).updateTable('warning_delivery').set({ state: 'failed', problem, content: null }).where('id', 'in', [...ids]).execute()
}

/** Findings that are no longer to be told: muted, dismissed or labelled more strictly while they waited. */
async function settledOf(t: Db, { organisation_id, tlp_max }: SubscriptionRecord, due: readonly DeliveryRecord[], now: Date): Promise<Set<string>> {
  const uuids = [...new Set(due.filter(({ content }) => content !== null).map(({ object }) => object))]
  if (uuids.length === 0) return new Set()
  const rows = await findingDb(t).selectFrom('finding as f').select(['f.uuid', 'f.tlp', 'f.state', mutedSql(now).as('muted')])
    .where('f.organisation_id', '=', organisation_id).where('f.uuid', 'in', uuids).execute()
  return new Set(rows.filter(({ tlp, state, muted }) => muted || isSettled(state) || tlpRank(tlp) > tlpRank(tlp_max)).map(({ uuid }) => uuid))
}

/** What of it is still to be told; the rest is marked with the reason. */
async function stillTold(t: Db, subscription: SubscriptionRecord, due: readonly DeliveryRecord[], now: Date): Promise<DeliveryRecord[]> {
  const isLate = (one: DeliveryRecord) => one.what !== 'withdrawn' && (subscription.removed_at !== null || !subscription.active)
  const late = due.filter(isLate)
  await drop(t, late.map(({ id }) => id), subscription.removed_at === null ? 'paused' : 'removed')
  const rest = due.filter((one) => !isLate(one))
  const settled = await settledOf(t, subscription, rest, now)
  await drop(t, rest.filter(({ object }) => settled.has(object)).map(({ id }) => id), 'settled')
  return rest.filter(({ object }) => !settled.has(object))
}

async function paceOf(t: Db, { id }: SubscriptionRecord, now_ms: number): Promise<{ sent_last_hour: number, last_ms: number | null }> {
  const row = await bulletinDb(t).selectFrom('warning_message').select((e) => [e.fn.countAll<number>().as('count'), e.fn.max('created_at').as('last')])
    .where('subscription_id', '=', id).where('created_at', '>', new Date(now_ms - HOUR_MS)).executeTakeFirstOrThrow()
  return { sent_last_hour: Number(row.count), last_ms: (row.last as Date | null)?.getTime() ?? null }
}

interface NewMessage {
  readonly deliveries: readonly DeliveryRecord[]
  readonly joined: boolean
}

async function insertMessages(t: Db, tools: BulletinTools, subscription: SubscriptionRecord, messages: readonly NewMessage[]): Promise<void> {
  const now = new Date(tools.world.now())
  const { organisation_id, id: subscription_id, channel, language, shed } = subscription
  for (const [i, { deliveries, joined }] of messages.entries()) {
    const { id } = await bulletinDb(t).insertInto('warning_message').values({
      uuid: uuidV4(tools.world), organisation_id, subscription_id, channel, language, joined, target: deliveries[0]!.target ?? subscription.target,
      left_out: i === 0 ? shed : 0, state: 'waiting', due_at: now, created_at: now, lease_until: null, handed_over_at: null, sent_at: null, problem: null, problem_detail: null,
    }).returning('id').executeTakeFirstOrThrow()
    await bulletinDb(t).updateTable('warning_delivery').set({ message_id: id }).where('id', 'in', deliveries.map((one) => one.id)).where('state', '=', 'waiting').execute()
  }
  if (shed > 0) await bulletinDb(t).updateTable('warning_subscription').set({ shed: 0 }).where('id', '=', subscription_id).execute()
}

/** Withdrawals may go elsewhere than the subscription sends now: what is in one message has one target. */
function byTarget(deliveries: readonly DeliveryRecord[]): DeliveryRecord[][] {
  const groups = new Map<string | null, DeliveryRecord[]>()
  for (const one of deliveries) groups.set(one.target, [...(groups.get(one.target) ?? []), one])
  return [...groups.values()]
}

const messagesOf = (plan: Exclude<Plan, { kind: 'later' }>, deliveries: readonly DeliveryRecord[]): NewMessage[] =>
  plan.kind === 'each' ? deliveries.map((one) => ({ deliveries: [one], joined: false }))
    : byTarget(deliveries).map((group) => ({ deliveries: group, joined: plan.joined && group.length > 1 }))

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
    const due = await stillTold(t, subscription, await dueOf(t, subscription.id, now), now)
    if (due.length === 0) return true
    const per_hour_max = await tools.settings.get(deliveriesPerHourMax)
    const plan = planOf({ digest: subscription.digest !== 'at-once', due: due.length, per_hour_max, now_ms, ...(await paceOf(t, subscription, now_ms)) })
    if (plan.kind === 'later') await bulletinDb(t).updateTable('warning_delivery').set({ due_at: new Date(plan.at_ms) }).where('id', 'in', due.map(({ id }) => id)).execute()
    else await insertMessages(t, tools, subscription, messagesOf(plan, due))
    return true
  })
}
