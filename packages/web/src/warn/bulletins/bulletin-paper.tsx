import { bulletinSlots, type BulletinView, type Language } from '@hirundo/contract'
import { useText } from '../../text/text.tsx'
import { Loading } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { TlpLabel } from '../words/marks.tsx'
import { usePaperTexts } from './paper-texts.ts'

/** The bulletin as who gets it reads it, and as it is printed: its label above and below, as TLP asks of documents. */
export function BulletinPaper({ bulletin, language }: { readonly bulletin: BulletinView; readonly language: Language }) {
  const t = useText()
  const own = usePaperTexts(language)
  const text = bulletin.texts[language]
  const says = (line: string): boolean => bulletinSlots.some((slot) => text[slot].includes(line))
  if (own === undefined) return <Loading lines={8} />
  return (
    <article className={`paper ${bulletin.state}`} aria-label={bulletin.number}>
      <header className="paper-head">
        <span data-value className="mono">{bulletin.number}</span>
        <TlpLabel tlp={bulletin.tlp} />
      </header>
      {bulletin.state !== 'released' && <p className="paper-state">{t(bulletin.state === 'draft' ? 'bulletins.paper_draft' : 'bulletins.paper_withdrawn', { why: bulletin.withdrawn_why ?? '' })}</p>}
      <div lang={language} className="paper-text" data-value>
        {bulletin.simulated && !says(own['bulletin.simulated']) && <p className="paper-state">{own['bulletin.simulated']}</p>}
        <h2>{text.title}</h2>
        {bulletinSlots.filter((slot) => text[slot].trim() !== '').map((slot) => <section key={slot}><h3>{own[`bulletin.slot_${slot}`]}</h3><p className="said">{text[slot]}</p></section>)}
        {!says(own['bulletin.not_actor']) && <p className="quiet small">{own['bulletin.not_actor']}</p>}
      </div>
      {bulletin.released_at !== null && <footer className="quiet small">{t('bulletins.released_by', { name: bulletin.released_by ?? '' })} <Time at={bulletin.released_at} /></footer>}
      <TlpLabel tlp={bulletin.tlp} />
    </article>
  )
}
