import { parseAddress } from '@hirundo/base'
import { sourceAnswer } from '@hirundo/contract'
import { Link, useParams } from '@tanstack/react-router'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty, Notice } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { exploreAddress } from '../figure/addresses.ts'
import { FollowLinks } from '../figure/follow-links.tsx'
import { NothingCame } from '../figure/nothing-came.tsx'
import { usePeriodValues } from '../figure/period-values.ts'
import { SeriesFigure } from '../figure/series-figure.tsx'
import { ToolsFigure } from '../figure/tools-figure.tsx'
import { QuestionBar } from '../question/question-bar.tsx'
import { useAsking } from '../question/question.ts'
import { evidenceOf } from './evidence.ts'
import { HeardSection } from './heard/heard-section.tsx'
import { DaysFigure, PortsFigure, SensorsFigure, sourceCommand, sourceInput, type SourceFigure } from './source-figures.tsx'

/** As many ports as an answer lists. */
const PORTS_LISTED_MAX = 200

/** Where the address is, whose it is, and when it was seen. */
function Facts({ asking, answer }: SourceFigure) {
  const t = useText()
  const format = useFormat()
  const { economy, asn, as_name, research, first_seen, last_seen, packets, bytes, special_purpose: special } = answer.data
  return (
    <>
      <dl className="facts">
        <div><dt>{t('ui.economy')}</dt><dd>{economy === 'ZZ' ? t('ui.unknown') : <Link to={exploreAddress('economy', [economy], asking.search) as never} data-value>{economy}</Link>}</dd></div>
        <div><dt>{t('ui.network')}</dt><dd>{asn === 0 ? t('ui.unknown') : <><Link to={exploreAddress('asn', [String(asn)], asking.search) as never} data-value>{`AS${asn}`}</Link> <span data-value>{as_name}</span></>}</dd></div>
        <div><dt>{t('source.research')}</dt><dd>{research === null ? t('source.research_no') : <span data-value>{research}</span>}</dd></div>
        {packets > 0 && <>
          <div><dt>{t('source.first_seen')}</dt><dd><Time at={first_seen} /></dd></div>
          <div><dt>{t('source.last_seen')}</dt><dd><Time at={last_seen} /></dd></div>
          <div><dt>{t('source.bytes')}</dt><dd><span data-value>{format.number(bytes)}</span></dd></div>
        </>}
      </dl>
      {special !== null && economy === 'ZZ' && <p>{t('source.special', special)}</p>}
      <p className="figure-note">{t('ui.location_not_actor')}{answer.tables_as_of !== null && <> {t('source.tables', { as_of: answer.tables_as_of })}</>}</p>
    </>
  )
}

/** What these packets show, in words that claim no more. */
function EvidenceNotice({ answer }: Pick<SourceFigure, 'answer'>) {
  const t = useText()
  const format = useFormat()
  const { packets, tools, research } = answer.data
  const { few, tool } = evidenceOf(packets, tools)
  return (
    <Notice>
      <strong>{t('source.evidence')}</strong>
      {research !== null && <span>{t('source.evidence_research', { name: research })}</span>}
      {tool && <span>{t(`source.evidence_tool_${tool.sure}`, { tool: tool.name, n: tool.packets, of: format.number(packets), found: format.number(tool.packets) })}</span>}
      {few && <span>{t('source.evidence_few', { n: packets })}</span>}
      <span>{t('source.evidence_forged')}</span>
    </Notice>
  )
}

function Content({ asking, answer }: SourceFigure) {
  const t = useText()
  const of = { asking, answer }
  const { data } = answer
  const several_days = Date.parse(answer.to) - Date.parse(answer.from) > 2 * 86_400_000
  return (
    <FollowLinks>
      <Facts {...of} />
      <EvidenceNotice answer={answer} />
      <HeardSection address={data.source} asking={asking} />
      <div className="grid">
        <div className="half"><SeriesFigure asking={asking} dimension="source" of={data.source} measure="packets" id="source-packets" title={t('source.series_title')} /></div>
        {several_days && <div className="half"><DaysFigure {...of} /></div>}
        <div className="half stack">
          <SensorsFigure {...of} />
          <ToolsFigure id="source-tools" route={sourceAnswer} input={sourceInput(of)} answer={answer} command={sourceCommand(of)} found={data.tools} packets={data.packets} />
        </div>
        {data.ports.length > 0 && <div className={several_days ? 'half' : undefined}><PortsFigure {...of} /></div>}
      </div>
      <nav className="row" aria-label={t('source.more')}>
        <Link to={exploreAddress('source', [data.source], asking.search) as never}>{t('source.more_explore')}</Link>
        <Link to="/observe/top/$dimension" params={{ dimension: 'sources' } as never} search={asking.search as never}>{t('source.more_ranking')}</Link>
      </nav>
    </FollowLinks>
  )
}

function Story({ address }: { readonly address: string }) {
  const t = useText()
  const format = useFormat()
  const { asking } = useAsking()
  const answer = useAnswer(sourceAnswer, { params: { address }, query: asking.query })
  const period = usePeriodValues(asking)
  const found = answer.data
  const shown = found?.data.source ?? address
  const sentence = found === undefined ? t(answer.error ? 'top.sentence_failed' : 'source.sentence_loading', { address: shown }) : t(found.data.packets === 0 ? 'source.sentence_nothing' : 'source.sentence', {
    ...period, address: shown, packets_n: found.data.packets, packets: format.number(found.data.packets), ports: found.data.ports.length, ports_text: format.number(found.data.ports.length), many: found.data.ports.length >= PORTS_LISTED_MAX ? 'yes' : 'no', seen: found.data.sensors.length,
    live: found.coverage.sensors_live, total: found.coverage.sensors_total, is_research: found.data.research === null ? 'no' : 'yes', research: found.data.research ?? '',
  })
  return (
    <Page name={t('source.name', { address: shown })} sentence={sentence} filters={<QuestionBar />}>
      <Answered answer={answer} lines={12}>
        {(known) => (known.data.packets === 0
          ? <><Facts asking={asking} answer={known} /><HeardSection address={known.data.source} asking={asking} /><NothingCame watched={known.coverage.sensors_live > 0} /></> : <Content asking={asking} answer={known} />)}
      </Answered>
    </Page>
  )
}

/** Everything that one address did, on one page. */
export function SourcePage() {
  const t = useText()
  const { address = '' } = useParams({ strict: false }) as { readonly address?: string }
  if (parseAddress(address).ok) return <Story key={address} address={address} />
  return (
    <Page name={t('shell.source')} sentence={t('source.invalid', { text: address.slice(0, 60) })}>
      <Empty title={t('source.invalid_title')}>
        <p>{t('source.invalid_text')}</p>
        <p><Link to="/observe/top/$dimension" params={{ dimension: 'sources' } as never}>{t('source.more_ranking')}</Link></p>
      </Empty>
    </Page>
  )
}
