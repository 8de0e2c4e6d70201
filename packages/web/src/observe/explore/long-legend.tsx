import { dashes, el } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Svg } from '../../ui/svg.tsx'
import { Time } from '../../ui/time.tsx'
import type { LongLine } from './long-plot.ts'

const Swatch = ({ index }: { readonly index: number }) => (
  <Svg node={el('svg', { class: 'figure', width: 28, height: 10, 'aria-hidden': 'true' }, [
    el('path', { class: `line s${index + 1}`, d: 'M1 5L27 5', 'stroke-dasharray': dashes[index] }),
  ])} />
)

interface LongLegendProps {
  readonly lines: readonly LongLine[]
  /** The point under the pointer. */
  readonly point: number | undefined
  readonly from_s: number
  readonly step_s: number
}

/** Which line is whose, and what stands under the pointer. */
export function LongLegend({ lines, point, from_s, step_s }: LongLegendProps) {
  const t = useText()
  const format = useFormat()
  const known = point === undefined ? undefined : point
  return (
    <ul className="long-legend">
      <li>{known === undefined ? <span className="quiet screen-only">{t('explore.point_none')}</span> : <Time at={new Date((from_s + known * step_s) * 1000).toISOString()} />}</li>
      {lines.map(({ key, label, values }, i) => {
        const value = known === undefined ? undefined : values[known]
        return (
          <li key={key}><Swatch index={i} /><span data-value>{label}</span>
            {value !== undefined && <strong data-value>{Number.isNaN(value) ? t('ui.hole') : format.decimal(value)}</strong>}
          </li>
        )
      })}
    </ul>
  )
}
