import { topAnswer, topDimensions, type TopDimension } from '@hirundo/contract'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useAnswer } from '../../api/api.ts'
import { oneOf } from '../../app/search-params.ts'
import { NotFound } from '../../app/status-pages.tsx'
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
import { isDimension, rankings } from './dimensions.ts'
import { LIMIT_DEFAULT, limits, type Limit } from './limits.ts'
import { RankFigure } from './rank-figure.tsx'
import { sentenceValues } from './sentence.ts'
import './top.css'

function useLimit(): Limit {
  const wanted = oneOf((useSearch({ strict: false }) as Record<string, unknown>)['limit'])
  return limits.find((limit) => limit === wanted) ?? LIMIT_DEFAULT
}

/** Each dimension has an address of its own, so the tabs are links; the question stays the same. */
function Tabs({ dimension }: { readonly dimension: TopDimension }) {
  const t = useText()
  return (
    <nav className="top-tabs" aria-label={t('top.tabs')}>
      {topDimensions.map((one) => (
        <Link key={one} to="/observe/top/$dimension" params={{ dimension: one } as never} search={((before: unknown) => before) as never}
          className={`top-tab${one === dimension ? ' active' : ''}`} aria-current={one === dimension ? 'page' : undefined}>{t(rankings[one].tab)}</Link>
      ))}
    </nav>
  )
}

function Ranking({ dimension }: { readonly dimension: TopDimension }) {
  const t = useText()
  const format = useFormat()
  const { asking, change } = useAsking()
  const limit = useLimit()
  const answer = useAnswer(topAnswer, { params: { dimension }, query: { ...asking.query, limit: Number(limit) } })
  const watched_before = useWatchedBefore(asking)
  const period = usePeriodValues(asking)
  const values = answer.data && sentenceValues(answer.data, watched_before, format.number)
  const first = answer.data?.data[0]
  const sentence = values && first ? t(rankings[dimension].sentence, { ...period, ...values, key: rankings[dimension].face(first, {}).label })
    : answer.data ? t('top.sentence_nothing', { ...period, live: answer.data.coverage.sensors_live, total: answer.data.coverage.sensors_total })
    : t(answer.error ? 'top.sentence_failed' : 'top.sentence_loading')
  return (
    <Page name={t('shell.rankings')} sentence={sentence} filters={<>
      <QuestionBar />
      <Segmented<Limit> label={t('top.limit')} value={limit} onChange={(next) => change({ limit: next === LIMIT_DEFAULT ? undefined : next })}
        choices={limits.map((id) => ({ id, label: t('top.limit_first', { n: Number(id) }) }))} />
    </>}>
      <Tabs dimension={dimension} />
      <Answered answer={answer} lines={12}>
        {(found) => (found.data.length === 0 ? <NothingCame watched={found.coverage.sensors_live > 0} />
          : <FollowLinks><RankFigure dimension={dimension} asking={asking} limit={Number(limit)} answer={found} watched_before={watched_before} /></FollowLinks>)}
      </Answered>
    </Page>
  )
}

/** Most packets first: ports, economies, networks, sources, sensors, protocols. */
export function TopPage() {
  const { dimension } = useParams({ strict: false }) as { readonly dimension?: string }
  return isDimension(dimension) ? <Ranking key={dimension} dimension={dimension} /> : <NotFound />
}
