import type { SensorView } from '@hirundo/contract'
import { useSearch } from '@tanstack/react-router'
import { oneOf } from '../../app/search-params.ts'
import { useScope } from '../../app/session.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty, Notice } from '../../ui/state.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { FollowLinks } from '../figure/follow-links.tsx'
import { QuestionBar } from '../question/question-bar.tsx'
import { useAsking } from '../question/question.ts'
import { CoverageFigure, useCoverage } from './coverage-figure.tsx'
import { healthOf } from './health.ts'
import { MatrixFigure, useMatrix } from './matrix-figure.tsx'
import { NewToken } from './new-token.tsx'
import { SensorDrawer } from './sensor-drawer.tsx'
import { SensorTable } from './sensor-table.tsx'
import { ASKED_EVERY_MS, useLastMinutes, useSensors } from './use-sensors.ts'
import './sensors.css'

/** Below it the table keeps only what tells how a sensor is. */
const NARROW_PX = 700

/** Enrolments that wait for a decision, each with the way to it. */
function Waiting({ sensors }: { readonly sensors: readonly SensorView[] }) {
  const t = useText()
  const { change } = useAsking()
  const may_write = useScope('sensors:write')
  if (sensors.length === 0) return null
  return (
    <Notice kind="person">
      <strong>{t('sensors.waiting', { n: sensors.length })}</strong>
      <span>{t(may_write ? 'sensors.waiting_next' : 'sensors.pending_other')}</span>
      {may_write && <div className="row">{sensors.slice(0, 10).map(({ id, name }) => <Button key={id} onPress={() => change({ show: id })}>{t('sensors.decide', { name })}</Button>)}</div>}
    </Notice>
  )
}

function Watched({ sensors }: { readonly sensors: readonly SensorView[] }) {
  const t = useText()
  const { asking } = useAsking()
  const coverage = useCoverage(asking)
  const matrix = useMatrix(asking)
  return (
    <section className="stack sensors-watched" aria-labelledby="watched">
      <h2 id="watched">{t('sensors.watched')}</h2>
      <div className="row"><QuestionBar /></div>
      <FollowLinks>
        <Answered answer={coverage} lines={5}>{(found) => <CoverageFigure asking={asking} answer={found} sensors={sensors} />}</Answered>
        <Answered answer={matrix} lines={5}>{(found) => (found.data.ports.length === 0 ? <p className="quiet">{t('sensors.matrix_none')}</p>
          : <MatrixFigure asking={asking} answer={found} coverage={coverage.data?.data ?? []} />)}</Answered>
      </FollowLinks>
    </section>
  )
}

function useSentence(sensors: readonly SensorView[] | undefined, newest: string | null, failed: boolean): string {
  const t = useText()
  const format = useFormat()
  if (sensors === undefined) return t(failed ? 'top.sentence_failed' : 'sensors.sentence_loading')
  const count = (wanted: string) => sensors.filter((sensor) => healthOf(sensor) === wanted).length
  const [live, silent] = [count('live'), count('silent')]
  const values = { live, approved: live + silent, silent, pending: count('pending'), newest: newest === null ? '' : format.instant(newest), has_newest: newest === null ? 'no' : 'yes' }
  return t(live + silent === 0 ? 'sensors.sentence_none' : 'sensors.sentence', values)
}

/** Every sensor: how it is, when it watched, what it sees; and who may send to this node. */
export function SensorsPage() {
  const t = useText()
  const answer = useSensors()
  const last_minutes = useLastMinutes()
  const { change } = useAsking()
  const may_write = useScope('sensors:write')
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const [element, width] = useWidth<HTMLDivElement>()
  // Until it is known: a table that is made for another width first is made twice.
  const narrow = (width === 0 ? innerWidth : width) < NARROW_PX
  const sensors = answer.data?.sensors
  const shown = sensors?.find(({ id }) => id === oneOf(search['show']))
  const sentence = useSentence(sensors, last_minutes.newest, answer.error !== null)
  const asking_for_token = may_write && oneOf(search['new']) !== undefined
  const make = may_write ? <Button kind="primary" onPress={() => change({ new: 'token' })}>{t('sensors.new')}</Button> : null
  return (
    <Page name={t('shell.sensors')} sentence={sentence} filters={make}>
      <div ref={element} className="page">
        <Answered answer={answer} lines={8}>
          {(found) => (found.sensors.length === 0 ? <Empty title={t('sensors.empty')}><p>{t(may_write ? 'sensors.empty_text' : 'sensors.empty_other')}</p></Empty> : (
            <>
              <Waiting sensors={found.sensors.filter(({ state }) => state === 'pending')} />
              <SensorTable sensors={found.sensors} last_minutes={last_minutes} narrow={narrow} />
              <p className="figure-note">{t('sensors.asked_again', { seconds: ASKED_EVERY_MS / 1000 })}{narrow && ` ${t('sensors.narrow')}`}</p>
              <Watched sensors={found.sensors} />
            </>
          ))}
        </Answered>
      </div>
      {shown && <SensorDrawer key={shown.id} sensor={shown} last_minute={last_minutes.of(shown.name)} onClose={() => change({ show: undefined })} />}
      {!shown && asking_for_token && <NewToken onClose={() => change({ new: undefined })} />}
    </Page>
  )
}
