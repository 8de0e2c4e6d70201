import type { Tlp } from '@hirundo/contract'
import type { Mail } from '../../../../platform/notify/mail.ts'
import { mailDomain } from '../../../../platform/notify/mail-address.ts'
import { oneLine } from '../../../../platform/notify/plain-text.ts'
import { bounds } from '../model.ts'
import type { Claimed } from '../outbox/claim.ts'
import { boardPath } from '../tools.ts'
import type { Words } from '../words.ts'
import { subjectOf, tlpOf, type Item } from './items.ts'

/** What a message needs beside what it tells. */
export interface Letterhead {
  readonly organisation: string
  readonly from: string
  readonly public_url: string | undefined
  readonly per_hour_max: number
}

const tlpKey = (tlp: Tlp) => `tlp_${tlp.replace('TLP:', '').replace('+', '_').toLowerCase()}` as 'tlp_clear' | 'tlp_green' | 'tlp_amber' | 'tlp_amber_strict' | 'tlp_red'

const link = (public_url: string | undefined, path: string, words: Words): string[] =>
  public_url === undefined ? [] : [words.say('link', { url: `${public_url.replace(/\/+$/, '')}${path}` })]

function single(item: Item, { public_url }: Letterhead, words: Words): string[] {
  return [item.title, ...item.paragraphs, ...link(public_url, item.path, words)]
}

function several(items: readonly Item[], joined: boolean, { public_url, per_hour_max }: Letterhead, words: Words): string[] {
  const listed = items.slice(0, bounds.digest_lines_max)
  return [
    subjectOf(items, words),
    ...(joined ? [words.say('digest_joined', { max: per_hour_max })] : []),
    listed.map(({ subject, tlp, at }) => `- ${words.at(at)} [${tlp}] ${subject}`).join('\n'),
    ...(items.length > listed.length ? [words.say('digest_more', { count: items.length - listed.length })] : []),
    words.say('not_actor'),
    ...link(public_url, boardPath, words),
  ]
}

function bodyOf({ message, subscription }: Claimed, items: readonly Item[], head: Letterhead, words: Words): string {
  const tlp = message.test ? 'TLP:CLEAR' : tlpOf(items)
  const told = message.test ? [words.say('test', { name: subscription.name })]
    : items.length === 1 ? single(items[0]!, head, words) : several(items, message.joined, head, words)
  const left_out = message.left_out > 0 ? [words.say('left_out', { count: message.left_out })] : []
  const footer = words.say('footer', { name: subscription.name, organisation: head.organisation, from: head.from })
  return `${[tlp, ...told, ...left_out].join('\n\n')}\n\n-- \n${words.say(tlpKey(tlp))}\n${footer}\n`
}

/** The mail of a message: the same bytes at each attempt. TLP stands in the subject and above the text, as FIRST asks. */
export function mailOf(claimed: Claimed, items: readonly Item[], head: Letterhead, words: Words): Mail {
  const { message, subscription } = claimed
  const domain = mailDomain(head.from)
  const subject = message.test ? words.say('subject_test', { name: subscription.name }) : subjectOf(items, words)
  return {
    from: head.from, from_name: words.say('sender', { organisation: head.organisation }), to: message.target,
    subject: `[${message.test ? 'TLP:CLEAR' : tlpOf(items)}] ${oneLine(subject, 250)}`,
    text: bodyOf(claimed, items, head, words),
    message_id: `${message.uuid}@${domain}`, date: message.created_at.getTime(),
    headers: {
      // RFC 3834 and RFC 2919: no machine answers it, and people can sort it.
      'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'List-Id': `<${subscription.uuid}.hirundo.${domain}>`, 'Content-Language': words.language,
    },
  }
}
