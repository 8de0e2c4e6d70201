import type { Kysely } from 'kysely'
import { mutedSql } from '../../findings/select.ts'
import { isSettled } from '../../model.ts'
import { findingDb } from '../../tables.ts'
import { facetsOf } from '../draft/facts.ts'
import { tlpRank, wants, type ProblemOfDelivery } from '../model.ts'
import { bulletinDb, type BulletinRecord, type DeliveryRecord, type SubscriptionRecord } from '../tables.ts'

type Db = Kysely<unknown>

/** Why something is not sent that once was to be: nobody has to look after it. */
export const dropped = ['withdrawn', 'removed', 'paused', 'settled', 'unwanted'] as const satisfies readonly ProblemOfDelivery[]
type Reason = (typeof dropped)[number]

/** What a finding is when it is told. */
interface FindingNow {
  readonly tlp: BulletinRecord['tlp']
  readonly over: boolean
}

/**
 * Bulletins that the deliveries tell of, by UUID. Shared locks: who withdraws one either sees a message as being sent, or has done
 * so before and we see that.
 */
async function lockBulletins(t: Db, deliveries: readonly DeliveryRecord[]): Promise<ReadonlyMap<string, BulletinRecord>> {
  const uuids = deliveries.filter(({ content }) => content === null).map(({ object }) => object)
  const rows = uuids.length === 0 ? [] : await bulletinDb(t).selectFrom('bulletin').selectAll().where('uuid', 'in', uuids).orderBy('id').forShare().execute()
  return new Map(rows.map((row) => [row.uuid, row]))
}

/** What findings are now, by the UUID that was told; of one that turned out to be part of another, what that one is. */
async function findingsNow(t: Db, { organisation_id }: SubscriptionRecord, deliveries: readonly DeliveryRecord[], now: Date): Promise<ReadonlyMap<string, FindingNow>> {
  const uuids = [...new Set(deliveries.filter(({ content }) => content !== null).map(({ object }) => object))]
  if (uuids.length === 0) return new Map()
  const rows = await findingDb(t).selectFrom('finding as o').innerJoin('finding as f', (join) => join.on((e) => e('f.id', '=', e.fn.coalesce('o.merged_into', 'o.id'))))
    .select(['o.uuid', 'f.tlp', 'f.state', mutedSql(now).as('muted')]).where('o.organisation_id', '=', organisation_id).where('o.uuid', 'in', uuids).execute()
  return new Map(rows.map(({ uuid, tlp, state, muted }) => [uuid, { tlp, over: muted || isSettled(state) }]))
}

function whyNotFinding(subscription: SubscriptionRecord, { told }: NonNullable<DeliveryRecord['content']>, now: FindingNow | undefined): Reason | null {
  if (now?.over) return 'settled'
  const tlp = now?.tlp ?? told.tlp
  if (tlpRank(tlp) > tlpRank(told.tlp) && tlpRank(tlp) > tlpRank(subscription.tlp_max)) return 'settled'
  return subscription.subject === 'findings' && wants(subscription, { ...facetsOf(told), tlp }) ? null : 'unwanted'
}

function whyNotBulletin(subscription: SubscriptionRecord, bulletin: BulletinRecord | undefined): Reason | null {
  if (bulletin === undefined || bulletin.state === 'withdrawn') return 'withdrawn'
  return subscription.subject === 'bulletins' && wants(subscription, bulletin) ? null : 'unwanted'
}

async function drop(t: Db, reasons: ReadonlyMap<number, Reason>): Promise<void> {
  for (const problem of dropped) {
    const ids = [...reasons].filter(([, reason]) => reason === problem).map(([id]) => id)
    if (ids.length > 0) await bulletinDb(t).updateTable('warning_delivery').set({ state: 'failed', problem, content: null }).where('id', 'in', ids).execute()
  }
}

/** What a subscription is still told. */
export interface StillTold {
  /** Findings with the label that they have now. */
  readonly deliveries: readonly DeliveryRecord[]
  /** By UUID. */
  readonly bulletins: ReadonlyMap<string, BulletinRecord>
  /** Why something of it is not told; undefined: all is. */
  readonly dropped: Reason | undefined
}

/**
 * What of `due` is to be told now, as it is now; the rest is noted as failed with the reason. Asked when messages are made and at
 * each attempt: labels, verdicts and subscriptions change while a receiver is away. Withdrawals go to whoever got the bulletin.
 */
export async function stillTold(t: Db, subscription: SubscriptionRecord, due: readonly DeliveryRecord[], now: Date): Promise<StillTold> {
  // Before anything is written: who withdraws holds the bulletin and then writes its deliveries.
  const bulletins = await lockBulletins(t, due)
  const findings = await findingsNow(t, subscription, due, now)
  const whyNot = ({ what, object, content }: DeliveryRecord): Reason | null => {
    if (what === 'withdrawn') return null
    if (subscription.removed_at !== null) return 'removed'
    if (!subscription.active) return 'paused'
    return content === null ? whyNotBulletin(subscription, bulletins.get(object)) : whyNotFinding(subscription, content, findings.get(object))
  }
  const labelled = (one: DeliveryRecord): DeliveryRecord => {
    const tlp = findings.get(one.object)?.tlp
    return one.content === null || tlp === undefined ? one : { ...one, content: { ...one.content, told: { ...one.content.told, tlp } } }
  }
  const reasons = new Map(due.flatMap((one) => {
    const reason = whyNot(one)
    return reason === null ? [] : [[one.id, reason] as const]
  }))
  await drop(t, reasons)
  return { deliveries: due.filter(({ id }) => !reasons.has(id)).map(labelled), bulletins, dropped: [...reasons.values()][0] }
}
