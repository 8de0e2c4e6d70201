import type { SensorView } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useScope } from '../../app/session.tsx'
import { useFormat } from '../../text/format.ts'
import { useText, type TextKey } from '../../text/text.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { exploreAddress } from '../figure/addresses.ts'
import { isClockOff, useAmounts } from './amounts.ts'
import { Approve } from './approve.tsx'
import { Fingerprint } from './fingerprint-check.tsx'
import { HealthText } from './health-text.tsx'
import { Revoke } from './revoke.tsx'
import { healthOf } from './health.ts'

interface SensorProps {
  readonly sensor: SensorView
  /** Its newest minute; null: none in the last day; undefined: not known yet. */
  readonly last_minute: string | null | undefined
}

const LATE_MS = 2 * 3_600_000
const isLate = (last_minute: string | null | undefined): boolean => last_minute === null || (last_minute !== undefined && Date.now() - Date.parse(last_minute) > LATE_MS)

/** What somebody should look at, each with what it means. */
function Troubles({ sensor, last_minute }: SensorProps) {
  const t = useText()
  const format = useFormat()
  const amounts = useAmounts()
  const health = healthOf(sensor)
  const found: ReactNode[] = []
  if (health === 'silent') found.push(t('sensors.trouble_silent'))
  if ((sensor.spool_batches ?? 0) > 0) found.push(t('sensors.trouble_spool', { n: sensor.spool_batches! }))
  if (sensor.gap_batches > 0) found.push(t('sensors.trouble_gaps', { n: sensor.gap_batches, gaps: sensor.gaps }))
  if ((sensor.dropped_kernel ?? 0) > 0) found.push(t('sensors.trouble_dropped', { n: sensor.dropped_kernel!, text: format.number(sensor.dropped_kernel!) }))
  if ((sensor.interactions_shed ?? 0) > 0) found.push(t('answering.sensor_trouble_shed', { n: sensor.interactions_shed!, text: format.number(sensor.interactions_shed!) }))
  if (isClockOff(sensor.clock_offset_ms)) found.push(t('sensors.trouble_clock', { offset: amounts.offset(sensor.clock_offset_ms!) }))
  if (sensor.quarantined > 0) found.push(t('sensors.trouble_quarantined', { n: sensor.quarantined }))
  if (health === 'live' && isLate(last_minute)) found.push(t('sensors.trouble_nothing'))
  if (found.length === 0) return null
  return <Notice kind="person"><ul className="stack">{found.map((text, i) => <li key={i}>{text}</li>)}</ul></Notice>
}

function Facts({ sensor, last_minute }: SensorProps) {
  const t = useText()
  const format = useFormat()
  const amounts = useAmounts()
  const number = (value: number | null) => <span data-value>{value === null ? '—' : format.number(value)}</span>
  // Before it is let in a sensor says nothing of itself but its version.
  const met = sensor.state !== 'pending'
  const facts: readonly (readonly [TextKey, ReactNode, boolean?])[] = [
    ['sensors.last_seen', <Time key="0" at={sensor.last_seen_at} />, met],
    ['sensors.last_minute', <Time key="0" at={last_minute ?? null} />, met && sensor.kind === 'live'],
    ['sensors.version', <span key="0" data-value>{sensor.version ?? '—'}</span>],
    ['sensors.packets_seen', number(sensor.packets_seen), met],
    ['sensors.dropped', number(sensor.dropped_kernel), met],
    ['sensors.malformed', number(sensor.malformed), met],
    ['sensors.spool', <span key="0" data-value>{amounts.spool(sensor.spool_batches, sensor.spool_bytes)}</span>, met],
    ['sensors.gap_batches', number(sensor.gap_batches), met],
    ['sensors.clock', <span key="0" data-value>{sensor.clock_offset_ms === null ? '—' : amounts.offset(sensor.clock_offset_ms)}</span>, met],
    ['answering.sensor_answers', t(sensor.answering === true ? 'answering.sensor_yes' : 'answering.sensor_no'), met && sensor.answering !== null],
    ['answering.sensor_interactions', number(sensor.interactions), sensor.interactions !== null],
    ['answering.sensor_shed', number(sensor.interactions_shed), sensor.interactions_shed !== null],
    ['sensors.quarantined', number(sensor.quarantined), met],
    ['sensors.created_at', <Time key="0" at={sensor.created_at} />],
    ['sensors.approved_at', <Time key="0" at={sensor.approved_at} />, sensor.approved_at !== null],
    ['sensors.revoked_at', <Time key="0" at={sensor.revoked_at} />, sensor.revoked_at !== null],
    ['sensors.note', <span key="0" data-value>{sensor.note}</span>, sensor.note !== ''],
    ['sensors.fingerprint', <Fingerprint key="0" text={sensor.fingerprint} />, met],
  ]
  return <dl className="facts">{facts.filter(([, , shown]) => shown !== false).map(([name, value]) => <div key={name}><dt>{t(name)}</dt><dd>{value}</dd></div>)}</dl>
}

/** What the answering side counted, by the names of the guide; what is zero says nothing. */
function AnswerCounters({ counters }: { readonly counters: NonNullable<SensorView['answer_counters']> }) {
  const t = useText()
  const format = useFormat()
  const counted = Object.entries(counters).filter(([, value]) => value > 0)
  if (counted.length === 0) return null
  return (
    <section className="section" aria-labelledby="answer-counters">
      <h3 id="answer-counters">{t('answering.sensor_counters')}</h3>
      <dl className="counters">{counted.map(([name, value]) => <div key={name}><dt><code>{name}</code></dt><dd data-value>{format.number(value)}</dd></div>)}</dl>
      <p className="figure-note">{t('answering.sensor_counters_note')}</p>
    </section>
  )
}

/** Everything about one sensor, and what may be decided about it. */
export function SensorDrawer({ sensor, last_minute, onClose }: SensorProps & { readonly onClose: () => void }) {
  const t = useText()
  const may_write = useScope('sensors:write')
  return (
    <Dialog title={sensor.name} isOpen onClose={onClose} drawer>
      <p className="row"><HealthText health={healthOf(sensor)} />{sensor.simulated && <span className="person">{t('ui.simulated')}</span>}</p>
      {sensor.state === 'pending' && (may_write ? <Approve sensor={sensor} /> : <Notice kind="person">{t('sensors.pending_other')}</Notice>)}
      <Troubles sensor={sensor} last_minute={last_minute} />
      <Facts sensor={sensor} last_minute={last_minute} />
      {sensor.answer_counters && <AnswerCounters counters={sensor.answer_counters} />}
      {sensor.state !== 'pending' && <p><Link to={exploreAddress('sensor', [sensor.name], {}) as never}>{t('sensors.to_explore')}</Link></p>}
      {may_write && sensor.state !== 'revoked' && <Revoke sensor={sensor} />}
    </Dialog>
  )
}
