import { formatSeconds, uuidV4, type World } from '@hirundo/base'
import { sql, type Kysely } from 'kysely'
import type { FindingEvents, FoundFinding, WorseFinding } from '../findings/events.ts'
import { facetsOf, type Told } from './draft/facts.ts'
import { bounds, bulletinNumber, wants, type DeliveryContent, type DeliveryWhat } from './model.ts'
import { dueAt } from './schedule.ts'
import { listeningTo } from './subscription-store.ts'
import { bulletinDb, type BulletinRecord, type SubscriptionRecord } from './tables.ts'

type Db = Kysely<unknown>
const rows_of_statement_max = 1000

/** Something that a subscription is to hear of. */
interface News {
  readonly subscription: SubscriptionRecord
  readonly object: string
  readonly what: DeliveryWhat
  readonly about: string
  readonly severity: BulletinRecord['severity']
  readonly content: DeliveryContent | null
  readonly reached_by: number | null
}

/** How many more may wait, by subscription. */
async function roomOf(t: Db, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await bulletinDb(t).selectFrom('warning_delivery').select(['subscription_id', (e) => e.fn.countAll<number>().as('waiting')])
    .where('subscription_id', 'in', [...ids]).where('state', '=', 'waiting').where('message_id', 'is', null).groupBy('subscription_id').execute()
  const waiting = new Map(rows.map((row) => [row.subscription_id, Number(row.waiting)]))
  return new Map(ids.map((id) => [id, bounds.waiting_max - (waiting.get(id) ?? 0)]))
}

/** A withdrawal waits for no digest: somebody may be acting on what was withdrawn. */
const rhythmOf = ({ digest, quiet }: SubscriptionRecord, what: DeliveryWhat) => ({ digest: what === 'withdrawn' ? 'at-once' as const : digest, quiet })

async function insert(t: Db, world: World, news: readonly News[]): Promise<void> {
  const now_ms = world.now()
  for (let i = 0; i < news.length; i += rows_of_statement_max) {
    await bulletinDb(t).insertInto('warning_delivery').values(news.slice(i, i + rows_of_statement_max).map(({ subscription, content, ...one }) => ({
      ...one, uuid: uuidV4(world), organisation_id: subscription.organisation_id, subscription_id: subscription.id, state: 'waiting' as const,
      content: content && JSON.stringify(content), created_at: new Date(now_ms), due_at: new Date(dueAt(now_ms, rhythmOf(subscription, one.what), one.severity)), message_id: null, problem: null,
    }))).onConflict((conflict) => conflict.columns(['subscription_id', 'object', 'what']).doNothing()).execute()
  }
}

/**
 * Writes what subscriptions are to hear into the outbox with `t`: it stands exactly when what happened does, and what stands
 * already stays as it is. What finds no room is counted on the subscription, and its next message says so.
 */
async function enqueue(t: Db, world: World, news: readonly News[]): Promise<void> {
  if (news.length === 0) return
  const room = await roomOf(t, [...new Set(news.map(({ subscription }) => subscription.id))])
  const shed = new Map<number, number>()
  const kept = news.filter(({ subscription: { id } }) => {
    const left = room.get(id)!
    room.set(id, left - 1)
    if (left <= 0) shed.set(id, (shed.get(id) ?? 0) + 1)
    return left > 0
  })
  await insert(t, world, kept)
  for (const [id, more] of shed) await bulletinDb(t).updateTable('warning_subscription').set({ shed: sql`shed + ${more}` }).where('id', '=', id).execute()
}

/** What a notice may know: the value is what strangers wrote, and whoever gets the notice may not be one who reads that. */
function toldOf(finding: FoundFinding): Told {
  const { kind, severity, tlp, open, packets, economy, asn, as_name, own, simulated, figures } = finding
  const { value: _, ...subject } = finding.subject
  return {
    kind, subject, severity, tlp, open, start: formatSeconds(finding.start), end: formatSeconds(finding.end), packets, economy, asn, as_name, own, simulated, figures, crossed: [...finding.crossed],
  }
}

async function tell(t: Db, world: World, findings: readonly (FoundFinding & Partial<Pick<WorseFinding, 'before'>>)[]): Promise<void> {
  for (const organisation_id of new Set(findings.map((one) => one.organisation_id))) {
    const subscriptions = await listeningTo(t, organisation_id, 'findings')
    if (subscriptions.length === 0) continue
    const found_at = new Date(world.now()).toISOString()
    const news = findings.filter((one) => one.organisation_id === organisation_id && !one.muted).flatMap((one): News[] => {
      const told = toldOf(one)
      const facets = facetsOf(told)
      const what: DeliveryWhat = one.before === undefined ? 'found' : `worse-${one.severity}`
      const content = { told, found_at, before: one.before ?? null }
      return subscriptions.filter((subscription) => wants(subscription, facets))
        .map((subscription) => ({ subscription, object: one.id, what, about: told.kind, severity: told.severity, content, reached_by: null }))
    })
    await enqueue(t, world, news)
  }
}

/** Tells subscriptions of findings, in the transaction that stores them. Nobody is woken by history, or by what is muted. */
export const findingNews = (world: World): FindingEvents => ({
  onFound: async (t, findings, mode) => (mode === 'history' ? undefined : tell(t, world, findings)),
  onWorse: async (t, findings, mode) => (mode === 'history' ? undefined : tell(t, world, findings)),
})

/** Subscriptions that hear of a bulletin. */
export async function hearersOf(db: Db, { organisation_id, kind, severity, tlp, ports, economies, asns }: BulletinRecord): Promise<SubscriptionRecord[]> {
  const facets = { kind, severity, tlp, ports, economies, asns }
  return (await listeningTo(db, organisation_id, 'bulletins')).filter((subscription) => wants(subscription, facets))
}

const newsOf = (bulletin: BulletinRecord, what: DeliveryWhat) => ({ object: bulletin.uuid, what, about: bulletinNumber(bulletin), severity: bulletin.severity, content: null })

/** Tells who subscribed that a bulletin is released. */
export async function tellReleased(t: Db, world: World, bulletin: BulletinRecord): Promise<void> {
  const hearers = await hearersOf(t, bulletin)
  await enqueue(t, world, hearers.map((subscription) => ({ subscription, ...newsOf(bulletin, 'released'), reached_by: null })))
}

/**
 * Tells who got a bulletin, or may have got it, that it is withdrawn: where it was sent, also by subscriptions that ended since.
 * Where it still waits it is not sent any more.
 */
export async function tellWithdrawn(t: Db, world: World, bulletin: BulletinRecord): Promise<void> {
  await bulletinDb(t).updateTable('warning_delivery').set({ state: 'failed', problem: 'withdrawn' })
    .where('object', '=', bulletin.uuid).where('what', '=', 'released').where('state', '=', 'waiting').where('message_id', 'is', null).execute()
  const reached = await bulletinDb(t).selectFrom('warning_delivery as d').innerJoin('warning_message as m', 'm.id', 'd.message_id').innerJoin('warning_subscription as s', 's.id', 'd.subscription_id')
    .selectAll('s').select('m.id as reached_by').where('d.object', '=', bulletin.uuid).where('d.what', '=', 'released')
    .where((e) => e.or([e('d.state', 'in', ['sent', 'unknown']), e('m.state', '=', 'sending')])).execute()
  // Without a bound on what waits: whoever got the bulletin must hear of it.
  await insert(t, world, reached.map(({ reached_by, ...subscription }) => ({ subscription, ...newsOf(bulletin, 'withdrawn'), reached_by })))
}
