import { coverageAnswer, type CallOutput, type SensorView } from '@hirundo/contract'
import { spans } from '@hirundo/figures'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { exploreAddress } from '../figure/addresses.ts'
import { answerFigure } from '../figure/answer-figure.ts'
import { commandLine, type Asking } from '../question/question.ts'
import { coverageStep, watchedSpans } from './watched-spans.ts'

const MINUTE_MS = 60_000

const stepInput = (asking: Asking) => ({ query: { ...asking.query, step: coverageStep(asking.from, asking.to) } })
/** When each sensor watched in the period. */
export const useCoverage = (asking: Asking) => useAnswer(coverageAnswer, stepInput(asking))

interface CoverageFigureProps {
  readonly asking: Asking
  readonly answer: CallOutput<typeof coverageAnswer>
  readonly sensors: readonly SensorView[]
}

/** Since when sensors of a name were in service; an import is never expected to watch. */
function serviceOf(sensors: readonly SensorView[]): (name: string) => number {
  const since = new Map<string, number>()
  for (const { name, kind, approved_at } of sensors) {
    if (kind === 'live' && approved_at !== null) since.set(name, Math.min(since.get(name) ?? Infinity, Date.parse(approved_at)))
  }
  return (name) => since.get(name) ?? Infinity
}

/** When each sensor watched: bars, thin where it watched a part of the time, hatched where it should have and did not. */
export function CoverageFigure({ asking, answer, sensors }: CoverageFigureProps) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const title = t('sensors.coverage_title')
  const rows = answer.data
  const [from_ms, to_ms, step_s] = [Date.parse(answer.from), Date.parse(answer.to), stepInput(asking).query.step]
  const newest = rows.reduce((most, { last_minute }) => Math.max(most, last_minute === null ? 0 : Date.parse(last_minute) + MINUTE_MS), 0)
  const known_to_ms = newest > 0 ? Math.min(to_ms, newest) : to_ms
  const in_service = serviceOf(sensors)
  const data = answerFigure(coverageAnswer, stepInput(asking), answer, {
    id: 'coverage', title, rows: rows.map(({ sensor, observed_s, observed_share, dropped, gap_batches, last_minute }) => ({ sensor, observed_s, observed_share, dropped, gap_batches, last_minute })),
    columns: [
      { key: 'sensor', label: t('ui.sensor') }, { key: 'observed_s', label: t('sensors.observed_s') }, { key: 'observed_share', label: t('sensors.observed_share') },
      { key: 'dropped', label: t('sensors.dropped') }, { key: 'gap_batches', label: t('sensors.gap_batches') }, { key: 'last_minute', label: t('sensors.last_minute') },
    ],
  })
  const least = rows.toSorted((a, b) => a.observed_share - b.observed_share)[0]
  return (
    <FigureCard data={data} command={commandLine('coverage', asking)} note={t('sensors.coverage_note', { step: format.duration(step_s) })} draw={(width) => spans({
      id: data.id, title, width, from_ms, to_ms, locale, zone, texts: { value: t('sensors.observed_share') },
      desc: t('sensors.coverage_desc', { n: rows.length, sensor: least?.sensor ?? '', share: format.percent(least?.observed_share ?? 0) }),
      rows: rows.map((row) => ({
        key: row.sensor, label: row.sensor, value_text: format.percent(row.observed_share), href: exploreAddress('sensor', [row.sensor], asking.search),
        text: t('sensors.coverage_row', { sensor: row.sensor, share: format.percent(row.observed_share) }),
        spans: watchedSpans(row.watched_s ?? [], { from_ms, known_to_ms, step_s, in_service_from_ms: in_service(row.sensor) }),
      })),
    })} />
  )
}
