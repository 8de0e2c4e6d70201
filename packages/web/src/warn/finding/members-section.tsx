import { Link } from '@tanstack/react-router'
import type { FindingView } from '@hirundo/contract'
import { useState } from 'react'
import { portAddress, sourceAddress } from '../../observe/figure/addresses.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'

const SHOWN_FIRST = 12
const is_port = /^(tcp|udp)\/\d{1,5}$/
const is_address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)$/i

function Member({ member, time }: { readonly member: string; readonly time: { readonly from: string; readonly to: string } }) {
  if (is_port.test(member)) return <Link to={portAddress(member, time) as never} data-value>{member}</Link>
  if (is_address.test(member)) return <Link to={sourceAddress(member, time) as never} data-value>{member}</Link>
  return <code>{member}</code>
}

/** Sources or ports that belong to it, those with most packets first. */
export function MembersSection({ finding: { members, start, end } }: { readonly finding: FindingView }) {
  const t = useText()
  const [all, setAll] = useState(false)
  if (members.length === 0) return null
  const shown = all ? members : members.slice(0, SHOWN_FIRST)
  return (
    <section className="section" aria-labelledby="members">
      <div className="section-head"><h2 id="members">{t('warn.members', { n: members.length })}</h2><CopyButton text={members.join('\n')} what={t('warn.members', { n: members.length })} /></div>
      <ul className="members">{shown.map((member) => <li key={member}><Member member={member} time={{ from: start, to: end }} /></li>)}</ul>
      {members.length > shown.length && <div><Button kind="plain" onPress={() => setAll(true)}>{t('warn.members_more', { n: members.length - shown.length })}</Button></div>}
      <p className="figure-note">{t('warn.members_note')}</p>
    </section>
  )
}
