import { useText } from '../../text/text.tsx'
import { Specimens } from './specimen.tsx'

const tokens = ['paper', 'raised', 'sunken', 'ink', 'quiet', 'line', 'line-strong', 'accent', 'accent-soft', 'person', 'person-soft', 'loss', 'loss-soft', 'good'] as const

/** The colours by their names in tokens.css. */
export function Colours() {
  const t = useText()
  return (
    <Specimens title={t('node.gallery_tokens')}>
      <ul className="swatches">{tokens.map((token) => <li key={token}><span className={`swatch swatch-${token}`} aria-hidden="true" /><code>--{token}</code></li>)}</ul>
      <div className="stack type-scale">
        <p className="type-sentence">{t('node.gallery_sentence')}</p>
        <p>{t('node.gallery_body')}</p>
        <p className="figure-note">{t('node.gallery_note')}</p>
        <p><a href="#content">{t('node.gallery_link')}</a> · <span className="quiet">{t('ui.none')}</span> · <code>192.0.2.0/24</code> · <kbd className="mono">g o</kbd></p>
      </div>
    </Specimens>
  )
}
