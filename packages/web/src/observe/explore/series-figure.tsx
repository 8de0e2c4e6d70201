import { seriesAnswer } from '@hirundo/contract'
import { lineSeries, queryText, type FigureData } from '@hirundo/figures'
import { useMemo } from 'react'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { figureQuery } from '../figure/figure-query.ts'
import { commandLine, shellWord, type Asking } from '../question/question.ts'
import { stepText, type ExploreState } from './explore-state.ts'
import { LongSeries } from './long-series.tsx'
import { gridOf, pointsLeftOut, pointsOf, rowsOf, summaryOf, type Answered, type Grid, type Summary } from './series-data.ts'
import { seriesQuery } from './use-series.ts'

interface SeriesFigureProps {
  readonly asking: Asking
  readonly state: ExploreState
  readonly answers: readonly Answered[]
  readonly title: string
  readonly onPeriod: (from_s: number, to_s: number) => void
}

/** The requests of all keys, one under the other: each gives one line of the figure. */
export function queryOf(asking: Asking, state: ExploreState, keys: readonly (string | undefined)[]): FigureData['query'] {
  const [first, ...others] = keys.map((key) => figureQuery(seriesAnswer, { query: seriesQuery(asking, state, key) }))
  return { ...first!, search: [first!.search, ...others.map((query) => queryText({ query }))].join('\n') }
}

const isoOf = (second: number): string => new Date(second * 1000).toISOString()

function SummaryTable({ summaries, caption }: { readonly summaries: readonly Summary[]; readonly caption: string }) {
  const t = useText()
  const format = useFormat()
  const columnOf = (one: 'mean' | 'high' | 'low') => format.column(summaries.map((summary) => summary[one]))
  const column = { mean: columnOf('mean'), high: columnOf('high'), low: columnOf('low') }
  return (
    <section className="figure-card">
      <div className="figure-head"><h2>{caption}</h2></div>
      <Table cards caption={caption} caption_hidden rows={summaries} row_key={({ key }) => key} columns={[
        { id: 'key', head: t('explore.line'), row_head: true, cell: ({ label }) => <span data-value>{label}</span> },
        { id: 'mean', head: t('explore.mean'), number: true, cell: ({ mean }) => <span data-value>{column.mean(mean)}</span> },
        { id: 'high', head: t('explore.high'), number: true, cell: ({ high }) => <span data-value>{column.high(high)}</span> },
        { id: 'high_at', head: t('explore.high_at'), cell: ({ high_at_s }) => <Time at={isoOf(high_at_s)} both={false} /> },
        { id: 'low', head: t('explore.low'), number: true, cell: ({ low }) => <span data-value>{column.low(low)}</span> },
        { id: 'low_at', head: t('explore.low_at'), cell: ({ low_at_s }) => <Time at={isoOf(low_at_s)} both={false} /> },
        { id: 'holes', head: t('explore.holes'), number: true, cell: ({ holes }) => <span data-value>{format.number(holes)}</span> },
      ]} />
    </section>
  )
}

function useDrawing(state: ExploreState, grid: Grid | undefined, title: string, unit: string) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const summaries = useMemo(() => (grid?.lines ?? []).flatMap((line) => summaryOf(line, grid!) ?? []), [grid])
  const first = summaries[0]
  const desc = first === undefined ? t('explore.desc_none') : t('explore.desc', { n: summaries.length, line: first.label, low: format.decimal(first.low), high: format.decimal(first.high), holes: first.holes })
  const draw = (width: number) => lineSeries({
    id: 'series', title, desc, width, locale, zone, scale: state.scale, format: format.compact, texts: { unit },
    from_ms: (grid?.from_s ?? 0) * 1000, to_ms: ((grid?.from_s ?? 0) + (grid?.step_s ?? 60) * Math.max(1, (grid?.lines[0]?.values.length ?? 1) - 1)) * 1000,
    series: (grid?.lines ?? []).map((line) => ({ key: line.key, label: line.label, points: pointsOf(line, grid!) })),
  })
  return { summaries, draw }
}

/** The lines of the page with everything that a figure brings, and the same in words below. */
export function SeriesFigure({ asking, state, answers, title, onPeriod }: SeriesFigureProps) {
  const t = useText()
  const format = useFormat()
  const grid = useMemo(() => gridOf(answers, state.measure), [answers, state.measure])
  const unit = t('explore.unit', { measure: state.measure, step: stepText(grid?.step_s ?? 60, t) })
  const { summaries, draw } = useDrawing(state, grid, title, unit)
  const envelope = answers[0]!.answer
  const keys = state.dimension === 'total' ? [undefined] : answers.map(({ key }) => key)
  const data: FigureData = {
    id: `series-${state.dimension}`, title, query: queryOf(asking, state, keys), from: envelope.from, to: envelope.to,
    coverage: envelope.coverage, simulated: envelope.simulated, note: envelope.note, rows: rowsOf(answers),
    columns: [
      { key: 'at', label: t('explore.at') }, { key: 'key', label: t('explore.line') }, { key: 'packets', label: t('ui.packets') },
      { key: 'packets_per_sensor', label: t('ui.per_sensor') }, { key: 'sources', label: t('ui.sources') }, { key: 'live_sensors', label: t('explore.live_sensors') },
      { key: 'complete', label: t('explore.complete') },
    ],
  }
  const left_out = pointsLeftOut(envelope)
  const note = [
    state.measure === 'sources' ? t('ui.sources_estimated', { percent: format.percent(envelope.method.sources_error) }) : '',
    left_out > 0 ? t('explore.left_out', { n: left_out }) : '',
  ].filter((text) => text !== '').join(' · ')
  const step = state.step === undefined ? '' : ` --step ${state.step}`
  const command = keys.map((key) => `${commandLine(key === undefined ? 'series total' : `series ${state.dimension} ${shellWord(key)}`, asking)}${step}`).join('\n')
  return (
    <>
      <FigureCard data={data} draw={draw} command={command} note={note === '' ? undefined : note}>
        {grid && <LongSeries label={title} from_s={grid.from_s} step_s={grid.step_s} lines={grid.lines} scale={state.scale} unit={unit} onPeriod={onPeriod} />}
      </FigureCard>
      <SummaryTable summaries={summaries} caption={t('explore.summary', { unit })} />
    </>
  )
}
