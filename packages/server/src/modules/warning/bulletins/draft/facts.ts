import { serviceOf } from '@hirundo/base'
import type { FindingView, Severity, Subject } from '@hirundo/contract'
import type { Words } from '../words.ts'
import { defangAddress, defangText, networkOf } from './defang.ts'

/** What is known of a finding wherever it is told. Instants are RFC 3339. */
export type Told = Pick<FindingView,
  'kind' | 'subject' | 'severity' | 'tlp' | 'open' | 'start' | 'end' | 'packets' | 'economy' | 'asn' | 'as_name' | 'own' | 'simulated' | 'figures' | 'crossed'>

/** What a bulletin is drafted from. */
export interface DraftFacts extends FindingView {
  /** Sensors in service in its window: what its number of sensors is out of; null: not known. */
  readonly sensors_total: number | null
}

/** Who reads it: addresses of victims are for their own constituency, others learn the network. */
export type Audience = 'own-team' | 'others'

/** AS and economy of the victim or source, as far as they are known: location of address, not of actor. */
export function placeOf({ asn, as_name, economy }: Pick<Told, 'asn' | 'as_name' | 'economy'>, words: Words): string {
  const as = asn === null ? '' : as_name === null || as_name === '' ? `AS${asn}` : `AS${asn} (${defangText(as_name, 80)})`
  return words.list([as, economy ?? ''])
}

/** The victim in a sentence: its address, or the network that it is in. */
export function victimOf({ subject: { victim = '' }, own }: Told, words: Words, audience: Audience): string {
  if (own || audience === 'own-team') return defangAddress(victim)
  const network = networkOf(victim)
  return network === '' ? words.say('unknown_address') : words.say('address_in', { place: defangAddress(network) })
}

/** The victim with AS and economy, where they are known. */
export function victimAndPlace(told: Told, words: Words, audience: Audience): string {
  const place = placeOf(told, words)
  return words.list([victimOf(told, words, audience), place])
}

/** `tcp/23 (telnet)`; in words where there is no port. */
export function portOf({ protocol, port }: Subject, words: Words): string {
  if (protocol === undefined) return words.say('several_ports')
  const name = defangText(protocol, 40)
  if (port === undefined) return name
  const service = serviceOf(protocol, port)
  return `${name}/${port}${service === null ? '' : ` (${service})`}`
}

export const protocolOf = ({ protocol }: Subject, words: Words): string => (protocol === undefined ? words.say('some_protocol') : defangText(protocol, 40).toUpperCase())

const isPort = (text: string): boolean => /^(tcp|udp)\/\d{1,5}$/.test(text)

/** What subscriptions choose by. */
export interface Facets {
  readonly kind: Told['kind']
  readonly severity: Severity
  readonly tlp: Told['tlp']
  /** `tcp/23` */
  readonly ports: readonly string[]
  readonly economies: readonly string[]
  readonly asns: readonly number[]
}

export function facetsOf({ kind, severity, tlp, subject: { protocol, port }, economy, asn }: Told, members: readonly string[] = []): Facets {
  const own = port === undefined || protocol === undefined ? '' : `${protocol}/${port}`
  return {
    kind, severity, tlp, ports: [...new Set([own, ...members])].filter(isPort),
    economies: economy === null ? [] : [economy], asns: asn === null ? [] : [asn],
  }
}

/** The values that every text about the finding may name. */
export function valuesOf(told: Told, words: Words, audience: Audience): Readonly<Record<string, string | number>> {
  const { subject, figures } = told
  return {
    victim: victimOf(told, words, audience), source: defangAddress(subject.source ?? ''), port: portOf(subject, words), protocol: protocolOf(subject, words),
    novelty: subject.novelty ?? 'port', members: figures['members'] ?? 0, start: words.at(told.start), end: words.at(told.end),
  }
}
