import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented, Select } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, Loading, Notice, ProblemView } from '../../ui/state.tsx'
import { NothingCame } from '../figure/nothing-came.tsx'
import { usePeriodValues } from '../figure/period-values.ts'
import { QuestionBar } from '../question/question-bar.tsx'
import type { Asking } from '../question/question.ts'
import { seriesDimensions } from '@hirundo/contract'
import { useMemo } from 'react'
import { measures, stepsFor, stepText, useExplore, type ExploreState, type LineScale, type Measure, type SeriesDimension } from './explore-state.ts'
import { KeysBar } from './keys-bar.tsx'
import { gridOf, summaryOf, type Answered } from './series-data.ts'
import { SeriesFigure } from './series-figure.tsx'
import { useSeries, type KeyedSeries } from './use-series.ts'
import '../figure/choices.css'
import './explore.css'

function useSentence(asking: Asking, state: ExploreState, answers: readonly Answered[]): string {
  const t = useText()
  const format = useFormat()
  const period = usePeriodValues(asking)
  if (state.dimension !== 'total' && state.keys.length === 0) return t('explore.sentence_choose', { dimension: state.dimension })
  const grid = gridOf(answers, state.measure)
  if (!grid) return t('explore.sentence_loading')
  const summaries = grid.lines.flatMap((line) => summaryOf(line, grid) ?? [])
  const most = summaries.toSorted((a, b) => b.mean - a.mean)[0]
  const { coverage } = answers[0]!.answer
  const values = { ...period, live: coverage.sensors_live, total: coverage.sensors_total, measure: state.measure, step: stepText(grid.step_s, t) }
  if (!most) return t('explore.sentence_none', values)
  return t(state.dimension === 'total' ? 'explore.sentence_total' : 'explore.sentence', {
    ...values, line: most.label, n: summaries.length, mean: format.decimal(most.mean), high: format.decimal(most.high),
    at: format.instant(most.high_at_s * 1000), utc: format.utc(most.high_at_s * 1000),
  })
}

function Choices({ asking, state, change }: { readonly asking: Asking; readonly state: ExploreState; readonly change: ReturnType<typeof useExplore>['change'] }) {
  const t = useText()
  return (
    <div className="row choices screen-only">
      <Select<SeriesDimension> label={t('explore.dimension')} value={state.dimension} choices={seriesDimensions.map((id) => ({ id, label: t(`explore.dimension_${id}`) }))}
        onChange={(dimension) => change({ dimension: dimension === 'total' ? undefined : dimension, key: undefined })} />
      <Select<string> label={t('explore.step')} value={String(state.step ?? 'auto')} onChange={(step) => change({ step: step === 'auto' ? undefined : step })}
        choices={[{ id: 'auto', label: t('explore.step_auto') }, ...stepsFor(asking).map((step) => ({ id: String(step), label: stepText(step, t) }))]} />
      <Segmented<Measure> label={t('explore.measure')} value={state.measure} choices={measures.map((id) => ({ id, label: t(`explore.measure_${id}`) }))}
        onChange={(measure) => change({ measure: measure === 'packets_per_sensor' ? undefined : measure })} />
      <Segmented<LineScale> label={t('explore.scale')} value={state.scale} choices={(['linear', 'log'] as const).map((id) => ({ id, label: t(`explore.scale_${id}`) }))}
        onChange={(scale) => change({ scale: scale === 'linear' ? undefined : scale })} />
    </div>
  )
}

/** What is wrong with one key stands beside the lines of the others. */
function SeriesProblem({ series: { key, error, refetch }, state, onKeys }: { readonly series: KeyedSeries; readonly state: ExploreState; readonly onKeys: (keys: readonly string[]) => void }) {
  const t = useText()
  if (!error) return null
  if (key === undefined || error.problem.code !== 'request/invalid') return <ProblemView error={error} onRetry={() => void refetch()} />
  return (
    <Notice kind="person">
      <span>{t('explore.bad_key', { key, dimension: state.dimension, example: t(`explore.example_${state.dimension as Exclude<SeriesDimension, 'total'>}`) })}</span>
      <Button onPress={() => onKeys(state.keys.filter((one) => one !== key))}>{t('explore.remove', { key })}</Button>
    </Notice>
  )
}

const isoOf = (second: number): string => new Date(second * 1000).toISOString()

/** Series of anything over any period: what the address says is what is drawn. */
export function ExplorePage() {
  const t = useText()
  const { asking, change, state } = useExplore()
  const series = useSeries(asking, state)
  const answers = useMemo(() => series.flatMap(({ key, answer }): Answered[] => (answer ? [{ key: key ?? 'total', label: key ?? t('explore.dimension_total'), answer }] : [])), [series, t])
  const sentence = useSentence(asking, state, answers)
  const setKeys = (key: readonly string[]) => change({ key: key.length === 0 ? undefined : key })
  const chosen = state.dimension === 'total' || state.keys.length > 0
  // Packets that came while nobody claimed to watch (a sensor that was killed) are still worth a picture.
  const nothing_known = answers.length > 0 && answers.every(({ answer }) => answer.data.points.every(({ packets }) => packets === null))
  const title = t('explore.figure_title', { dimension: state.dimension, measure: state.measure, keys: answers.map(({ label }) => label).join(', ') })
  return (
    <Page name={t('shell.explore')} sentence={sentence} filters={<QuestionBar />}>
      <Choices asking={asking} state={state} change={change} />
      {state.dimension !== 'total' && <KeysBar asking={asking} state={state} onKeys={setKeys} />}
      {series.map((one) => <SeriesProblem key={one.key ?? ''} series={one} state={state} onKeys={setKeys} />)}
      {!chosen ? <Empty title={t('explore.choose_title')}><p>{t('explore.choose_text')}</p></Empty>
        : nothing_known ? <NothingCame watched={false} />
        : answers.length > 0 ? <SeriesFigure asking={asking} state={state} answers={answers} title={title} onPeriod={(from, to) => change({ last: undefined, from: isoOf(from), to: isoOf(to) })} />
        : series.every(({ error }) => error) ? null : <Loading lines={10} />}
    </Page>
  )
}
