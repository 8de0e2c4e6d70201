import { compareAnswer, topDimensions, type TopDimension } from '@hirundo/contract'
import { slope, type FigureColumn } from '@hirundo/figures'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Segmented, Select } from '../../ui/field.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Notice } from '../../ui/state.tsx'
import { answerFigure } from '../figure/answer-figure.ts'
import { FollowLinks } from '../figure/follow-links.tsx'
import { NothingCame } from '../figure/nothing-came.tsx'
import { usePeriodValues } from '../figure/period-values.ts'
import { QuestionBar } from '../question/question-bar.tsx'
import type { Asking } from '../question/question.ts'
import { BaseToken } from './base-token.tsx'
import { ordered, tallyOf, type CompareAnswer } from './compare-rows.ts'
import { limits, orders, useCompare, type CompareState, type Order } from './compare-state.ts'
import { CompareTable, nameOf } from './compare-table.tsx'
import '../figure/choices.css'

const inputOf = (asking: Asking, { dimension, before, limit }: CompareState) =>
  ({ params: { dimension }, query: { ...asking.query, base_from: before.from, base_to: before.to, limit } })

function useSentence(answer: CompareAnswer | undefined, asking: Asking, { dimension, base }: CompareState): string {
  const t = useText()
  const format = useFormat()
  const period = usePeriodValues(asking)
  if (answer === undefined) return t('compare.sentence_loading')
  const { data, coverage } = answer
  const { most, newest, rose, fell, same, came, went } = tallyOf(data.rows)
  const values = {
    dimension, n: data.rows.length, rose, fell, same, came, went, newest: newest === undefined ? '' : nameOf(newest).label, live: coverage.sensors_live, total: coverage.sensors_total,
    live_before: data.base_coverage.sensors_live, total_before: data.base_coverage.sensors_total,
    ...period, base, base_from: format.instant(data.base_from), base_to: format.instant(data.base_to),
  }
  if (data.rows.length === 0) return t('compare.sentence_empty', values)
  // Against nothing, nothing rose and nothing fell: calm would be a claim.
  if (data.base_coverage.sensors_live === 0) return t('compare.base_unwatched')
  return most === undefined ? t('compare.sentence_calm', values) : t('compare.sentence', { ...values, most: nameOf(most).label, ratio: format.ratio(most.ratio!) })
}

function Choices({ state, change }: { readonly state: CompareState; readonly change: ReturnType<typeof useCompare>['change'] }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="row choices">
      <Select<TopDimension> label={t('compare.dimension')} value={state.dimension} choices={topDimensions.map((id) => ({ id, label: t(`compare.dimension_${id}`) }))}
        onChange={(dimension) => change({ dimension: dimension === 'ports' ? undefined : dimension })} />
      <Select<string> label={t('compare.limit')} value={String(state.limit)} choices={limits.map((n) => ({ id: String(n), label: t('compare.first', { n: format.number(n) }) }))}
        onChange={(limit) => change({ limit: limit === '20' ? undefined : limit })} />
      <Segmented<Order> label={t('compare.order')} value={state.order} choices={orders.map((id) => ({ id, label: t(`compare.order_${id}`) }))}
        onChange={(order) => change({ order: order === 'size' ? undefined : order })} />
    </div>
  )
}

function useColumns(dimension: TopDimension): readonly FigureColumn[] {
  const t = useText()
  return [
    { key: 'key', label: t(`compare.head_${dimension}`) }, { key: 'rank', label: t('ui.rank') }, { key: 'base_rank', label: t('ui.previous_rank') },
    { key: 'packets_per_sensor', label: t('compare.mean_now') }, { key: 'base_packets_per_sensor', label: t('compare.mean_before') }, { key: 'ratio', label: t('compare.ratio') },
    { key: 'packets', label: t('ui.packets') }, { key: 'base_packets', label: t('compare.packets_before') },
    { key: 'sources', label: t('ui.sources') }, { key: 'base_sources', label: t('compare.sources_before') },
  ]
}

const SLOPE_RANKS = 20

/** A share of the time below this changes no figure that is shown. */
const SAME_TIME_SHARE = 0.005
const watchedDiffers = ({ coverage, data }: CompareAnswer): boolean =>
  data.base_coverage.watched_s > 0 && Math.abs(coverage.watched_s / data.base_coverage.watched_s - 1) > SAME_TIME_SHARE

function Comparison({ answer, asking, state }: { readonly answer: CompareAnswer; readonly asking: Asking; readonly state: CompareState }) {
  const t = useText()
  const format = useFormat()
  const { dimension, limit, order } = state
  const columns = useColumns(dimension)
  const { rows, base_coverage } = answer.data
  const lowest = Math.max(1, ...rows.flatMap(({ rank, base_rank }) => [rank ?? 1, base_rank ?? 1]))
  const ranks = Math.min(SLOPE_RANKS, limit, lowest)
  const title = t('compare.figure_title', { dimension })
  const data = answerFigure(compareAnswer, inputOf(asking, state), answer, { id: `compare-${dimension}`, title, columns, rows: rows as never })
  if (rows.length === 0) return <NothingCame watched={answer.coverage.sensors_live > 0} />
  const { rose, fell } = tallyOf(rows)
  return (
    <FollowLinks>
      {base_coverage.sensors_live > 0 && base_coverage.sensors_live !== answer.coverage.sensors_live && (
        <Notice>{t('compare.coverage_differs', { live: answer.coverage.sensors_live, before: base_coverage.sensors_live })}</Notice>
      )}
      {watchedDiffers(answer) && (
        <Notice>{t('compare.watched_differs', { now: format.duration(answer.coverage.watched_s), before: format.duration(base_coverage.watched_s) })}</Notice>
      )}
      <div className="grid">
        <div className="third">
          <FigureCard data={data} note={t('compare.figure_note', { ranks })} draw={(width) => slope({
            id: data.id, title, desc: t('compare.figure_desc', { n: rows.length, rose, fell }), width, ranks,
            texts: { before: t('compare.before'), now: t('compare.now') },
            items: rows.map((row) => ({ key: row.key, label: row.key === '' ? t('ui.unknown') : row.key, before: row.base_rank, now: row.rank })),
          })} />
        </div>
        <section className="two-thirds figure-card">
          <div className="figure-head"><h2>{t('compare.table', { dimension })}</h2></div>
          <CompareTable dimension={dimension} rows={ordered(rows, order)} search={asking.search} caption={t('compare.table', { dimension })} />
          {answer.note !== null && <p className="figure-note">{t('ui.location_not_actor')}</p>}
        </section>
      </div>
    </FollowLinks>
  )
}

/** Two periods side by side: who rose, who fell, who came and went. */
export function ComparePage() {
  const t = useText()
  const { asking, change, state } = useCompare()
  const answer = useAnswer(compareAnswer, inputOf(asking, state))
  const sentence = useSentence(answer.data, asking, state)
  return (
    <Page name={t('shell.compare')} sentence={sentence} filters={<><QuestionBar /><BaseToken state={state} onChange={change} /></>}>
      <Choices state={state} change={change} />
      <Answered answer={answer} lines={14}>{(found) => <Comparison answer={found} asking={asking} state={state} />}</Answered>
    </Page>
  )
}
