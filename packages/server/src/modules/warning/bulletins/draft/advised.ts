import { serviceOf } from '@hirundo/base'
import type { Words } from '../words.ts'
import { defangAddress, defangText } from './defang.ts'
import { placeOf, valuesOf, victimAndPlace, type DraftFacts } from './facts.ts'
import { serviceAdvice } from './services.ts'

/** Who has to do something, and where the source is as far as that is known. */
export function affectedOf(facts: DraftFacts, words: Words): string {
  const { kind, subject, own } = facts
  const values = valuesOf(facts, words, 'others')
  if (kind === 'rsdos' || kind === 'drdos') return words.say('affected_target', { victim: victimAndPlace(facts, words, 'others') })
  if (kind === 'own-network') return words.say('affected_own', values)
  const service = subject.port === undefined ? null : serviceOf(subject.protocol ?? '', subject.port)
  const place = subject.source === undefined ? '' : placeOf(facts, words)
  return words.sentences([
    words.say('affected_port', values), service === null ? '' : words.say('affected_service', { service }),
    place === '' || own ? '' : words.say('affected_source_place', { place }),
  ])
}

/** What to do, the first thing first: what holds for the kind, then for the service that mostly stands on the port. */
export function actionOf(facts: DraftFacts, words: Words): string {
  const { kind, subject: { protocol, port } } = facts
  const values = valuesOf(facts, words, 'others')
  const advice = serviceAdvice(protocol, port)
  const ofService = advice === undefined ? [] : [words.say(advice)]
  const ofPort = () => [words.say('action_port', values), ...ofService]
  const texts = kind === 'rsdos' ? [words.say('action_rsdos', values)]
    : kind === 'drdos' ? [words.say('action_drdos', values), words.say('service_amplifier')]
      : kind === 'own-network' ? [words.say('action_own_network', values)]
        : kind === 'worm' ? [words.say('action_worm', values), ...ofPort()] : ofPort()
  return texts.flatMap((text) => text.split('\n')).map((line) => `- ${line}`).join('\n')
}

/** A login may be somebody's own: it is not passed on by itself. */
const isShareable = (novelty: string | undefined): boolean => novelty !== 'credential'

/** Whether the indicators name what strangers wrote: that is for those who may read content until a person released it. */
export const holdsContent = ({ subject: { novelty, value } }: DraftFacts): boolean => value != null && isShareable(novelty)

const memberText = (text: string): string => (/^[0-9a-f.:/]+$/i.test(text) ? defangAddress(text) : defangText(text, 200))

function subjectLines(facts: DraftFacts, words: Words): string[] {
  const { victim, source, protocol, port, signature, novelty, value } = facts.subject
  return [
    ...(victim === undefined || !facts.own ? [] : [words.say('indicator_victim', { value: defangAddress(victim) })]),
    ...(source === undefined ? [] : [words.say('indicator_source', { value: defangAddress(source) })]),
    ...(protocol === undefined || port === undefined ? [] : [words.say('indicator_port', { value: `${defangText(protocol, 40)}/${port}` })]),
    ...(signature === undefined ? [] : [words.say('indicator_signature', { value: defangText(signature, 200) })]),
    ...(value == null || !isShareable(novelty) ? [] : [words.say('indicator_value', { novelty: novelty ?? 'port', value: defangText(value, 600) })]),
  ]
}

/** What to look for, one a line, written so that nobody opens it by mistake. Members of a victim's finding are ports or forged. */
export function indicatorsOf(facts: DraftFacts, words: Words): string {
  const lines = subjectLines(facts, words)
  const members = facts.kind === 'drdos' ? [] : facts.members
  const listed = members.length === 0 ? [] : [words.say('indicator_members', { count: members.length }), ...members.map((one) => `- ${memberText(one)}`)]
  const named = facts.subject.source !== undefined || (facts.own && facts.subject.victim !== undefined) || members.length > 0 || facts.subject.value != null
  return [...lines, ...listed, words.say(named ? 'indicators_note' : facts.subject.port === undefined ? 'indicators_nothing' : 'indicators_none')].join('\n')
}
