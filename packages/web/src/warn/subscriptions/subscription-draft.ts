import type { NewSubscription, SubscriptionView } from '@hirundo/contract'

/** A subscription as its form has it: lists as texts, so that half-typed ones stay as they were typed. */
export interface SubscriptionDraft extends Omit<NewSubscription, 'ports' | 'economies' | 'asns' | 'quiet'> {
  readonly ports: string
  readonly economies: string
  readonly asns: string
  readonly quiet: NonNullable<NewSubscription['quiet']> | null
}
export type WrongField = 'name' | 'target' | 'ports' | 'economies' | 'asns'

const listOf = (text: string): string[] => text.split(/[\s,、，]+/).filter((part) => part !== '')
const is_port = /^(tcp|udp)\/\d{1,5}$/
const is_mail = /^[^\s@]+@[^\s@]+$/

export const emptyDraft = (language: NewSubscription['language']): SubscriptionDraft => ({
  name: '', channel: 'mail', target: '', of: 'bulletins', language, kinds: [], ports: '', economies: '', asns: '',
  severity_min: 'notice', tlp_max: 'TLP:AMBER', digest: 'at-once', quiet: null,
})

export function draftOf({ ports, economies, asns, name, channel, target, of, language, kinds, severity_min, tlp_max, digest, quiet }: SubscriptionView): SubscriptionDraft {
  return { name, channel, target, of, language, kinds, severity_min, tlp_max, digest, quiet, ports: ports.join(' '), economies: economies.join(' '), asns: asns.map((asn) => `AS${asn}`).join(' ') }
}

/** As the node takes it, or the fields that are wrong. Whether it may send there, only the node knows. */
export function readDraft(draft: SubscriptionDraft): { readonly body: NewSubscription; readonly wrong: readonly WrongField[] } {
  const ports = listOf(draft.ports).map((port) => port.toLowerCase())
  const economies = listOf(draft.economies).map((code) => code.toUpperCase())
  const asns = listOf(draft.asns).map((asn) => Number(asn.replace(/^as/i, '')))
  const target = draft.channel === 'web' ? '' : draft.target.trim()
  const wrong: WrongField[] = [
    ...(draft.name.trim() === '' ? ['name' as const] : []),
    ...((draft.channel === 'mail' && !is_mail.test(target)) || (draft.channel === 'webhook' && !URL.canParse(target)) ? ['target' as const] : []),
    ...(ports.some((port) => !is_port.test(port) || Number(port.slice(4)) > 65_535) ? ['ports' as const] : []),
    ...(economies.some((code) => !/^[A-Z]{2}$/.test(code)) ? ['economies' as const] : []),
    ...(asns.some((asn) => !Number.isInteger(asn) || asn < 0 || asn > 4_294_967_295) ? ['asns' as const] : []),
  ]
  return { wrong, body: { ...draft, name: draft.name.trim(), target, ports, economies, asns } }
}
