import type { QuarterReport, ReportEconomy, ReportPort } from '@hirundo/contract'
import { lineSeries, rankBars, tileGrid, type SvgNode } from '@hirundo/figures'
import { portName } from '../texts.ts'
import { FIGURE_WIDTH, type Page } from './parts.ts'

const DAY_S = 86_400

const points = (series: QuarterReport['series']) => series.map(({ at, packets_per_sensor }) => ({ at_ms: Date.parse(at), value: packets_per_sensor }))

function lines({ report, words }: Page, id: string, title: string, of: readonly { readonly key: string, readonly label: string, readonly series: QuarterReport['series'] }[]): SvgNode {
  return lineSeries({
    id, title, desc: of.map(({ label }) => label).join(', '), width: FIGURE_WIDTH, height: 235,
    from_ms: Date.parse(report.series[0]?.at ?? report.from), to_ms: Date.parse(report.to), step_ms: report.step_s * 1000, ticks: report.step_s === DAY_S ? 3 : undefined, locale: words.language, zone: 'UTC',
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

/** A mean against that of the quarter before, as `+12 %`; a dash where there is none. */
const change = ({ words }: Page, now: number | null, before: number | null): string => (now === null || !before ? '–' : words.change(now / before - 1))

/** Packets per day of watching, each sensor beside its own past and in the order of names: they are no ranking. */
export function sensorBars(page: Page, title: string): SvgNode {
  const { report: { sensors }, words } = page
  return rankBars({
    id: 'sensors', title, desc: sensors.map(({ sensor, packets_per_day }) => `${sensor} ${words.mean(packets_per_day)}`).join(', '), width: FIGURE_WIDTH,
    rows: sensors.map(({ sensor, packets_per_day, previous_packets_per_day }) => ({
      key: sensor, label: sensor, value: packets_per_day, value_text: words.mean(packets_per_day), second_text: change(page, packets_per_day, previous_packets_per_day),
    })),
    texts: { value: words.say('column_packets'), second: words.say('column_change'), new: words.say('new'), previous: (rank) => words.say('was', { rank }) },
  })
}
