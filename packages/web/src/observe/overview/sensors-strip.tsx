import { overviewAnswer, type LiveOverview, type LiveSensor } from '@hirundo/contract'
import { matrixHeat, sparkline, type FigureData } from '@hirundo/figures'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Svg } from '../../ui/svg.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { figureQuery } from '../figure/figure-query.ts'
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

/** Hour and minute of an instant of today; an older one in full. */
function Clock({ at, now }: { readonly at: string | null; readonly now: string }) {
  const format = useFormat()
  if (at === null || format.day(at) !== format.day(now)) return <Time at={at} both={false} />
  return <time dateTime={at} title={`${format.instant(at)} · ${format.utc(at)}`} data-value>{format.minute(at)}</time>
}

function useColumns({ to, at }: LiveOverview, search: ReturnType<typeof hourOf>): readonly Column<LiveSensor>[] {
  const t = useText()
  const format = useFormat()
  return [
    { id: 'name', head: t('ui.sensor'), row_head: true, cell: ({ name }) => <Link to="/observe/explore" search={{ dimension: 'sensor', key: name, ...search } as never} data-value>{name}</Link> },
    { id: 'spark', head: t('overview.last_half_hour'), cell: (sensor) => <Spark sensor={sensor} to={to} /> },
    { id: 'packets', head: t('overview.newest_packets'), number: true, cell: ({ packets }) => <span data-value>{packets.at(-1) == null ? '—' : format.number(packets.at(-1)!)}</span> },
    { id: 'health', head: t('overview.state'), cell: (sensor) => <Health sensor={sensor} /> },
    { id: 'minute', head: t('overview.newest_minute_head'), cell: ({ last_minute }) => <Clock at={last_minute} now={at} /> },
    { id: 'seen', head: t('overview.last_seen'), cell: ({ last_seen_at }) => <Clock at={last_seen_at} now={at} /> },
  ]
}

/** A row for each sensor and minute, as files hold it. */
const rowsOf = ({ sensors, to }: LiveOverview): FigureData['rows'] => sensors.flatMap(({ name, live, simulated, packets }) =>
  packets.map((count, i) => ({ sensor: name, at: new Date(Date.parse(to) - (packets.length - i) * MINUTE_MS).toISOString(), packets: count, live, simulated })))

/** How each sensor is, and what it counted in the last half hour; holes stay holes. */
export function SensorsStrip({ overview }: { readonly overview: LiveOverview }) {
  const t = useText()
  const format = useFormat()
  const { sensors, sensors_total, from, to, coverage, simulated } = overview
  const columns = useColumns(overview, hourOf(overview))
  const title = t('overview.sensors_title')
  const minutes = sensors[0]?.packets.map((_, i) => format.utc(Date.parse(to) - (sensors[0]!.packets.length - i) * MINUTE_MS).slice(11, 16)) ?? []
  const data: FigureData = {
    id: 'sensors-half-hour', title, query: figureQuery(overviewAnswer, {}), from, to, coverage, simulated, note: null, rows: rowsOf(overview),
    columns: [{ key: 'sensor', label: t('ui.sensor') }, { key: 'at', label: t('overview.minute') }, { key: 'packets', label: t('ui.packets') }],
  }
  const note = (
    <>
      {sensors_total > sensors.length && <>{t('overview.sensors_more', { shown: sensors.length, total: sensors_total })} · </>}
      <Link to="/observe/sensors">{t('overview.sensors_link')}</Link>
    </>
  )
  return (
    <div className="overview-sensors">
      <FigureCard data={data} note={note} draw={(width) => matrixHeat({
        id: data.id, title, desc: t('overview.sensors_desc', { n: sensors.length }), width, rows: sensors.map(({ name }) => name), columns: minutes, values: sensors.map(({ packets }) => packets),
        cellText: (row, column, value) => t('overview.sensors_cell', { sensor: sensors[row]!.name, minute: minutes[column]!, packets: value === null ? t('ui.hole') : format.number(value) }),
        format: format.compact, texts: { unit: t('ui.packets'), hatched: t('ui.hole') },
      })}>
        <Table cards caption={title} caption_hidden columns={columns} rows={sensors} row_key={({ id }) => id} />
      </FigureCard>
    </div>
  )
}
