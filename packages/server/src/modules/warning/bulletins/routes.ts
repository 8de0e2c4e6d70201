import { fail, isUuid, ok, type Result } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { negotiateLanguage, type DeliveryOf, type Language } from '@hirundo/contract'
import { handle, type Actor, type Handler, type RequestContext } from '../../../platform/module.ts'
import { findBulletin, pageOf } from './bulletin-store.ts'
import { draft, edit, release, withdraw } from './bulletins.ts'
import { deliveriesOf, markRead, noticesOf, unreadOf, type DeliveryOfList } from './delivery-store.ts'
import { hearersOf } from './enqueue.ts'
import { passesOver } from './model.ts'
import { tryOut } from './outbox/try-out.ts'
import { listOf } from './subscription-store.ts'
import { add, change, remove, shownTarget } from './subscriptions.ts'
import type { BulletinRecord } from './tables.ts'
import type { BulletinTools } from './tools.ts'
import { bulletinRows, bulletinView, problemText, subscriptionView } from './views.ts'
import { wordsOf } from './words.ts'

const rows_default = 100

const languageOf = ({ headers }: RequestContext): Language => negotiateLanguage(String(headers['accept-language'] ?? ''))

/** The number of the row that a page begins below. Problem: `request/invalid`. */
function below(after: string | undefined): Result<number | undefined> {
  if (after === undefined) return ok(undefined)
  return /^\d{1,15}$/.test(after) ? ok(Number(after)) : fail('request/invalid', { what: 'after' })
}

/** One page of `limit` rows of which one more was asked for. */
function page<T extends { readonly id: number }>(rows: readonly T[], limit: number): { readonly rows: readonly T[], readonly next: string | null } {
  const shown = rows.slice(0, limit)
  return { rows: shown, next: rows.length > limit ? String(shown.at(-1)!.id) : null }
}

function bulletinHandlers(tools: BulletinTools): readonly Handler[] {
  const view = async (actor: Actor, result: Result<BulletinRecord>) => (result.ok ? ok(await bulletinView(tools.db, actor, result.value)) : result)
  const find = async (actor: Actor, id: string): Promise<Result<BulletinRecord>> => {
    const row = await findBulletin(tools.db, actor.organisation_id, id)
    return row ? ok(row) : fail('bulletin/not-found')
  }
  return [
    handle(contract.listBulletins, async ({ query }, { actor }) => {
      const from = below(query.after)
      if (!from.ok) return from
      const limit = query.limit ?? rows_default
      const { rows, next } = page(await pageOf(tools.db, actor!.organisation_id, { state: query.state, below: from.value, limit: limit + 1 }), limit)
      return ok({ bulletins: await bulletinRows(tools.db, rows, query.language ?? 'en'), next })
    }),
    handle(contract.getBulletin, async ({ params }, { actor }) => view(actor!, await find(actor!, params.id))),
    handle(contract.draftBulletin, async ({ params }, { actor }) => view(actor!, await draft(tools, actor!, params.id))),
    handle(contract.editBulletin, async ({ params, body }, { actor }) => view(actor!, await edit(tools, actor!, params.id, body))),
    handle(contract.releaseBulletin, async ({ params, body }, { actor }) => view(actor!, await release(tools, actor!, params.id, body.version))),
    handle(contract.withdrawBulletin, async ({ params, body }, { actor }) => view(actor!, await withdraw(tools, actor!, params.id, body.why))),
    handle(contract.previewRecipients, async ({ params }, { actor }) => {
      const row = await find(actor!, params.id)
      if (!row.ok) return row
      const hearers = await hearersOf(tools.db, row.value)
      const others = (await listOf(tools.db, actor!.organisation_id)).filter(({ subject, uuid }) => subject === 'bulletins' && hearers.every((one) => one.uuid !== uuid))
      return ok({
        recipients: hearers.map((one) => ({ subscription: one.uuid, name: one.name, channel: one.channel, target: shownTarget(actor!, one) })),
        passed_over: others.map((one) => ({ subscription: one.uuid, name: one.name, why: passesOver(one, row.value) ?? 'paused' as const })),
      })
    }),
  ]
}

function subscriptionHandlers(tools: BulletinTools): readonly Handler[] {
  return [
    handle(contract.listSubscriptions, async (_, context) => {
      const rows = await listOf(tools.db, context.actor!.organisation_id)
      return ok({ subscriptions: rows.map((row) => subscriptionView(context.actor!, { row, secret: null }, languageOf(context))) })
    }),
    handle(contract.addSubscription, async ({ body }, context) => {
      const made = await add(tools, context.actor!, body)
      return made.ok ? ok(subscriptionView(context.actor!, made.value, languageOf(context))) : made
    }),
    handle(contract.changeSubscription, async ({ params, body }, context) => {
      const made = await change(tools, context.actor!, params.id, body)
      return made.ok ? ok(subscriptionView(context.actor!, made.value, languageOf(context))) : made
    }),
    handle(contract.removeSubscription, async ({ params }, { actor }) => {
      const done = await remove(tools, actor!, params.id)
      return done.ok ? ok({}) : done
    }),
    handle(contract.testSubscription, async ({ params }, context) => {
      const done = await tryOut(tools, context.actor!, params.id)
      if (!done.ok) return done
      const language = languageOf(context)
      const words = wordsOf(language)
      if (done.value === 'again-later') return ok({ sent: false, detail: words.say('test_again_later') })
      if (done.value.kind !== 'sent') return ok({ sent: false, detail: problemText(done.value.problem, done.value.detail, language)! })
      return ok({ sent: true, detail: done.value.detail === '' ? words.say('sent') : `${words.say('sent')} (${done.value.detail})` })
    }),
  ]
}

function deliveryView(actor: Actor, row: DeliveryOfList, language: Language) {
  const where = row.channel === null || row.target === null ? { channel: row.now_channel, target: row.now_target } : { channel: row.channel, target: row.target }
  const own = problemText(row.problem, null, language)
  return {
    id: row.uuid, subscription: row.name, channel: where.channel, target: shownTarget(actor, where), about: row.about, what: row.what.startsWith('worse-') ? 'worse' as const : row.what as DeliveryOf, state: row.state, attempts: row.attempts ?? 0,
    due_at: (row.message_due_at ?? row.due_at).toISOString(), sent_at: row.state === 'sent' ? row.sent_at?.toISOString() ?? null : null,
    problem: own ?? problemText(row.message_problem, row.problem_detail, language),
  }
}

function deliveryHandlers(tools: BulletinTools): readonly Handler[] {
  return [
    handle(contract.listDeliveries, async ({ query }, context) => {
      const from = below(query.after)
      if (!from.ok) return from
      const limit = query.limit ?? rows_default
      const { organisation_id } = context.actor!
      const bulletin = query.bulletin === undefined ? undefined : await findBulletin(tools.db, organisation_id, query.bulletin)
      if (query.bulletin !== undefined && !bulletin) return fail('bulletin/not-found')
      const asked = { bulletin: bulletin?.uuid, subscription: query.subscription, below: from.value, limit: limit + 1 }
      const { rows, next } = page(await deliveriesOf(tools.db, organisation_id, asked), limit)
      return ok({ deliveries: rows.map((row) => deliveryView(context.actor!, row, languageOf(context))), next })
    }),
    handle(contract.listNotices, async (_, { actor }) => {
      const person = actor!.person_id
      // A token is nobody to whom notices could belong.
      if (person === undefined || actor!.kind !== 'person') return ok({ unread: 0, notices: [] })
      const rows = await noticesOf(tools.db, person)
      return ok({
        unread: await unreadOf(tools.db, person),
        notices: rows.map(({ uuid, at, title, href, severity, read_at }) => ({ id: uuid, at: at.toISOString(), title, href, severity, read: read_at !== null })),
      })
    }),
    handle(contract.readNotices, async ({ body }, { actor }) => {
      if (actor!.kind === 'person' && actor!.person_id !== undefined) await markRead(tools.db, actor!.person_id, body.ids.filter(isUuid), new Date(tools.world.now()))
      return ok({})
    }),
  ]
}

/** Bulletins, subscriptions, deliveries and notices. */
export const bulletinHandlersOf = (tools: BulletinTools): readonly Handler[] => [...bulletinHandlers(tools), ...subscriptionHandlers(tools), ...deliveryHandlers(tools)]
