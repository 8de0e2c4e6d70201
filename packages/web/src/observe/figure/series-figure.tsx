import { seriesAnswer } from '@hirundo/contract'
import { lineSeries } from '@hirundo/figures'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText, type TextKey } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Answered } from '../../ui/state.tsx'
import { pointRows, pointsLeftOut, wholePoints } from '../explore/series-data.ts'
import { commandLine, type Asking } from '../question/question.ts'
import { answerFigure } from './answer-figure.ts'

export type SeriesMeasure = 'packets' | 'packets_per_sensor' | 'sources'
const unitOf: Readonly<Record<SeriesMeasure, TextKey>> = { packets: 'ui.packets', packets_per_sensor: 'ui.per_sensor', sources: 'ui.sources' }

interface SeriesFigureProps {
  readonly id: string
  readonly title: string
  readonly asking: Asking
  readonly dimension: 'port' | 'source'
  readonly of: string
  readonly measure: SeriesMeasure
}

const LINE_HEIGHT = 220

/** One value over time; bins in which nobody watched are holes. Asked once, however many figures show it. */
export function SeriesFigure({ id, title, asking, dimension, of, measure }: SeriesFigureProps) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const input = { query: { ...asking.query, dimension, key: of } }
  const answer = useAnswer(seriesAnswer, input)
  return (
    <Answered answer={answer} lines={5}>
      {(found) => {
        const { step_s } = found.data
        const shown = wholePoints(found)
        const left_out = pointsLeftOut(found)
        const known = shown.flatMap((point) => point[measure] ?? [])
        const data = answerFigure(seriesAnswer, input, found, {
          id, title, rows: pointRows(found),
          columns: [
            { key: 'at', label: t('port.at') }, { key: measure, label: t(unitOf[measure]) }, { key: 'live_sensors', label: t('port.live_sensors') },
            { key: 'complete', label: t('explore.complete') },
          ],
        })
        return (
          <FigureCard data={data} command={commandLine(`series ${dimension} ${of} --step ${step_s}`, asking)} note={[t('port.each', { step: format.duration(step_s), zone }), ...(left_out > 0 ? [t('explore.left_out', { n: left_out })] : [])].join(' · ')}
            draw={(width) => lineSeries({
              id, title, width, height: LINE_HEIGHT, from_ms: Date.parse(found.from), to_ms: Date.parse(found.to) - step_s * 1000, step_ms: step_s * 1000, locale, zone, format: format.compact,
              desc: known.length === 0 ? t('ui.hole') : t('port.series_desc', { low: format.decimal(Math.min(...known)), high: format.decimal(Math.max(...known)), holes: shown.length - known.length }),
              texts: { unit: t(unitOf[measure]) },
              series: [{ key: measure, label: t(unitOf[measure]), points: shown.map((point) => ({ at_ms: Date.parse(point.at), value: point[measure] })) }],
            })} />
        )
      }}
    </Answered>
  )
}
