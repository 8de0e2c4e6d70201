import type { SensorView } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { isClockOff, useAmounts } from './amounts.ts'
import { HealthText } from './health-text.tsx'
import { healthOf, inOrder } from './health.ts'
import type { LastMinutes } from './use-sensors.ts'

interface SensorTableProps {
  readonly sensors: readonly SensorView[]
  readonly last_minutes: LastMinutes
  /** Only what tells how a sensor is; the rest is in the drawer. */
  readonly narrow: boolean
}

/** The drawer of a sensor is a part of the page's address. */
function SensorLink({ sensor }: { readonly sensor: SensorView }) {
  const t = useText()
  return (
    <>
      <Link to="/observe/sensors" search={((before: object) => ({ ...before, show: sensor.id })) as never} resetScroll={false} data-value>{sensor.name}</Link>
      {sensor.simulated && <span className="quiet"> {t('ui.simulated')}</span>}
    </>
  )
}

/** Every sensor on one line: those that need somebody stand first. Kept as it is while only the page around it changes. */
export const SensorTable = memo(function SensorTable({ sensors, last_minutes, narrow }: SensorTableProps) {
  const t = useText()
  const format = useFormat()
  const amounts = useAmounts()
  const count = (value: number | null, kind = '') => <span data-value className={value !== null && value > 0 ? kind : undefined}>{value === null ? '—' : format.number(value)}</span>
  const few: readonly Column<SensorView>[] = [
    { id: 'name', head: t('ui.sensor'), row_head: true, cell: (sensor) => <SensorLink sensor={sensor} /> },
    { id: 'state', head: t('sensors.state'), cell: (sensor) => <HealthText health={healthOf(sensor)} /> },
    { id: 'seen', head: t('sensors.last_seen'), cell: ({ last_seen_at }) => <Time at={last_seen_at} both={false} /> },
  ]
  const more: readonly Column<SensorView>[] = [
    { id: 'minute', head: t('sensors.last_minute'), cell: ({ name }) => <Time at={last_minutes.of(name) ?? null} both={false} /> },
    { id: 'version', head: t('sensors.version'), cell: ({ version }) => <span data-value>{version ?? '—'}</span> },
    { id: 'spool', head: t('sensors.spool'), number: true, cell: ({ spool_batches, spool_bytes }) => (
      <span data-value className={(spool_batches ?? 0) > 0 ? 'person' : undefined}>{amounts.spool(spool_batches, spool_bytes)}</span>
    ) },
    { id: 'gaps', head: t('sensors.gap_batches'), number: true, cell: ({ gap_batches }) => count(gap_batches, 'loss') },
    { id: 'dropped', head: t('sensors.dropped'), number: true, cell: ({ dropped_kernel }) => count(dropped_kernel, 'loss') },
    { id: 'malformed', head: t('sensors.malformed'), number: true, cell: ({ malformed }) => count(malformed) },
    { id: 'answers', head: t('answering.sensor'), number: true, cell: ({ interactions, interactions_shed }) => (
      <span data-value>{interactions === null ? '—' : format.number(interactions)}{(interactions_shed ?? 0) > 0 && <span className="loss"> −{format.number(interactions_shed!)}</span>}</span>
    ) },
    { id: 'clock', head: t('sensors.clock'), number: true, cell: ({ clock_offset_ms }) => (
      <span data-value className={isClockOff(clock_offset_ms) ? 'person' : undefined}>{clock_offset_ms === null ? '—' : amounts.offset(clock_offset_ms)}</span>
    ) },
    { id: 'quarantined', head: t('sensors.quarantined'), number: true, cell: ({ quarantined }) => count(quarantined, 'person') },
  ]
  return <Table caption={t('sensors.table')} caption_hidden columns={narrow ? few : [...few, ...more]} rows={inOrder(sensors)} row_key={({ id }) => id} />
})
