import { formatMillis } from '@hirundo/base'
import type { ReportSensor } from '@hirundo/contract'
import { RANKS_LOOKED_AT } from '../rates.ts'
import { portName } from '../texts.ts'
import { sensorBars } from './figures.ts'
import { html, type Html } from './html.ts'
import { hasBefore } from './overview.ts'
import { figure, list, part, section, table, type Page } from './parts.ts'

const SILENCES_TOLD_MAX = 10

/** Section 2: what changed, what was silent, what was lost. */
export function findings(page: Page): Html {
  const { report: { climbers, newcomers, silences, coverage, research_share }, words } = page
  const told = [
    ...climbers.map(({ key, service, rank, previous_rank, packets_per_sensor_day, ratio }) => words.say('climber', {
      service: portName(key, service), rank, previous: previous_rank ?? 0, per_day: words.mean(packets_per_sensor_day), ratio: words.mean(ratio) })),
    ...newcomers.map(({ key, service, rank, packets_per_sensor_day }) =>
      words.say('newcomer', { service: portName(key, service), rank, per_day: words.mean(packets_per_sensor_day) })),
    ...silences.slice(0, SILENCES_TOLD_MAX).map(({ sensor, from, to, days }) =>
      words.say('silence', { sensor, days, from: words.day(from), to: words.day(lastDay(to)) })),
  ]
  const counted = [
    ...(coverage.dropped > 0 ? [words.say('dropped', { packets: words.count(coverage.dropped) })] : []),
    ...(research_share !== null && research_share > 0 ? [words.say('research', { share: words.percent(research_share) })] : []),
  ]
  return section(2, words.say('findings'),
    hasBefore(page) ? html`<p>${words.say('findings_text', { ranks: RANKS_LOOKED_AT })}</p>` : html`<p>${words.say('change_unknown')}</p>`,
    told.length > 0 ? list(told) : hasBefore(page) ? html`<p>${words.say('findings_none')}</p>` : undefined,
    counted.length > 0 ? list(counted) : undefined)
}

/** The last day of a period whose end is not part of it. */
const lastDay = (to: string): string => formatMillis(Date.parse(to) - 1)

const ranksOf = ({ top_ports }: ReportSensor): Html =>
  html`${top_ports.map(({ key, service }, i) => html`<span class="item"><i>${i + 1}</i>${portName(key, service)}</span> `)}`

/** Section 3: each sensor for itself; names only. */
export function sensors(page: Page): Html {
  const { report, words } = page
  if (report.sensors.length === 0) return section(3, words.say('sensors'), html`<p>${words.say('none')}</p>`)
  const [drawn, number] = [page.number('figure'), page.number('table')]
  const caption = words.say('sensors_figure')
  return section(3, words.say('sensors'),
    html`<p>${words.say('sensors_text', { figure: drawn })}</p>`,
    figure(page, drawn, caption, sensorBars(page, caption)),
    report.sensors_left_out > 0 ? html`<p class="note">${words.say('left_out', { count: report.sensors_left_out })}</p>` : undefined,
    part('3.1', words.say('ranks'),
      html`<p>${words.say('ranks_text', { table: number })}</p>`,
      table(page, number, words.say('ranks_caption'), report.sensors.filter(({ top_ports }) => top_ports.length > 0), [
        { title: words.say('column_sensor'), kind: 'name', value: ({ sensor }) => sensor },
        { title: words.say('column_ranks'), kind: 'flow', value: ranksOf },
      ])))
}

/** Section 4: who watched how long, and what was lost. */
export function coverage(page: Page): Html {
  const { report, words } = page
  const { sensors_live, sensors_total } = report.coverage
  const share = report.sensors.length > 0 ? report.sensors.reduce((sum, { observed_share }) => sum + observed_share, 0) / report.sensors.length : 0
  const silent = new Map(report.silences.map(({ sensor, days }) => [sensor, days]))
  return section(4, words.say('coverage'),
    html`<p>${words.say('coverage_text', { live: sensors_live, total: sensors_total, share: words.percent(share) })}</p>`,
    report.sensors.length === 0 ? undefined : table(page, page.number('table'), words.say('coverage_caption'), report.sensors, [
      { title: words.say('column_sensor'), kind: 'name', value: ({ sensor }) => sensor },
      { title: words.say('column_watched'), number: true, value: ({ observed_share }) => words.percent(observed_share) },
      { title: words.say('column_silence'), number: true, value: ({ sensor }) => words.say('days', { days: silent.get(sensor) ?? 0 }) },
      { title: words.say('column_dropped'), number: true, value: ({ dropped }) => words.count(dropped) },
      { title: words.say('column_gaps'), number: true, value: ({ gap_batches }) => words.count(gap_batches) },
    ]))
}

/** Section 5: how it was counted, and what the figures do not say. */
export function method({ report, words }: Page): Html {
  const { from, to, previous_from, previous_to, tables_as_of, sources_error } = report
  const path = `GET /api/v1/reports/quarter/${report.year}/${report.quarter}`
  const said = [
    words.say('method_count'),
    words.say('method_mean', { from: words.day(from), to: words.day(lastDay(to)), previous_from: words.day(previous_from), previous_to: words.day(lastDay(previous_to)) }),
    words.say('method_sources', { error: words.percent(sources_error) }),
    words.say('method_research'),
    tables_as_of === null ? words.say('method_tables_none') : words.say('method_tables', { date: tables_as_of }),
    words.say('method_services'),
    words.say('method_data', { path }),
  ]
  return section(5, words.say('method'), ...said.map((text) => html`<p>${text}</p>`))
}
