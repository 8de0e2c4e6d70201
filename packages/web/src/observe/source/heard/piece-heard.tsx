import type { Evidence } from '@hirundo/contract'
import { useText } from '../../../text/text.tsx'
import { defanged, defangedText } from '../../answering/defang.ts'

const FACTS_SHOWN = 4
const URLS_SHOWN = 2

const strengthClass = { none: 'quiet', completed: '', dialogue: 'status-strong' } as const

export function Strength({ piece: { handshake } }: { readonly piece: Pick<Evidence, 'handshake'> }) {
  const t = useText()
  return <span className={strengthClass[handshake]}>{t(`answering.${handshake}`)}</span>
}

/** The most telling of what was heard, on a few lines; all of it is in the drawer. */
export function PieceHeard({ piece: { protocol, guess, logins, urls, facts } }: { readonly piece: Evidence }) {
  const t = useText()
  const said = Object.entries(facts)
  return (
    <span className="piece-heard">
      <span><code>{protocol}</code>{guess && <> · <span data-value>{guess.name}</span> <code className="quiet">{guess.rule}</code></>}</span>
      {logins.length > 0 && <span>{t('heard.logins_n', { n: logins.length })}{logins[0]!.user !== null && <> <code className="said">{`${logins[0]!.user} / ${logins[0]!.password ?? ''}`}</code></>}</span>}
      {urls.slice(0, URLS_SHOWN).map((url, i) => <code key={i} className="said">{defanged(url)}</code>)}
      {said.slice(0, FACTS_SHOWN).map(([name, value]) => <span key={name}><span className="quiet" data-value>{name}</span> <code className="said">{defangedText(value)}</code></span>)}
    </span>
  )
}
