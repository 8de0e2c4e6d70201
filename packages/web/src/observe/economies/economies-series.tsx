import { seriesAnswer } from '@hirundo/contract'
import { lineSeries } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Loading, ProblemView } from '../../ui/state.tsx'
import { answerFigure } from '../figure/answer-figure.ts'
import { stepText, type ExploreState } from '../explore/explore-state.ts'
import { gridOf, pointsLeftOut, pointsOf, rowsOf } from '../explore/series-data.ts'
import { queryOf } from '../explore/series-figure.tsx'
import { useSeries } from '../explore/use-series.ts'
import { commandLine, type Asking } from '../question/question.ts'
import { measureName, type Measure } from './measure.ts'

interface EconomiesSeriesProps {
  readonly asking: Asking
  /** The first by the measure. */
  readonly keys: readonly string[]
  readonly measure: Measure
}

const measureOf = { packets: 'packets', per_sensor: 'packets_per_sensor', sources: 'sources' } as const

/** How the first economies changed over the period. */
export function EconomiesSeries({ asking, keys, measure }: EconomiesSeriesProps) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const state: ExploreState = { dimension: 'economy', keys, step: undefined, scale: 'linear', measure: measureOf[measure] }
  const asked = useSeries(asking, state)
  const failed = asked.find(({ error }) => error !== null)
  if (failed) return <ProblemView error={failed.error} onRetry={() => void failed.refetch()} />
  const answers = asked.flatMap(({ key, answer }) => (answer && key !== undefined ? [{ key, label: key, answer }] : []))
  const grid = gridOf(answers, state.measure)
  if (answers.length < keys.length || grid === undefined) return <Loading lines={5} />
  const title = t('economies.series_title', { n: keys.length, measure })
  const data = {
    ...answerFigure(seriesAnswer, { query: { ...asking.query } }, answers[0]!.answer, {
      id: 'economies-over-time', title, rows: rowsOf(answers),
      columns: [
        { key: 'at', label: t('port.at') }, { key: 'key', label: t('ui.economy') }, { key: 'packets', label: t('ui.packets') },
        { key: 'packets_per_sensor', label: t('ui.per_sensor') }, { key: 'sources', label: t('ui.sources') }, { key: 'live_sensors', label: t('port.live_sensors') },
        { key: 'complete', label: t('explore.complete') },
      ],
    }),
    query: queryOf(asking, state, keys),
  }
  const left_out = pointsLeftOut(answers[0]!.answer)
  const last = Math.max(1, (grid.lines[0]?.values.length ?? 1) - 1)
  return (
    <FigureCard data={data} command={keys.map((key) => commandLine(`series economy ${key}`, asking)).join('\n')} note={[t('port.each', { step: stepText(grid.step_s, t), zone }), ...(left_out > 0 ? [t('explore.left_out', { n: left_out })] : [])].join(' · ')}
      draw={(width) => lineSeries({
        id: data.id, title, width, locale, zone, format: format.compact, texts: { unit: t(measureName[measure]) },
        desc: t('economies.series_desc', { keys: format.list(keys) }), from_ms: grid.from_s * 1000, to_ms: (grid.from_s + grid.step_s * last) * 1000,
        series: grid.lines.map((line) => ({ key: line.key, label: line.label, points: pointsOf(line, grid) })),
      })} />
  )
}
