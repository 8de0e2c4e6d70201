import type { FindingView } from '@hirundo/contract'
import { Link, useParams } from '@tanstack/react-router'
import { useScope } from '../../app/session.tsx'
import { FollowLinks } from '../../observe/figure/follow-links.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useFindingActs } from '../acts/use-finding-acts.ts'
import { findingSentence } from '../words/finding-sentence.ts'
import { isQuiet, lastedText } from '../words/going-on.ts'
import { isMissing, Missing } from '../words/missing.tsx'
import { Marks, SeverityMark, StateMark, TlpLabel } from '../words/marks.tsx'
import { underscored } from '../words/subject.ts'
import '../warn.css'
import { EvidenceSection } from './evidence-section.tsx'
import { OwnerAndLabel, StateButtons } from './finding-acts.tsx'
import { FindingSeries } from './finding-series.tsx'
import { HistorySection } from './history-section.tsx'
import { ObservatoryLinks } from './links.tsx'
import { MembersSection } from './members-section.tsx'
import { PlaceFigure } from './place-figure.tsx'
import { SimilarSection } from './similar-section.tsx'
import { useFinding } from './use-finding.ts'
import { FiguresAndSettings, WhyFigure } from './why-section.tsx'

function Facts({ finding }: { readonly finding: FindingView }) {
  const t = useText()
  const format = useFormat()
  const { start, end, open, found_at, state, dismissal, bulletins } = finding
  const delay = Math.max(0, (Date.parse(found_at) - Date.parse(start)) / 1000)
  return (
    <dl className="facts">
      <div><dt>{t('warn.since')}</dt><dd><Time at={start} /></dd></div>
      <div><dt>{t('warn.until')}</dt><dd>{open ? <span className="status person">{isQuiet(finding, Date.now()) ? lastedText(finding, Date.now(), format, t) : t('warn.open')}</span> : <Time at={end} />}</dd></div>
      <div><dt>{t('warn.found')}</dt><dd><Time at={found_at} /><span className="quiet block small">{t('warn.found_after', { delay: format.duration(delay) })}</span></dd></div>
      {dismissal !== null && state !== 'new' && <div><dt>{t('warn.dismiss_why')}</dt><dd>{t(`warn.dismissal_${underscored(dismissal)}`)}</dd></div>}
      {bulletins.length > 0 && <div><dt>{t('warn.bulletins')}</dt><dd>{bulletins.map(({ id, number }) => <Link key={id} className="block" to="/warn/bulletins/$id" params={{ id } as never} data-value>{number}</Link>)}</dd></div>}
    </dl>
  )
}

function Head({ finding }: { readonly finding: FindingView }) {
  return <><SeverityMark severity={finding.severity} /><StateMark state={finding.state} /><TlpLabel tlp={finding.tlp} /><Marks finding={finding} /></>
}

function Content({ finding }: { readonly finding: FindingView }) {
  const may_write = useScope('findings:write')
  const acts = useFindingActs()
  return (
    <FollowLinks>
      {may_write && <StateButtons finding={finding} acts={acts} />}
      <Facts finding={finding} />
      {/* Two columns of their own heights; on a narrow screen one, in this order: what came, why, then what it rests on. */}
      <div className="columns">
        <div className="main"><FindingSeries finding={finding} /></div>
        <div className="side"><WhyFigure finding={finding} /><FiguresAndSettings finding={finding} /></div>
        <div className="main"><EvidenceSection finding={finding} /></div>
        <div className="side">{may_write && <OwnerAndLabel finding={finding} acts={acts} />}<PlaceFigure finding={finding} /></div>
        <div className="main"><SimilarSection finding={finding} /></div>
        <div className="side"><ObservatoryLinks finding={finding} /></div>
        <div className="main"><HistorySection finding={finding} acts={acts} /></div>
        <div className="side"><MembersSection finding={finding} /></div>
      </div>
    </FollowLinks>
  )
}

function Story({ id }: { readonly id: string }) {
  const t = useText()
  const format = useFormat()
  const answer = useFinding(id)
  const finding = answer.data
  if (isMissing(answer.error)) return <Missing name={t('warn.finding')} title={t('warn.finding_missing')} text={t('warn.finding_missing_text')} to="/warn" link={t('warn.finding_to_board')} />
  return (
    <Page name={finding ? t('warn.finding_name', { kind: t(`warn.kind_${underscored(finding.kind)}`) }) : t('warn.finding')}
      sentence={finding ? findingSentence(finding, format, t) : t(answer.error ? 'top.sentence_failed' : 'warn.finding_loading')}
      filters={finding && <Head finding={finding} />}>
      <Answered answer={answer} lines={12}>{(known) => <Content finding={known} />}</Answered>
    </Page>
  )
}

/** One finding: what was seen, since when, how sure, why it was raised, and what was done. */
export function FindingPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  return <Story key={id} id={id} />
}
