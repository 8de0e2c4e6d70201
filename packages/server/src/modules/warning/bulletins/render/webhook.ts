import { contentDigest, signHmac, type Component } from '../../../../platform/notify/message-signature.ts'
import { bounds, bulletinNumber } from '../model.ts'
import type { Claimed } from '../outbox/claim.ts'
import type { Item } from './items.ts'
import { severityOf, subjectOf, tlpOf } from './items.ts'
import type { Letterhead } from './mail.ts'
import type { Words } from '../words.ts'

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Grows only; a receiver passes over what it does not know. */
const VERSION = 1

function bulletinJson({ bulletin, text }: Item): object | undefined {
  if (bulletin === null) return undefined
  const { year, serial, kind, ports, economies, asns, released_by, released_at, withdrawn_at, withdrawn_why, version, finding } = bulletin
  return {
    number: bulletinNumber({ year, serial }), kind, ports, economies, asns, finding, version, released_by, released_at: released_at?.toISOString() ?? null,
    withdrawn_at: withdrawn_at?.toISOString() ?? null, withdrawn_why, ...(text === null ? {} : { text }),
  }
}

function findingJson({ content }: Item): object | undefined {
  if (content === null) return undefined
  const { told: { simulated: _, severity: __, tlp: ___, ...told }, found_at, before } = content
  return { ...told, found_at, before }
}

const itemJson = (item: Item, public_url: string | undefined): object => ({
  type: item.type, id: item.id, at: item.at, severity: item.severity, tlp: item.tlp, simulated: item.simulated, title: item.title, summary: item.paragraphs.join('\n\n'),
  ...(public_url === undefined ? {} : { url: `${public_url.replace(/\/+$/, '')}${item.path}` }),
  finding: findingJson(item), bulletin: bulletinJson(item),
})

/** What a webhook is told, as JSON. */
export function webhookBody({ message, subscription }: Claimed, items: readonly Item[], head: Letterhead, words: Words): Uint8Array {
  const facts = message.test ? { test: true, severity: 'record', tlp: 'TLP:CLEAR', simulated: false, subject: words.say('subject_test', { name: subscription.name }) }
    : { test: false, severity: severityOf(items), tlp: tlpOf(items), simulated: items.some(({ simulated }) => simulated), subject: subjectOf(items, words) }
  return Buffer.from(JSON.stringify({
    version: VERSION, id: message.uuid, made_at: message.created_at.toISOString(), organisation: head.organisation, subscription: { id: subscription.uuid, name: subscription.name },
    language: words.language, ...facts, note: 'location-of-address-not-of-actor', count: items.length, left_out: message.left_out,
    items: items.slice(0, bounds.digest_items_max).map((item) => itemJson(item, head.public_url)),
  }))
}

/**
 * Headers of a webhook: what is sent is signed by RFC 9421 with the key that was shown once. The same message has the same
 * Idempotency-Key at each attempt, so that a receiver takes it once.
 */
export function signedHeaders({ message, subscription }: Claimed, key: Uint8Array, body: Uint8Array, at: { readonly now_ms: number, readonly nonce: string }): Readonly<Record<string, string>> {
  const content_type = 'application/json'
  const digest = contentDigest(body)
  const idempotency = `"${message.uuid}"`
  const components: Component[] = [
    ['@method', 'POST'], ['@target-uri', new URL(message.target).href], ['content-type', content_type], ['content-digest', digest], ['idempotency-key', idempotency],
  ]
  const { input, signature } = signHmac('hirundo', components, { created: Math.floor(at.now_ms / 1000), nonce: at.nonce, keyid: subscription.uuid, alg: 'hmac-sha256' }, key)
  return { 'content-type': content_type, 'content-digest': digest, 'idempotency-key': idempotency, 'signature-input': input, signature }
}
