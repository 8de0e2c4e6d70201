import { topAnswer } from '@hirundo/contract'
import { Link, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAnswer } from '../../api/api.ts'
import { oneOf } from '../../app/search-params.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Segmented } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered } from '../../ui/state.tsx'
import { FollowLinks } from '../figure/follow-links.tsx'
import { NothingCame } from '../figure/nothing-came.tsx'
import { usePeriodValues } from '../figure/period-values.ts'
import { QuestionBar } from '../question/question-bar.tsx'
import { useAsking } from '../question/question.ts'
import { useWatchedBefore } from '../question/use-before.ts'
import { beforeOf } from '../top/sentence.ts'
import { EconomiesSeries } from './economies-series.tsx'
import { EconomiesTable } from './economies-table.tsx'
import { byMeasure, isUnknown, measureName, measureOf, measures, valueOf, type Measure } from './measure.ts'
import { TilesFigure } from './tiles-figure.tsx'

/** More than there are economies: the whole is then the sum of all. */
const LIMIT = 300
/** Lines that can be told apart without effort. */
const LINES = 5

/** Where the sources' addresses are located. */
export function EconomiesPage() {
  const t = useText()
  const format = useFormat()
  const { asking, change } = useAsking()
  const measure = measureOf(oneOf((useSearch({ strict: false }) as Record<string, unknown>)['measure']))
  const answer = useAnswer(topAnswer, { params: { dimension: 'economies' }, query: { ...asking.query, limit: LIMIT } })
  const watched_before = useWatchedBefore(asking)
  const period = usePeriodValues(asking)
  const entries = useMemo(() => byMeasure(answer.data?.data ?? [], measure), [answer.data, measure])
  const first = entries.find(({ key }) => !isUnknown(key))
  const around = { ...period, live: answer.data?.coverage.sensors_live ?? 0, total: answer.data?.coverage.sensors_total ?? 0 }
  const whole = entries.reduce((sum, { packets }) => sum + packets, 0)
  const sentence = answer.data === undefined ? t(answer.error ? 'top.sentence_failed' : 'economies.sentence_loading') : first === undefined ? t('economies.sentence_nothing', around)
    : t('economies.sentence', {
      ...around, key: first.key, measure, value: format.number(Math.round(valueOf(first, measure) ?? 0)), share: format.percent(whole > 0 ? first.packets / whole : 0),
      economies: entries.filter(({ key }) => !isUnknown(key)).length, before: measure === 'packets' ? beforeOf(first, watched_before) : 'unasked', previous: first.previous_rank ?? 0,
    })
  return (
    <Page name={t('shell.economies')} sentence={sentence} filters={<>
      <QuestionBar />
      <Segmented<Measure> label={t('economies.measure')} value={measure} onChange={(next) => change({ measure: next === 'packets' ? undefined : next })}
        choices={measures.map((id) => ({ id, label: t(measureName[id]) }))} />
    </>}>
      <Answered answer={answer} lines={10}>
        {(found) => (entries.length === 0 ? <NothingCame watched={found.coverage.sensors_live > 0} /> : (
          <FollowLinks>
            <div className="grid">
              <div className="two-thirds stack">
                <TilesFigure asking={asking} answer={found} entries={entries} measure={measure} limit={LIMIT} />
                <EconomiesSeries asking={asking} keys={entries.filter(({ key }) => !isUnknown(key)).slice(0, LINES).map(({ key }) => key)} measure={measure} />
              </div>
              <section className="third figure-card">
                <div className="figure-head"><h2>{t('economies.table')}</h2></div>
                <EconomiesTable asking={asking} entries={entries} measure={measure} watched_before={watched_before} />
                <p className="figure-note"><Link to="/observe/top/$dimension" params={{ dimension: 'economies' } as never} search={asking.search as never}>{t('economies.to_ranking')}</Link></p>
              </section>
            </div>
          </FollowLinks>
        ))}
      </Answered>
    </Page>
  )
}
