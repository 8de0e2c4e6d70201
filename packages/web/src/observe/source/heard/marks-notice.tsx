import type { AddressMark, AddressMarkKind } from '@hirundo/contract'
import { useText, type TextKey } from '../../../text/text.tsx'
import { Notice } from '../../../ui/state.tsx'

export const markNames: Readonly<Record<AddressMarkKind, TextKey>> = {
  'cgnat': 'heard.mark_cgnat', 'vpn': 'heard.mark_vpn', 'tor-exit': 'heard.mark_tor_exit', 'proxy': 'heard.mark_proxy', 'shared': 'heard.mark_shared',
}

/** An address that stands for many people: said before anything is concluded from it. */
export function MarksNotice({ marks }: { readonly marks: readonly AddressMark[] }) {
  const t = useText()
  if (marks.length === 0) return null
  return (
    <Notice kind="person">
      <strong>{t('heard.marks')}</strong>
      <ul>{marks.map(({ kind, list, as_of }) => <li key={`${kind} ${list}`}>{t('heard.mark_list', { kind: t(markNames[kind]), list, as_of })}</li>)}</ul>
      <span>{t('heard.marks_means')}</span>
    </Notice>
  )
}
