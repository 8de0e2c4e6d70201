import { bars, lineSeries, matrixHeat, rankBars, slope, sparkline, tileGrid, type FigureData, type SvgNode } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../figure-card.tsx'
import { economies, from_ms, hours, made_at_ms, ports, sensors, wave } from './made-up.ts'
import { Specimens } from './specimen.tsx'

const HOUR_MS = 3_600_000
const note = 'location-of-address-not-of-actor'

/** The same of every figure here: what is shown was made up. */
function useSpecimen() {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const data = (id: string, title: string, located = false): FigureData => ({
    id: `gallery-${id}`, title, query: { method: 'GET', path: `/api/v1/${id}`, search: 'limit=4' }, from: new Date(from_ms).toISOString(), to: new Date(made_at_ms).toISOString(),
    coverage: { sensors_live: 41, sensors_total: 44 }, simulated: true, note: located ? note : null,
    columns: [{ key: 'port', label: t('ui.port') }, { key: 'packets', label: t('ui.packets') }], rows: ports.map(({ key, packets }) => ({ port: key, packets })),
  })
  const frame = (id: string, title: string, width: number) => ({ id: `gallery-${id}-figure`, title, desc: t('node.gallery_made_up'), width })
  const time = { from_ms, to_ms: made_at_ms, step_ms: HOUR_MS, locale, zone, format: format.compact, texts: { unit: t('ui.per_sensor') } }
  return { t, format, data, frame, time }
}

export function TimeFigures() {
  const { t, data, frame, time } = useSpecimen()
  const [line, bar, spark] = [t('node.gallery_line'), t('node.gallery_bars'), t('node.gallery_spark')]
  const series = [{ key: 'a', label: 'tcp/23', points: wave(900, 0) }, { key: 'b', label: 'tcp/445', points: wave(500, 7) }, { key: 'c', label: 'udp/161', points: wave(180, 3) }]
  return (
    <Specimens title={t('node.gallery_time_figures')}>
      <div className="grid">
        <div className="two-thirds"><FigureCard data={data('line', line)} command="hirundo series port --key tcp/23" note={t('node.gallery_hole_note')} draw={(width): SvgNode => lineSeries({ ...frame('line', line, width), ...time, series })} /></div>
        <div className="third"><FigureCard data={data('bars', bar)} draw={(width) => bars({ ...frame('bars', bar, width), ...time, points: wave(300, 2) })} /></div>
        <div className="third"><FigureCard data={data('spark', spark)} draw={() => sparkline({ ...frame('spark', spark, 160), points: wave(300, 2) })} /></div>
        <div className="two-thirds"><FigureCard data={data('empty', t('node.gallery_empty'))} draw={(width) => lineSeries({ ...frame('empty', t('node.gallery_empty'), width), ...time, height: 140, series: [{ key: 'a', label: 'tcp/23', points: Array.from({ length: hours }, (_, i) => ({ at_ms: from_ms + i * HOUR_MS, value: null })) }] })} /></div>
      </div>
    </Specimens>
  )
}

export function RankFigures() {
  const { t, format, data, frame } = useSpecimen()
  const [rank, tiles, matrix, change] = [t('node.gallery_rank'), t('node.gallery_tiles'), t('node.gallery_matrix'), t('node.gallery_slope')]
  const number = (value: number | null): string => (value === null ? '—' : format.number(value))
  return (
    <Specimens title={t('node.gallery_rank_figures')}>
      <div className="grid">
        <div className="half"><FigureCard data={data('rank', rank)} draw={(width) => rankBars({
          ...frame('rank', rank, width), texts: { value: t('ui.packets'), new: t('ui.rank_new'), previous: (before) => t('top.was', { rank: before }) },
          rows: ports.map(({ key, rank: at, before, packets }) => ({ key, rank: at, previous_rank: before, label: key, detail: at === 3 ? 'AS64500' : undefined, value: packets, value_text: number(packets) })),
        })} /></div>
        <div className="half"><FigureCard data={data('tiles', tiles, true)} draw={(width) => tileGrid({
          ...frame('tiles', tiles, width), format: format.compact, texts: { unit: t('ui.packets'), hatched: t('node.gallery_suppressed') },
          values: economies.map(([code, value]) => ({ code, value, text: `${code}: ${number(value)}` })),
        })} /></div>
        <div className="half"><FigureCard data={data('matrix', matrix)} draw={(width) => matrixHeat({
          ...frame('matrix', matrix, width), rows: sensors, columns: ports.map(({ key }) => key), format: format.compact, texts: { unit: t('ui.packets'), hatched: t('ui.hole') },
          values: sensors.map((_, row) => ports.map(({ packets }, column) => (row === 2 && column > 1 ? null : Math.round((packets ?? 900) / (row + 1 + column))))),
          cellText: (row, column, value) => `${sensors[row]} ${ports[column]!.key}: ${number(value)}`,
        })} /></div>
        <div className="half"><FigureCard data={data('slope', change)} draw={(width) => slope({
          ...frame('slope', change, width), ranks: 5, texts: { before: t('ui.previous_rank'), now: t('ui.rank') }, items: ports.map(({ key, before, rank: now }) => ({ key, label: key, before, now })),
        })} /></div>
      </div>
    </Specimens>
  )
}
