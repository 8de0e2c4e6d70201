import { portAnswer, type CallOutput } from '@hirundo/contract'
import { Link, useParams } from '@tanstack/react-router'
import { useFormat } from '../../text/format.ts'
import { useText, type TextKey } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { exploreAddress } from '../figure/addresses.ts'
import { FollowLinks } from '../figure/follow-links.tsx'
import { NothingCame } from '../figure/nothing-came.tsx'
import { usePeriodValues } from '../figure/period-values.ts'
import { useRankBefore } from '../figure/rank-before.tsx'
import { SeriesFigure } from '../figure/series-figure.tsx'
import { ToolsFigure } from '../figure/tools-figure.tsx'
import { QuestionBar } from '../question/question-bar.tsx'
import { useAsking, type Asking } from '../question/question.ts'
import { useWatchedBefore } from '../question/use-before.ts'
import type { Novelty } from './novelty.ts'
import { ClassesFigure, FirstSightFigure, portCommand, PortEconomiesFigure, TopSourcesFigure } from './port-figures.tsx'
import { readPort, type PortAsked } from './port-key.ts'
import { portInput, RANKS_LOOKED_AT, useNovelty, usePort, usePortRank } from './use-port.ts'

type Found = CallOutput<typeof portAnswer>

function NoveltyText({ novelty }: { readonly novelty: Novelty | undefined }) {
  const t = useText()
  const format = useFormat()
  if (novelty === undefined) return <>{t('port.novelty_asking')}</>
  const values = { days: novelty.watched_days, seen: novelty.seen_days, first: novelty.first ? format.day(novelty.first) : '' }
  return <span className={novelty.kind === 'new' ? 'person' : undefined}>{t(`port.novelty_${novelty.kind}`, values)}</span>
}

function RankAt({ rank, before }: { readonly rank: number; readonly before: number | null | undefined }) {
  const t = useText()
  const text = useRankBefore(rank, before)
  return <>{t('port.rank_at', { rank, has_before: text === undefined ? 'no' : 'yes', before: text ?? '' })}</>
}

interface FactsProps {
  readonly port: PortAsked
  readonly asking: Asking
  readonly found: Found
  readonly novelty: Novelty | undefined
}

function Facts({ port, asking, found, novelty }: FactsProps) {
  const t = useText()
  const format = useFormat()
  const rank = usePortRank(port, asking)
  const watched_before = useWatchedBefore(asking)
  const { first_seen, last_seen, packets } = found.data
  const equivalents = found.coverage.sensor_equivalents ?? 0
  const facts: readonly (readonly [TextKey, React.ReactNode])[] = [
    ['port.is_new', <NoveltyText key="new" novelty={novelty} />],
    ['ui.rank', rank === undefined ? '…' : rank.rank === null ? t('port.rank_below', { n: RANKS_LOOKED_AT })
      : <RankAt key="rank" rank={rank.rank} before={watched_before ? rank.previous_rank : undefined} />],
    ['port.first_seen', <Time key="first" at={first_seen} />],
    ['port.last_seen', <Time key="last" at={last_seen} />],
    ['ui.per_sensor', <span key="mean" data-value>{equivalents > 0 ? format.decimal(packets / equivalents) : '—'}</span>],
  ]
  return <dl className="facts">{facts.map(([name, value]) => <div key={name}><dt>{t(name)}</dt><dd>{value}</dd></div>)}</dl>
}

function Content({ port, asking, found, novelty }: FactsProps) {
  const t = useText()
  const of = { port, asking, answer: found }
  const series = { asking, dimension: 'port', of: port.key } as const
  return (
    <FollowLinks>
      <Facts {...{ port, asking, found, novelty }} />
      <div className="grid">
        <div className="half"><SeriesFigure {...series} id="port-per-sensor" title={t('port.series_title')} measure="packets_per_sensor" /></div>
        <div className="half"><SeriesFigure {...series} id="port-sources-over-time" title={t('port.series_sources_title')} measure="sources" /></div>
        {/* Two columns of their own: side by side by rows, the short figures would leave holes. */}
        <div className="half stack">
          <FirstSightFigure {...of} is_new={novelty?.kind === 'new'} />
          <TopSourcesFigure {...of} />
        </div>
        <div className="half stack">
          <ClassesFigure {...of} />
          <ToolsFigure id="port-tools" route={portAnswer} input={portInput(port, asking)} answer={found} command={portCommand(of)} found={found.data.tools} packets={found.data.packets} />
          <PortEconomiesFigure {...of} />
        </div>
      </div>
      <nav className="row" aria-label={t('port.more')}>
        <Link to={exploreAddress('port', [port.key], asking.search) as never}>{t('port.more_explore')}</Link>
        <Link to="/observe/top/$dimension" params={{ dimension: 'ports' } as never} search={asking.search as never}>{t('port.more_ranking')}</Link>
      </nav>
    </FollowLinks>
  )
}

function Story({ port }: { readonly port: PortAsked }) {
  const t = useText()
  const format = useFormat()
  const { asking } = useAsking()
  const answer = usePort(port, asking)
  const novelty = useNovelty(port, asking)
  const period = usePeriodValues(asking)
  const found = answer.data
  const sentence = found === undefined ? t(answer.error ? 'top.sentence_failed' : 'port.sentence_loading', { key: port.key }) : t(found.data.packets === 0 ? 'port.sentence_nothing' : 'port.sentence', {
    ...period, key: port.key, service: found.data.service ?? '', has_service: found.data.service ? 'yes' : 'no',
    packets_n: found.data.packets, packets: format.number(found.data.packets), sources_n: found.data.sources, sources: format.number(found.data.sources),
    seen: found.data.sensors.length, live: found.coverage.sensors_live, total: found.coverage.sensors_total,
    novelty: novelty?.kind ?? 'asking', days: novelty?.watched_days ?? 0, first: novelty?.first ? format.day(novelty.first) : '',
  })
  return (
    <Page name={t('port.name', { key: port.key })} sentence={sentence} filters={<QuestionBar />}>
      <Answered answer={answer} lines={12}>
        {(known) => (known.data.packets === 0 ? <NothingCame watched={known.coverage.sensors_live > 0} />
          : <Content port={port} asking={asking} found={known} novelty={novelty} />)}
      </Answered>
    </Page>
  )
}

/** Who knocks at a port, since when, with which tools, and which sensors saw it first. */
export function PortPage() {
  const t = useText()
  const { protocol = '', port = '' } = useParams({ strict: false }) as { readonly protocol?: string; readonly port?: string }
  const asked = readPort(protocol, port)
  if (asked) return <Story key={asked.key} port={asked} />
  return (
    <Page name={t('shell.port')} sentence={t('port.invalid', { text: `${protocol}/${port}`.slice(0, 60) })}>
      <Empty title={t('port.invalid_title')}>
        <p>{t('port.invalid_text')}</p>
        <p><Link to="/observe/top/$dimension" params={{ dimension: 'ports' } as never}>{t('port.more_ranking')}</Link></p>
      </Empty>
    </Page>
  )
}
