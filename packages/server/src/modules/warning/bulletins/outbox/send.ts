import { uuidV4 } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { platformDb } from '../../../../platform/db/tables.ts'
import { mailDomain } from '../../../../platform/notify/mail-address.ts'
import { sendMail, type MailOutcome } from '../../../../platform/notify/mail.ts'
import { post, type OutboundOutcome, type OutboundTools } from '../../../../platform/notify/outbound.ts'
import { oneLine } from '../../../../platform/notify/plain-text.ts'
import { deliveriesPerHourMax, mailDomainsAllow, mailFrom, webhookAllow } from '../../../../platform/notify/settings.ts'
import { bounds } from '../model.ts'
import { itemsOf, severityOf, subjectOf, type Item } from '../render/items.ts'
import { mailOf, type Letterhead } from '../render/mail.ts'
import { signedHeaders, webhookBody } from '../render/webhook.ts'
import { bulletinDb } from '../tables.ts'
import { boardPath, type BulletinTools } from '../tools.ts'
import { wordsOf, type Words } from '../words.ts'
import type { Claimed } from './claim.ts'
import { noteHandOver, type Outcome } from './settle.ts'

async function letterhead({ db, settings, public_url }: BulletinTools, organisation_id: number): Promise<Letterhead> {
  const { name } = await platformDb(db).selectFrom('organisation').select('name').where('id', '=', organisation_id).executeTakeFirstOrThrow()
  return { organisation: oneLine(name, 100), from: await settings.get(mailFrom), public_url, per_hour_max: await settings.get(deliveriesPerHourMax) }
}

/** Whether mail may go to this domain; an empty list opens all. */
export function opensDomain(allowed: readonly string[], address: string): boolean {
  return allowed.length === 0 || allowed.some((domain) => domain.toLowerCase() === mailDomain(address))
}

function ofMail(outcome: MailOutcome): Outcome {
  const { detail } = outcome
  if (outcome.kind === 'sent') return { kind: 'sent', detail }
  if (outcome.kind === 'unknown') return { kind: 'unknown', problem: 'mail_unknown', detail }
  if (outcome.kind === 'unreachable') return { kind: 'again', problem: 'mail_unreachable', detail }
  return { kind: outcome.permanent ? 'failed' : 'again', problem: 'mail_refused', detail }
}

/** The node cannot put a message together: that would be so at each attempt. */
class UnrenderedError extends Error {}

function rendered<T>(render: () => T): T {
  try {
    return render()
  } catch (cause) {
    throw new UnrenderedError('the message cannot be put together', { cause })
  }
}

async function byMail(tools: BulletinTools, claimed: Claimed, items: readonly Item[], head: Letterhead, words: Words): Promise<Outcome> {
  if (!tools.smtp || head.from === '') return { kind: 'again', problem: 'mail_not_set_up', detail: '' }
  if (!opensDomain(await tools.settings.get(mailDomainsAllow), claimed.message.target)) return { kind: 'failed', problem: 'target_refused', detail: '' }
  const mail = rendered(() => mailOf(claimed, items, head, words))
  return ofMail(await sendMail(tools.smtp, mail, () => noteHandOver(tools, claimed.message)))
}

/** Answers after which the same again may be taken. */
const laterStatus = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500

export function ofWebhook(outcome: OutboundOutcome): Outcome {
  if (outcome.kind === 'refused') return { kind: 'failed', problem: 'target_refused', detail: outcome.reason }
  if (outcome.kind === 'unreachable') return { kind: 'again', problem: 'webhook_unreachable', detail: outcome.reason }
  const { status, retry_after_s } = outcome
  const detail = `HTTP ${status}`
  if (status >= 200 && status < 300) return { kind: 'sent', detail }
  if (status >= 300 && status < 400) return { kind: 'failed', problem: 'webhook_redirect', detail }
  if (!laterStatus(status)) return { kind: 'failed', problem: 'webhook_answer', detail }
  return { kind: 'again', problem: 'webhook_answer', detail, ...(retry_after_s === undefined ? {} : { after_ms: retry_after_s * 1000 }) }
}

export const outboundOf = ({ settings, own, resolve }: BulletinTools): OutboundTools =>
  ({ allowed: () => settings.get(webhookAllow), own, ...(resolve ? { resolve } : {}) })

async function byWebhook(tools: BulletinTools, claimed: Claimed, items: readonly Item[], head: Letterhead, words: Words): Promise<Outcome> {
  const { secret } = claimed.message
  // Made by an older version for a subscription that sends elsewhere since.
  if (secret === null) return { kind: 'failed', problem: 'removed', detail: '' }
  const { body, headers } = rendered(() => {
    const made = webhookBody(claimed, items, head, words)
    return { body: made, headers: signedHeaders(claimed, secret, made, { now_ms: tools.world.now(), nonce: uuidV4(tools.world) }) }
  })
  return ofWebhook(await post(outboundOf(tools), claimed.message.target, headers, body))
}

/** Older notices of a person than the node keeps. */
const forgetOld = (t: Kysely<unknown>, person_id: string): Promise<unknown> =>
  bulletinDb(t).deleteFrom('warning_notice').where('person_id', '=', person_id)
    .where('id', 'not in', (e) => e.selectFrom('warning_notice').select('id').where('person_id', '=', person_id).orderBy('id', 'desc').limit(bounds.notices_max)).execute()

/** A notice for its person; a second attempt finds the first one's and writes nothing. */
async function toWeb({ db, world }: BulletinTools, { message, subscription }: Claimed, items: readonly Item[], words: Words): Promise<Outcome> {
  const { person_id } = message
  if (person_id === null) return { kind: 'failed', problem: 'web_nobody', detail: '' }
  const title = message.test ? words.say('subject_test', { name: subscription.name }) : subjectOf(items, words)
  await db.transaction().execute(async (t) => {
    await bulletinDb(t).insertInto('warning_notice').values({
      uuid: uuidV4(world), organisation_id: message.organisation_id, person_id, message_id: message.id, at: new Date(world.now()), title: oneLine(title, 500),
      href: items.length === 1 ? items[0]!.path : boardPath, severity: message.test ? 'record' : severityOf(items), read_at: null,
    }).onConflict((conflict) => conflict.column('message_id').doNothing()).execute()
    await forgetOld(t, person_id)
  })
  return { kind: 'sent', detail: '' }
}

async function byChannel(tools: BulletinTools, claimed: Claimed): Promise<Outcome> {
  const words = wordsOf(claimed.message.language)
  const head = await letterhead(tools, claimed.message.organisation_id)
  const items = rendered(() => itemsOf(claimed, head.organisation, words))
  switch (claimed.message.channel) {
    case 'mail': return byMail(tools, claimed, items, head, words)
    case 'webhook': return byWebhook(tools, claimed, items, head, words)
    case 'web': return toWeb(tools, claimed, items, words)
  }
}

/**
 * Sends a claimed message by its channel; what becomes of it is for `settle` to note. Never throws: a message that stayed as being
 * sent would hold up its subscription.
 */
export async function sendClaimed(tools: BulletinTools, claimed: Claimed): Promise<Outcome> {
  try {
    return await byChannel(tools, claimed)
  } catch (error) {
    tools.log.error({ err: error, message: claimed.message.uuid, channel: claimed.message.channel }, 'the node failed while it sent a message')
    return { kind: error instanceof UnrenderedError ? 'failed' : 'again', problem: 'internal', detail: '' }
  }
}
