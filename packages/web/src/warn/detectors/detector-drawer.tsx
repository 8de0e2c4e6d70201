import type { DetectorView } from '@hirundo/contract'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Parameters } from '../finding/why-section.tsx'
import { underscored } from '../words/subject.ts'
import { DetectorState, Precise } from './detector-parts.tsx'

/** Everything about one detector: where its definition comes from, what it runs with, what its memory left out. */
export function DetectorDrawer({ detector, onClose }: { readonly detector: DetectorView; readonly onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const shed = Object.entries(detector.shed)
  return (
    <Dialog drawer title={t(`warn.kind_${underscored(detector.kind)}`)} isOpen onClose={onClose}>
      <p>{t(`warn.kind_${underscored(detector.kind)}_about`)}</p>
      <dl className="facts">
        <div><dt>{t('warn.state')}</dt><dd><DetectorState detector={detector} /></dd></div>
        <div><dt>{t('warn.version')}</dt><dd data-value>{detector.version}</dd></div>
        <div><dt>{t('warn.precision')}</dt><dd><Precise precision={detector.precision} /></dd></div>
      </dl>
      <section className="section" aria-labelledby="detector-source"><h3 id="detector-source">{t('warn.source')}</h3><p data-value>{detector.source}</p></section>
      <section className="section" aria-labelledby="detector-parameters"><h3 id="detector-parameters">{t('warn.parameters_title')}</h3><Parameters parameters={detector.parameters} /></section>
      <section className="section" aria-labelledby="detector-shed">
        <h3 id="detector-shed">{t('warn.shed_title')}</h3>
        <p className="quiet small">{t('warn.shed_about')}</p>
        {shed.length === 0 ? <p>{t('warn.shed_none')}</p> : <dl className="facts small-facts">{shed.map(([name, n]) => <div key={name}><dt><code>{name}</code></dt><dd className={n > 0 ? 'loss' : undefined} data-value>{format.number(n)}</dd></div>)}</dl>}
      </section>
    </Dialog>
  )
}
