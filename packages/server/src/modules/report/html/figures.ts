import type { QuarterReport, ReportEconomy, ReportPort } from '@hirundo/contract'
import { lineSeries, rankBars, tileGrid, type SvgNode } from '@hirundo/figures'
import { portName } from '../texts.ts'
import { FIGURE_WIDTH, type Page } from './parts.ts'

const DAY_S = 86_400

const points = (series: QuarterReport['series']) => series.map(({ at, packets_per_sensor }) => ({ at_ms: Date.parse(at), value: packets_per_sensor }))

function lines({ report, words }: Page, id: string, title: string, of: readonly { readonly key: string, readonly label: string, readonly series: QuarterReport['series'] }[]): SvgNode {
  return lineSeries({
    id, title, desc: of.map(({ label }) => label).join(', '), width: FIGURE_WIDTH, height: 260,
    from_ms: Date.parse(report.from), to_ms: Date.parse(report.to), step_ms: report.step_s * 1000, locale: words.language, zone: 'UTC',
    series: of.map(({ key, label, series }) => ({ key, label, points: points(series) })),
    format: words.compact,
    texts: { unit: words.say(report.step_s === DAY_S ? 'per_sensor_day' : 'per_sensor_hour') },
  })
}

export const serviceLines = (page: Page, title: string, services: readonly ReportPort[]): SvgNode =>
  lines(page, 'services', title, services.map(({ key, service, series }) => ({ key, label: portName(key, service), series })))

export const economyLines = (page: Page, title: string, economies: readonly ReportEconomy[]): SvgNode =>
  lines(page, 'economies', title, economies.filter(({ series }) => series.length > 0).map(({ key, series }) => ({ key, label: key, series })))

/** Economies as tiles, codes only: what an economy is called belongs to a community. */
export function economyMap({ report, words }: Page, title: string): SvgNode {
  return tileGrid({
    id: 'map', title, desc: report.economies.map(({ key, packets }) => `${key} ${words.count(packets)}`).join(', '), width: FIGURE_WIDTH,
    values: report.economy_packets.map(({ economy, packets }) => ({ code: economy, value: packets, text: `${economy} ${words.count(packets)}` })),
    format: words.compact, texts: { unit: words.say('map_unit'), hatched: words.say('unknown') },
  })
}

/** Packets per day of watching, sensor by sensor in the order of the figure. */
export function sensorBars({ report, words }: Page, title: string): SvgNode {
  const rows = report.sensors.toSorted((a, b) => (b.packets_per_day ?? -1) - (a.packets_per_day ?? -1))
  return rankBars({
    id: 'sensors', title, desc: rows.slice(0, 3).map(({ sensor, packets_per_day }) => `${sensor} ${words.mean(packets_per_day)}`).join(', '), width: FIGURE_WIDTH,
    rows: rows.map(({ sensor, packets_per_day }, i) => ({ key: sensor, rank: i + 1, label: sensor, value: packets_per_day, value_text: words.mean(packets_per_day) })),
    texts: { value: words.say('column_packets'), new: words.say('new'), previous: (rank) => words.say('was', { rank }) },
  })
}
