import type { LiveOverview } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Notice } from '../../ui/state.tsx'
import { FollowLinks } from '../figure/follow-links.tsx'
import { ClimbersFigure, EconomiesFigure, hourOf, MinutesFigure, PortsFigure, SourcesFigure } from './figures.tsx'
import { LiveChip } from './live-chip.tsx'
import { NoSensor } from './no-sensor.tsx'
import { SensorsStrip } from './sensors-strip.tsx'
import { useSentence } from './sentence.ts'
import { useLive } from './use-live.ts'
import { Waiting } from './waiting.tsx'
import './overview.css'

/** What needs a person, and what must be read with every figure below. */
function Notes({ overview }: { readonly overview: LiveOverview }) {
  const t = useText()
  const format = useFormat()
  const { packets, research, sensors_pending, coverage } = overview
  return (
    <>
      {sensors_pending > 0 && <Notice kind="person"><Link to="/observe/sensors">{t('overview.pending', { n: sensors_pending })}</Link></Notice>}
      {coverage.dropped > 0 && <Notice kind="loss">{t('ui.coverage_dropped', { dropped: coverage.dropped })}</Notice>}
      {packets > 0 && <p className="quiet">{t('overview.research', { percent: format.percent(research.packets / packets), sources: format.number(research.sources) })}</p>}
    </>
  )
}

function Climbers({ overview }: { readonly overview: LiveOverview }) {
  const t = useText()
  if (overview.climbers.length > 0) return <ClimbersFigure overview={overview} />
  return (
    <section className="figure-card">
      <div className="figure-head"><h2>{t('overview.climbers_title')}</h2></div>
      <p className="quiet">{t(overview.previous === null ? 'overview.climbers_no_before' : 'overview.climbers_none')}</p>
    </section>
  )
}

function More({ overview }: { readonly overview: LiveOverview }) {
  const t = useText()
  const search = hourOf(overview) as never
  return (
    <nav className="row" aria-label={t('overview.more')}>
      <Link to="/observe/explore" search={search}>{t('overview.more_explore')}</Link>
      <Link to="/observe/top/$dimension" params={{ dimension: 'ports' } as never} search={search}>{t('overview.more_ports')}</Link>
      <Link to="/observe/economies" search={search}>{t('overview.more_economies')}</Link>
      <Link to="/observe/compare" search={search}>{t('overview.more_compare')}</Link>
    </nav>
  )
}

function Content({ overview }: { readonly overview: LiveOverview }) {
  if (overview.sensors_total === 0 && overview.coverage.sensors_total === 0) return <NoSensor pending={overview.sensors_pending} />
  // Nothing in the hour that is shown nor in the one before.
  if (overview.newest_minute === null) return <FollowLinks><Waiting pending={overview.sensors_pending} /><SensorsStrip overview={overview} /></FollowLinks>
  return (
    <FollowLinks>
      <Notes overview={overview} />
      <div className="grid">
        <div><MinutesFigure overview={overview} /></div>
        <div className="half stack overview-column"><PortsFigure overview={overview} /><SourcesFigure overview={overview} /></div>
        <div className="half stack overview-column"><Climbers overview={overview} /><EconomiesFigure overview={overview} /></div>
      </div>
      <SensorsStrip overview={overview} />
      <More overview={overview} />
    </FollowLinks>
  )
}

/** What happens now: the last hour, live. */
export function OverviewPage() {
  const t = useText()
  const { answer, state, pause, resume } = useLive()
  const sentence = useSentence(answer.data, answer.error !== null)
  return (
    <Page name={t('shell.overview')} sentence={sentence} filters={<LiveChip state={state} overview={answer.data} onPause={pause} onResume={resume} />}>
      <Answered answer={answer} lines={12}>{(overview) => <Content overview={overview} />}</Answered>
    </Page>
  )
}
