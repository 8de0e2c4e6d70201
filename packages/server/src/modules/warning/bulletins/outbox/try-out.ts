import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import type { Actor } from '../../../../platform/module.ts'
import { bounds } from '../model.ts'
import { lockSubscription } from '../subscription-store.ts'
import { bulletinDb, type MessageRecord } from '../tables.ts'
import type { BulletinTools } from '../tools.ts'
import { loaded } from './claim.ts'
import { sendClaimed } from './send.ts'
import { settle, type Outcome } from './settle.ts'

const TEST_EVERY_MS = 60_000

/** A message that says it is a test, ours to send at once; undefined: one was sent just now. */
function insertTest(tools: BulletinTools, actor: Actor, id: string): Promise<Result<MessageRecord | undefined>> {
  return tools.db.transaction().execute(async (t) => {
    const subscription = await lockSubscription(t, actor.organisation_id, id)
    if (!subscription) return fail('subscription/not-found')
    const now_ms = tools.world.now()
    const recent = await bulletinDb(t).selectFrom('warning_message').select('id').where('subscription_id', '=', subscription.id).where('test', '=', true)
      .where('created_at', '>', new Date(now_ms - TEST_EVERY_MS)).executeTakeFirst()
    if (recent) return ok(undefined)
    const { organisation_id, channel, target, secret, person_id, language } = subscription
    const row = await bulletinDb(t).insertInto('warning_message').values({
      uuid: uuidV4(tools.world), organisation_id, subscription_id: subscription.id, channel, target, secret, person_id, language, joined: false, test: true, state: 'sending', attempts: 1,
      due_at: new Date(now_ms), created_at: new Date(now_ms), lease_until: new Date(now_ms + bounds.lease_ms), handed_over_at: null, sent_at: null, problem: null, problem_detail: null,
    }).returningAll().executeTakeFirstOrThrow()
    // Its row among what was sent: else a test that arrived stands nowhere.
    await bulletinDb(t).insertInto('warning_delivery').values({
      uuid: uuidV4(tools.world), organisation_id, subscription_id: subscription.id, object: row.uuid, what: 'test', about: '', severity: 'record', content: null, state: 'waiting',
      due_at: new Date(now_ms), created_at: new Date(now_ms), message_id: row.id, problem: null,
    }).execute()
    await tools.audit({ organisation_id, actor: actor.actor_id, action: 'subscription.test', subject: subscription.uuid, detail: { channel } }, t)
    return ok(row)
  })
}

/** Sends a test by a subscription, once: what does not arrive is not tried again. `again-later`: one was sent within a minute. */
export async function tryOut(tools: BulletinTools, actor: Actor, id: string): Promise<Result<Outcome | 'again-later'>> {
  const made = await insertTest(tools, actor, id)
  if (!made.ok) return made
  if (made.value === undefined) return ok('again-later')
  const claimed = await tools.db.transaction().execute((t) => loaded(t, made.value!, tools.world.now()))
  if (claimed === 'over') throw new Error('a test tells something')
  const outcome = await sendClaimed(tools, claimed)
  const once: Outcome = outcome.kind === 'again' ? { kind: 'failed', problem: outcome.problem, detail: outcome.detail } : outcome
  await settle(tools, made.value, once)
  return ok(once)
}
