import type { BulletinText, Severity, Tlp } from '@hirundo/contract'
import { sinceOf, titleOf, whatOf, crossedOf } from '../draft/observed.ts'
import { bulletinNumber, strictest, worst, type DeliveryContent } from '../model.ts'
import type { Claimed } from '../outbox/claim.ts'
import type { BulletinRecord, DeliveryRecord } from '../tables.ts'
import { bulletinPath, findingPath } from '../tools.ts'
import type { Words } from '../words.ts'

/** One thing that a message tells, in the words of its reader. */
export interface Item {
  readonly type: 'finding.found' | 'finding.worse' | 'bulletin.released' | 'bulletin.withdrawn'
  readonly id: string
  /** When it happened. */
  readonly at: string
  readonly severity: Severity
  readonly tlp: Tlp
  readonly simulated: boolean
  /** One line without TLP. */
  readonly subject: string
  readonly title: string
  /** Below the title, paragraphs. */
  readonly paragraphs: readonly string[]
  readonly path: string
  readonly content: DeliveryContent | null
  readonly bulletin: BulletinRecord | null
  readonly text: BulletinText | null
}

function findingItem({ object, severity }: DeliveryRecord, content: DeliveryContent, words: Words): Item {
  const { told, found_at, before } = content
  const title = titleOf(told, words, 'own-team')
  return {
    type: before === null ? 'finding.found' : 'finding.worse', id: object, at: found_at, severity, tlp: told.tlp, simulated: told.simulated, title, content, bulletin: null, text: null,
    subject: words.say(before === null ? 'subject_found' : 'subject_worse', { severity: words.severity(severity), title }),
    paragraphs: [
      whatOf(told, words, 'own-team'), words.sentences([sinceOf(told, words), words.say('since_noticed', { found: words.at(found_at) })]),
      ...(told.crossed.length === 0 ? [] : [`${words.say('certainty_crossed')}\n${crossedOf(told, words)}`]),
      words.sentences([before === null ? '' : words.say('was_before', { before: words.severity(before), severity: words.severity(severity) }), words.say('machine')]),
      words.say('not_actor'),
    ],
    path: findingPath(object),
  }
}

const slots = ['what', 'since', 'affected', 'evidence', 'certainty', 'action', 'indicators'] as const

function releasedItem(bulletin: BulletinRecord, organisation: string, words: Words): Item {
  const text = bulletin.texts[words.language]
  const number = bulletinNumber(bulletin)
  const { uuid: id, severity, tlp, simulated } = bulletin
  const at = bulletin.released_at!.toISOString()
  return {
    type: 'bulletin.released', id, at, severity, tlp, simulated, title: text.title, subject: `${number} ${text.title}`, content: null, bulletin, text, path: bulletinPath(id),
    paragraphs: [
      words.say('released', { number, name: bulletin.released_by!, organisation, at: words.at(at) }),
      ...slots.filter((slot) => text[slot].trim() !== '').map((slot) => `${words.say(`slot_${slot}`)}\n${text[slot]}`),
    ],
  }
}

function withdrawnItem(bulletin: BulletinRecord, words: Words): Item {
  const { title } = bulletin.texts[words.language]
  const number = bulletinNumber(bulletin)
  const { uuid: id, severity, tlp, simulated } = bulletin
  const at = bulletin.withdrawn_at!.toISOString()
  return {
    type: 'bulletin.withdrawn', id, at, severity, tlp, simulated, title, subject: words.say('subject_withdrawn', { number, title }), content: null, bulletin, text: null, path: bulletinPath(id),
    paragraphs: [words.say('withdrawn', { number, at: words.at(at) }), words.say('withdrawn_why', { why: bulletin.withdrawn_why! })],
  }
}

/** What a message tells, the most urgent first, then in its order. */
export function itemsOf({ deliveries, bulletins }: Pick<Claimed, 'deliveries' | 'bulletins'>, organisation: string, words: Words): Item[] {
  const items = deliveries.map((delivery): Item => {
    if (delivery.content !== null) return findingItem(delivery, delivery.content, words)
    const bulletin = bulletins.get(delivery.object)!
    return delivery.what === 'withdrawn' ? withdrawnItem(bulletin, words) : releasedItem(bulletin, organisation, words)
  })
  const order: readonly Severity[] = ['urgent', 'warning', 'notice', 'record']
  return items.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}

export const tlpOf = (items: readonly Item[]): Tlp => strictest(items.map(({ tlp }) => tlp))
export const severityOf = (items: readonly Item[]): Severity => worst(items.map(({ severity }) => severity))

/** The line above everything and the title of a notice: what one thing is, or how many there are. */
export function subjectOf(items: readonly Item[], words: Words): string {
  return items.length === 1 ? items[0]!.subject : words.say('subject_digest', { count: items.length, urgent: items.filter(({ severity }) => severity === 'urgent').length })
}
