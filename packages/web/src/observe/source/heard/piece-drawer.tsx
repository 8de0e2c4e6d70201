import type { Evidence } from '@hirundo/contract'
import type { ReactNode } from 'react'
import { useFormat } from '../../../text/format.ts'
import { useText, type TextKey } from '../../../text/text.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { defanged, defangedText } from '../../answering/defang.ts'
import { hexRows } from './hex-rows.ts'
import { Strength } from './piece-heard.tsx'
import { PieceTime } from './piece-time.tsx'

/** Of a whole row of bytes, so that the text stands in one column. */
const HEX_WIDTH = 23

interface PieceProps {
  readonly piece: Evidence
  /** Whether the answer holds content. */
  readonly content: boolean
}

function Facts({ piece }: { readonly piece: Evidence }) {
  const t = useText()
  const format = useFormat()
  const number = (value: number) => <span data-value>{format.number(value)}</span>
  const rows: readonly (readonly [TextKey, ReactNode])[] = [
    ['heard.at', <PieceTime key="0" piece={piece} />], ['heard.strength', <Strength key="0" piece={piece} />],
    ['heard.src_port', <code key="0">{piece.src_port}</code>], ['heard.dst_port', <code key="0">{piece.dst_port}</code>],
    ['heard.transport', <code key="0">{`${piece.transport} · ${piece.protocol}`}</code>], ['ui.sensor', <span key="0" data-value>{piece.sensor}</span>],
    ['answering.requests', number(piece.requests)], ['heard.duration', <span key="0" data-value>{`${format.number(piece.duration_ms)} ms`}</span>],
    ['answering.bytes_in', number(piece.bytes_in)], ['answering.bytes_out', number(piece.bytes_out)],
    ...(piece.guess ? [['answering.tool', <span key="0" data-value>{piece.guess.name} <code className="quiet block">{piece.guess.rule}</code></span>] as const] : []),
  ]
  return <dl className="facts">{rows.map(([name, value]) => <div key={name}><dt>{t(name)}</dt><dd>{value}</dd></div>)}</dl>
}

const Part = ({ id, title, children }: { readonly id: string; readonly title: string; readonly children: ReactNode }) => (
  <section className="section" aria-labelledby={id}><h3 id={id}>{title}</h3>{children}</section>
)

function Logins({ piece: { logins }, content }: PieceProps) {
  const t = useText()
  if (logins.length === 0) return null
  return (
    <Part id="piece-logins" title={t('heard.logins')}>
      {content
        ? <ul className="piece-list">{logins.map(({ user, password }, i) => <li key={i}><code className="said">{`${user ?? ''} / ${password ?? ''}`}</code></li>)}</ul>
        : <p className="quiet">{t('heard.logins_n', { n: logins.length })}. {t('heard.logins_hidden')}</p>}
    </Part>
  )
}

function Urls({ piece: { urls } }: { readonly piece: Evidence }) {
  const t = useText()
  if (urls.length === 0) return null
  return (
    <Part id="piece-urls" title={t('heard.urls')}>
      <ul className="piece-list">{urls.map((url, i) => <li key={i} className="heard-key"><code className="said">{defanged(url)}</code><CopyButton text={url} what={defanged(url)} /></li>)}</ul>
      <p className="figure-note">{t('answering.note_urls')}</p>
    </Part>
  )
}

/** What came, byte by byte: text that a stranger wrote is shown as text and run by nothing. */
function Sample({ piece: { sample, payload_sha256 }, content }: PieceProps) {
  const t = useText()
  const rows = sample === null ? [] : hexRows(sample)
  return (
    <Part id="piece-sample" title={t('heard.sample')}>
      {!content ? <p className="quiet">{t('heard.sample_hidden')}</p> : rows.length === 0 ? <p className="quiet">{t('heard.sample_none')}</p> : (
        <pre className="code hex" tabIndex={0} aria-labelledby="piece-sample" data-value>{rows.map(({ at, hex, text }) => `${at}  ${hex.padEnd(HEX_WIDTH)}  ${text}`).join('\n')}</pre>
      )}
      {payload_sha256 !== null && <div className="heard-key"><span className="quiet small">{t('answering.payload')}</span> <code className="small">{payload_sha256}</code><CopyButton text={payload_sha256} what={t('answering.payload')} /></div>}
    </Part>
  )
}

/** Everything about one piece of evidence. */
export function PieceDrawer({ piece, content, onClose }: PieceProps & { readonly onClose: () => void }) {
  const t = useText()
  const said = Object.entries(piece.facts)
  return (
    <Dialog title={t('heard.piece')} isOpen onClose={onClose} drawer>
      <Facts piece={piece} />
      {piece.truncated && <p className="person">{t('heard.truncated')}</p>}
      <Logins piece={piece} content={content} />
      <Urls piece={piece} />
      {said.length > 0 && (
        <Part id="piece-facts" title={t('heard.facts')}>
          <dl className="piece-facts">{said.map(([name, value]) => <div key={name}><dt data-value>{name}</dt><dd><code className="said">{defangedText(value)}</code></dd></div>)}</dl>
        </Part>
      )}
      <Sample piece={piece} content={content} />
    </Dialog>
  )
}
