import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import type { NewSubscription } from '@hirundo/contract'
import { sql, type Insertable, type Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { isMailAddress, mailDomain } from '../../../platform/notify/mail-address.ts'
import { checkTarget } from '../../../platform/notify/outbound.ts'
import { oneLine } from '../../../platform/notify/plain-text.ts'
import { mailDomainsAllow, mailFrom } from '../../../platform/notify/settings.ts'
import { bounds } from './model.ts'
import { opensDomain, outboundOf } from './outbox/send.ts'
import { isQuietHours } from './schedule.ts'
import { findSubscription, insertSubscription, listOf, lockSubscription, updateSubscription } from './subscription-store.ts'
import { bulletinDb, type BulletinTables, type SubscriptionRecord } from './tables.ts'
import type { BulletinTools } from './tools.ts'

type Db = Kysely<unknown>
/** Fixed: two that add at once must not both find the last room. */
const ROOM_LOCK = 0x48495342
const SECRET_BYTES = 32

const refused = (reason: string) => fail('subscription/target-refused', { reason })

/** The target as it is kept. Problem: `subscription/target-refused` with the reason. */
async function targetOf(tools: BulletinTools, actor: Actor, { channel, target }: NewSubscription): Promise<Result<string>> {
  if (channel === 'web') return actor.person_id === undefined ? refused('web-needs-a-person') : ok('')
  if (channel === 'webhook') {
    const checked = await checkTarget(outboundOf(tools), target)
    return checked.ok ? ok(checked.value.url.href) : checked
  }
  if (!isMailAddress(target)) return refused('mail-address')
  if (!tools.smtp || (await tools.settings.get(mailFrom)) === '') return refused('mail-not-set-up')
  return opensDomain(await tools.settings.get(mailDomainsAllow), target) ? ok(target) : refused('mail-domain')
}

const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)]

type Fields = Omit<Insertable<BulletinTables['warning_subscription']>, 'uuid' | 'organisation_id' | 'secret' | 'person_id' | 'active' | 'created_at' | 'created_by' | 'removed_at' | 'last_sent_at' | 'problem' | 'problem_detail'>

/**
 * What is kept of a request; where it sends is asked about only when that changes. Problems: `request/invalid` (name, quiet),
 * `subscription/target-refused`.
 */
async function fieldsOf(tools: BulletinTools, actor: Actor, body: NewSubscription, before?: SubscriptionRecord): Promise<Result<Fields>> {
  const name = oneLine(body.name, 100)
  if (name === '') return fail('request/invalid', { what: 'name', reason: 'name' })
  if (body.quiet !== null && !isQuietHours(body.quiet)) return fail('request/invalid', { what: 'quiet', reason: 'quiet' })
  const same = before !== undefined && body.channel === before.channel && (body.channel === 'web' || body.target === before.target)
  const target = same ? ok(before.target) : await targetOf(tools, actor, body)
  if (!target.ok) return target
  return ok({
    name, channel: body.channel, target: target.value, subject: body.of, language: body.language, kinds: distinct(body.kinds), ports: distinct(body.ports), economies: distinct(body.economies),
    asns: distinct(body.asns), severity_min: body.severity_min, tlp_max: body.tlp_max, digest: body.digest, quiet: body.quiet && JSON.stringify(body.quiet),
  })
}

/** A URL may hold a secret of the receiver: only its origin is for those who do not set it. */
export function shownTarget(actor: Actor, { channel, target }: Pick<SubscriptionRecord, 'channel' | 'target'>): string {
  return channel !== 'webhook' || actor.scopes.includes('findings:write') ? target : originOf(target)
}
const originOf = (target: string) => `${new URL(target).origin}/…`

/** For the audit, which is never cleared: where it goes, without the name of a mailbox or what a URL hides. */
const noted = (tools: BulletinTools, t: Db, actor: Actor, row: SubscriptionRecord, action: string): Promise<void> =>
  tools.audit({
    organisation_id: actor.organisation_id, actor: actor.actor_id, action: `subscription.${action}`, subject: row.uuid,
    detail: { channel: row.channel, to: row.channel === 'webhook' ? new URL(row.target).origin : row.channel === 'mail' ? mailDomain(row.target) : 'notices', of: row.subject, tlp_max: row.tlp_max, active: row.active },
  }, t)

export interface WithSecret {
  readonly row: SubscriptionRecord
  /** Base64url; shown in this answer and never again. */
  readonly secret: string | null
}

const newSecret = (tools: BulletinTools): Buffer => Buffer.from(tools.world.random(SECRET_BYTES))

/** Problems: `request/invalid`, `subscription/target-refused`, `subscription/too-many`. */
export async function add(tools: BulletinTools, actor: Actor, body: NewSubscription): Promise<Result<WithSecret>> {
  const fields = await fieldsOf(tools, actor, body)
  if (!fields.ok) return fields
  const secret = body.channel === 'webhook' ? newSecret(tools) : null
  return tools.db.transaction().execute(async (t) => {
    await sql`select pg_advisory_xact_lock(${ROOM_LOCK})`.execute(t)
    if ((await listOf(t, actor.organisation_id)).length >= bounds.subscriptions_max) return fail('subscription/too-many', { max: bounds.subscriptions_max })
    const row = await insertSubscription(t, {
      ...fields.value, uuid: uuidV4(tools.world), organisation_id: actor.organisation_id, secret, person_id: body.channel === 'web' ? actor.person_id! : null, active: true,
      created_at: new Date(tools.world.now()), created_by: actor.name, removed_at: null, last_sent_at: null, problem: null, problem_detail: null,
    })
    await noted(tools, t, actor, row, 'add')
    return ok({ row, secret: secret && secret.toString('base64url') })
  })
}

const waitingMessages = async (t: Db, { id }: SubscriptionRecord): Promise<number[]> => {
  const waiting = bulletinDb(t).selectFrom('warning_message').select('id').where('subscription_id', '=', id).where('state', '=', 'waiting').where('test', '=', false)
  return (await waiting.forUpdate().execute()).map((one) => one.id)
}

/** What was made for where it sent before is made anew for where it sends now; what is being sent goes on. */
async function readdress(t: Db, subscription: SubscriptionRecord): Promise<void> {
  const ids = await waitingMessages(t, subscription)
  if (ids.length === 0) return
  await bulletinDb(t).updateTable('warning_delivery').set({ message_id: null }).where('message_id', 'in', ids).where('state', '=', 'waiting').execute()
  await bulletinDb(t).updateTable('warning_message').set({ state: 'failed', problem: 'removed' }).where('id', 'in', ids).execute()
}

/**
 * What waits for a subscription that pauses or ends is not sent; withdrawals are. What was tried keeps its message, which knows
 * how often.
 */
async function dropWaiting(t: Db, subscription: SubscriptionRecord, problem: 'paused' | 'removed'): Promise<void> {
  const ids = await waitingMessages(t, subscription)
  await bulletinDb(t).updateTable('warning_delivery').set({ state: 'failed', problem, content: null })
    .where('subscription_id', '=', subscription.id).where('state', '=', 'waiting').where('what', '<>', 'withdrawn')
    .where((e) => e.or([e('message_id', 'is', null), ...(ids.length === 0 ? [] : [e('message_id', 'in', ids)])])).execute()
}

/** Problems: `subscription/not-found`, `request/invalid`, `subscription/target-refused`. */
export async function change(tools: BulletinTools, actor: Actor, id: string, body: NewSubscription & { readonly active: boolean }): Promise<Result<WithSecret>> {
  const known = await findSubscription(tools.db, actor.organisation_id, id)
  const fields = await fieldsOf(tools, actor, body, known)
  return tools.db.transaction().execute(async (t) => {
    const before = await lockSubscription(t, actor.organisation_id, id)
    if (!before) return fail('subscription/not-found')
    if (!fields.ok) return fields
    const { channel, target } = fields.value
    const secret = channel === 'webhook' && before.secret === null ? newSecret(tools) : null
    const person_id = channel !== 'web' ? null : before.channel === 'web' ? before.person_id : actor.person_id!
    const row = await updateSubscription(t, before.id, { ...fields.value, active: body.active, person_id, secret: channel === 'webhook' ? before.secret ?? secret : null, problem: null, problem_detail: null })
    if (!body.active) await dropWaiting(t, row, 'paused')
    if (channel !== before.channel || target !== before.target || !body.active) await readdress(t, row)
    await noted(tools, t, actor, row, 'change')
    return ok({ row, secret: secret && secret.toString('base64url') })
  })
}

/** Problem: `subscription/not-found`. */
export function remove(tools: BulletinTools, actor: Actor, id: string): Promise<Result<null>> {
  return tools.db.transaction().execute(async (t) => {
    const row = await lockSubscription(t, actor.organisation_id, id)
    if (!row) return fail('subscription/not-found')
    // The key stays: a withdrawal that is still to be told is signed with it.
    await updateSubscription(t, row.id, { active: false, removed_at: new Date(tools.world.now()) })
    await dropWaiting(t, row, 'removed')
    await readdress(t, row)
    await noted(tools, t, actor, row, 'remove')
    return ok(null)
  })
}
