import type { LiveOverview, LiveSensor } from '@hirundo/contract'
import { sparkline } from '@hirundo/figures'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Svg } from '../../ui/svg.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { hourOf } from './figures.tsx'

const MINUTE_MS = 60_000
const SPARK_WIDTH = 150

function Spark({ sensor, to }: { readonly sensor: LiveSensor; readonly to: string }) {
  const t = useText()
  const format = useFormat()
  const known = sensor.packets.filter((packets) => packets !== null)
  const title = t('overview.spark_title', { sensor: sensor.name })
  const desc = known.length === 0 ? t('overview.spark_none') : t('overview.spark_desc', { low: format.number(Math.min(...known)), high: format.number(Math.max(...known)), holes: sensor.packets.length - known.length })
  const start = Date.parse(to) - sensor.packets.length * MINUTE_MS
  return <Svg node={sparkline({ id: `spark-${sensor.id}`, title, desc, width: SPARK_WIDTH, points: sensor.packets.map((value, i) => ({ at_ms: start + i * MINUTE_MS, value })) })} />
}

function Health({ sensor }: { readonly sensor: LiveSensor }) {
  const t = useText()
  const waiting = sensor.spool_batches ?? 0
  return (
    <span className="row">
      <span className={`status ${sensor.live ? 'good' : 'loss hollow'}`}>{sensor.live ? t('overview.sensor_live') : t('overview.sensor_silent')}</span>
      {waiting > 0 && <span className="person">{t('overview.sensor_waiting', { n: waiting })}</span>}
      {sensor.gap_batches > 0 && <span className="loss">{t('overview.sensor_gaps', { n: sensor.gap_batches })}</span>}
      {sensor.simulated && <span className="quiet">{t('ui.simulated')}</span>}
    </span>
  )
}

/** How each sensor is, and what it counted in the last half hour; holes stay holes. */
export function SensorsStrip({ overview }: { readonly overview: LiveOverview }) {
  const t = useText()
  const format = useFormat()
  const { sensors, sensors_total, to } = overview
  const columns: readonly Column<LiveSensor>[] = [
    { id: 'name', head: t('ui.sensor'), row_head: true, cell: ({ name }) => <Link to="/observe/explore" search={{ dimension: 'sensor', key: name, ...hourOf(overview) } as never} data-value>{name}</Link> },
    { id: 'spark', head: t('overview.last_half_hour'), cell: (sensor) => <Spark sensor={sensor} to={to} /> },
    { id: 'packets', head: t('overview.newest_packets'), number: true, cell: ({ packets }) => <span data-value>{packets.at(-1) == null ? '—' : format.number(packets.at(-1)!)}</span> },
    { id: 'health', head: t('overview.state'), cell: (sensor) => <Health sensor={sensor} /> },
    { id: 'minute', head: t('overview.newest_minute_head'), cell: ({ last_minute }) => <Time at={last_minute} both={false} /> },
    { id: 'seen', head: t('overview.last_seen'), cell: ({ last_seen_at }) => <Time at={last_seen_at} both={false} /> },
  ]
  return (
    <section className="figure-card overview-sensors">
      <div className="figure-head"><h2>{t('overview.sensors_title')}</h2></div>
      <Table caption={t('overview.sensors_title')} caption_hidden columns={columns} rows={sensors} row_key={({ id }) => id} />
      {sensors_total > sensors.length && <p className="figure-note">{t('overview.sensors_more', { shown: sensors.length, total: sensors_total })}</p>}
      <p className="figure-note"><Link to="/observe/sensors">{t('overview.sensors_link')}</Link></p>
    </section>
  )
}
