import { handshakes, heardSeries, type CallOutput } from '@hirundo/contract'
import { Link, useSearch } from '@tanstack/react-router'
import { useAnswer } from '../../api/api.ts'
import { oneOf } from '../../app/search-params.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Segmented } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered } from '../../ui/state.tsx'
import { usePeriodValues } from '../figure/period-values.ts'
import { QuestionBar } from '../question/question-bar.tsx'
import { useAsking, type Asking } from '../question/question.ts'
import { periodBefore } from '../question/use-before.ts'
import '../top/top.css'
import './answering.css'
import { heardRankings, heardTabs, isHeardTab, type HeardTab } from './heard-rankings.ts'
import { NothingFound } from '../figure/nothing-found.tsx'
import { RankingFigure } from './ranking-figure.tsx'
import { Sentences } from './sentences.tsx'
import { SeriesFigure } from './series-figure.tsx'

const limits = ['10', '25', '50', '100'] as const
type Limit = (typeof limits)[number]
const LIMIT_DEFAULT: Limit = '10'
const TAB_DEFAULT: HeardTab = 'protocols'

type Series = CallOutput<typeof heardSeries>
const sumOf = (points: Series['data']['points'], strength: (typeof handshakes)[number]): number => points.reduce((sum, point) => sum + point[strength], 0)
const allOf = ({ data: { points } }: Series): number => handshakes.reduce((sum, strength) => sum + sumOf(points, strength), 0)

/** Which ranking is shown, and how much of it: a part of the page's address. */
function useRanking(): { readonly what: HeardTab; readonly limit: Limit } {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const [what, limit] = [oneOf(search['by']), oneOf(search['limit'])]
  return { what: isHeardTab(what) ? what : TAB_DEFAULT, limit: limits.find((one) => one === limit) ?? LIMIT_DEFAULT }
}

function Tabs({ what }: { readonly what: HeardTab }) {
  const t = useText()
  return (
    <nav className="top-tabs" aria-label={t('answering.tabs')}>
      {heardTabs.map((one) => (
        <Link key={one} to="/observe/answering" search={((before: object) => ({ ...before, by: one === TAB_DEFAULT ? undefined : one })) as never} resetScroll={false}
          activeOptions={{ exact: true }} className={`top-tab${one === what ? ' active' : ''}`} aria-current={one === what ? 'page' : undefined}>{t(heardRankings[one].tab)}</Link>
      ))}
    </nav>
  )
}

/** Of the period before, the part at its beginning in which something must have been heard. */
const BEGINNING_SHARE = 0.1

/** Whether both periods were heard alike: by as many sensors, and the period before from its beginning on. */
function isComparable(answer: Series, before: Series): boolean {
  const [from, to] = [Date.parse(before.from), Date.parse(before.to)]
  const first = before.data.points[0]
  return before.sensors_heard === answer.sensors_heard && first !== undefined && allOf(before) > 0 && Date.parse(first.at) <= from + (to - from) * BEGINNING_SHARE
}

/** The page's question, answered; undefined while the numbers are not there. */
function useSentence(asking: Asking, answer: Series | undefined): string | undefined {
  const t = useText()
  const format = useFormat()
  const period = usePeriodValues(asking)
  const before = useAnswer(heardSeries, { query: { ...asking.query, ...periodBefore(asking) } }).data
  if (answer === undefined) return undefined
  const n = allOf(answer)
  if (n === 0) return t('answering.sentence_nothing', period)
  const count = (strength: (typeof handshakes)[number]) => format.number(sumOf(answer.data.points, strength))
  const comparable = before !== undefined && isComparable(answer, before)
  return t('answering.sentence', {
    ...period, n, text: format.number(n), dialogue: count('dialogue'), completed: count('completed'), none: count('none'),
    before: comparable ? 'known' : 'none', ratio: comparable ? format.ratio(n / allOf(before)) : '', heard: answer.sensors_heard, total: answer.sensors_total,
  })
}

/** What the three strengths prove, and no more. */
const Proves = () => {
  const t = useText()
  return <p className="figure-note prose"><Sentences texts={[t('answering.proves_handshake'), t('answering.proves_dialogue'), t('answering.proves_none')]} /></p>
}

/** What scanners did next: by strength of evidence over time, and what they asked, tried and named. */
export function AnsweringPage() {
  const t = useText()
  const { asking, change } = useAsking()
  const { what, limit } = useRanking()
  const answer = useAnswer(heardSeries, { query: asking.query })
  const sentence = useSentence(asking, answer.data) ?? t(answer.error ? 'top.sentence_failed' : 'answering.sentence_loading')
  return (
    <Page name={t('shell.answering')} sentence={sentence} filters={<QuestionBar />}>
      <Answered answer={answer} lines={12}>
        {(found) => (allOf(found) === 0 ? <NothingFound title={t('answering.empty')} text={t('answering.empty_text')} /> : (
          <>
            <div className="stack">
              <SeriesFigure asking={asking} answer={found} />
              <Proves />
            </div>
            <div className="stack">
              <Tabs what={what} />
              <RankingFigure key={what} what={what} asking={asking} limit={Number(limit)} />
              <div className="row spread">
                <Segmented<Limit> label={t('top.limit')} value={limit} onChange={(next) => change({ limit: next === LIMIT_DEFAULT ? undefined : next })}
                  choices={limits.map((id) => ({ id, label: t('top.limit_first', { n: Number(id) }) }))} />
                <Link to="/observe/drdos" search={asking.search as never}>{t('answering.to_drdos')}</Link>
              </div>
            </div>
          </>
        ))}
      </Answered>
    </Page>
  )
}
