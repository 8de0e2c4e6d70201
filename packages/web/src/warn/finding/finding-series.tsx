import { findingSeries, type CallOutput, type FindingView } from '@hirundo/contract'
import { eventSeries } from '@hirundo/figures'
import { figureQuery } from '../../observe/figure/figure-query.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Answered } from '../../ui/state.tsx'
import { titleOf } from '../words/subject.ts'
import { useSeries } from './use-finding.ts'

type Series = CallOutput<typeof findingSeries>

/** The subject before, during and after, with the finding's window marked. */
function Drawn({ finding, series }: { readonly finding: FindingView; readonly series: Series }) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const { step_s, from, to, start, end, points, simulated } = series
  const title = t('warn.series_title')
  const panel = (key: 'packets' | 'sources', unit: string) => ({ key, unit, points: points.map(({ at, live_sensors, ...point }) => ({ at_ms: Date.parse(at), value: live_sensors > 0 ? point[key] : null })) })
  const holes = points.filter(({ live_sensors }) => live_sensors === 0).length
  const most = points.reduce((max, { packets }) => Math.max(max, packets), 0)
  return (
    <FigureCard note={`${t('port.each', { step: format.duration(step_s), zone })}${holes > 0 ? ` · ${t('warn.series_hatched')}` : ''}`}
      data={{
        id: 'finding-series', title, query: figureQuery(findingSeries, { params: { id: finding.id } }), from, to, coverage: null, simulated, note: null,
        columns: [{ key: 'at', label: t('port.at') }, { key: 'packets', label: t('ui.packets') }, { key: 'sources', label: t('ui.sources') }, { key: 'live_sensors', label: t('port.live_sensors') }],
        rows: points.map(({ live_sensors, ...point }) => ({ ...point, live_sensors })),
      }}
      draw={(width) => eventSeries({
        id: 'finding-series', title, width, desc: t('warn.series_desc', { what: titleOf(finding.kind, finding.subject, t), most: format.number(most), since: format.instant(start), until: format.instant(end), holes }),
        from_ms: Date.parse(from), to_ms: Date.parse(to), step_ms: step_s * 1000, locale, zone, format: format.compact,
        event: { from_ms: Date.parse(start), to_ms: Date.parse(end), label: t('warn.began', { at: format.minute(start) }) },
        panels: [panel('packets', t('warn.per_step', { what: t('ui.packets'), step: format.duration(step_s) })), panel('sources', t('warn.per_step', { what: t('ui.sources'), step: format.duration(step_s) }))],
      })} />
  )
}

export function FindingSeries({ finding }: { readonly finding: FindingView }) {
  const answer = useSeries(finding.id)
  return <Answered answer={answer} lines={8}>{(series) => <Drawn finding={finding} series={series} />}</Answered>
}
