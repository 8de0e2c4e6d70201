import type { Evidence } from '@hirundo/contract'
import { ParamLink } from '../../../node/param-link.tsx'
import { useFormat } from '../../../text/format.ts'
import { useReader, useText } from '../../../text/text.tsx'
import { pieceKey } from './piece-key.ts'

interface PieceTimeProps {
  readonly piece: Evidence
  /** It leads to everything about the piece. */
  readonly opens?: boolean
}

/** To the millisecond in UTC, as a provider needs it, with how far the clock may be off, and the reader's zone below. */
export function PieceTime({ piece, opens = false }: PieceTimeProps) {
  const t = useText()
  const format = useFormat()
  const { zone } = useReader()
  const { at, clock_error_ms } = piece
  const shown = `${at.slice(0, 23).replace('T', ' ')} UTC`
  const time = <time dateTime={at} data-value>{shown}</time>
  return (
    <span className="piece-time">
      <span className="row">
        {opens ? <ParamLink name="piece" value={pieceKey(piece)} label={t('people.action_about', { action: t('heard.more'), name: shown })}>{time}</ParamLink> : time}
        {clock_error_ms === null ? <span className="quiet">{t('heard.clock_unknown')}</span> : <span className="quiet nowrap" data-value>{`± ${format.number(clock_error_ms)} ms`}</span>}
      </span>
      {zone !== 'UTC' && <span className="quiet" data-value>{format.second(at)}</span>}
    </span>
  )
}
