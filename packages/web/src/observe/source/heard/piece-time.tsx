import type { Evidence } from '@hirundo/contract'
import { useFormat } from '../../../text/format.ts'
import { useReader, useText } from '../../../text/text.tsx'

/** To the millisecond in UTC, as a provider needs it, with the reader's zone below and how far the clock may be off. */
export function PieceTime({ piece: { at, clock_error_ms } }: { readonly piece: Evidence }) {
  const t = useText()
  const format = useFormat()
  const { zone } = useReader()
  return (
    <span className="piece-time">
      <time dateTime={at} data-value>{`${at.slice(0, 23).replace('T', ' ')} UTC`}</time>
      {clock_error_ms === null ? <span className="quiet">{t('heard.clock_unknown')}</span> : <span className="quiet" data-value>{`± ${format.number(clock_error_ms)} ms`}</span>}
      {zone !== 'UTC' && <span className="quiet" data-value>{format.second(at)}</span>}
    </span>
  )
}
