import type { ReportEconomy, ReportPort } from '@hirundo/contract'
import { portName, type Words } from '../texts.ts'
import { economyLines, economyMap, serviceLines } from './figures.ts'
import { html, type Html } from './html.ts'
import { figure, list, part, section, table, type Page } from './parts.ts'

const rankOrNew = (words: Words, known: boolean, previous: number | null): string => (previous !== null ? String(previous) : known ? words.say('new') : '–')

/** How a service's rank moved, as a sentence. */
function moved(words: Words, { key, service, rank, previous_rank: previous }: ReportPort): string {
  const name = portName(key, service)
  if (previous === null) return words.say('rank_new', { service: name, rank })
  return words.say(previous === rank ? 'rank_same' : previous > rank ? 'rank_up' : 'rank_down', { service: name, rank, previous })
}

/** Whether there is a quarter before to compare with. */
export const hasBefore = ({ report }: Page): boolean => report.previous_coverage.sensors_live > 0

function services(page: Page): Html {
  const { report, words } = page
  const [number, drawn] = [page.number('table'), page.number('figure')]
  const caption = words.say('services_figure')
  return part('1.1', words.say('services'),
    html`<p>${words.say('services_text', { table: number, figure: drawn })}</p>`,
    table(page, number, words.say('services_caption'), report.services, [
      { title: words.say('column_rank'), number: true, kind: 'rank', value: ({ rank }) => String(rank) },
      { title: words.say('column_previous'), number: true, kind: 'rank', value: ({ previous_rank }) => rankOrNew(words, hasBefore(page), previous_rank) },
      { title: words.say('column_service'), kind: 'name', value: ({ key, service }) => portName(key, service) },
      { title: words.say('column_packets'), number: true, value: ({ packets }) => words.count(packets) },
      { title: words.say('column_sources'), number: true, value: ({ sources }) => words.count(sources) },
      { title: words.say('column_per_day'), number: true, value: ({ packets_per_sensor_day }) => words.mean(packets_per_sensor_day) },
      { title: words.say('column_without_research'), number: true, value: ({ rank_without_research }) => String(rank_without_research ?? '–') },
    ]),
    figure(page, drawn, caption, serviceLines(page, caption, report.services)),
    hasBefore(page) ? list(report.services.map((one) => moved(words, one))) : undefined)
}

function regions(page: Page): Html {
  const { report, words } = page
  const [number, drawn, map] = [page.number('table'), page.number('figure'), page.number('figure')]
  const [lines, tiles] = [words.say('regions_figure'), words.say('map_figure')]
  return part('1.2', words.say('regions'),
    html`<p>${words.say('regions_text', { table: number, figure: drawn, map })}</p>`,
    table<ReportEconomy>(page, number, words.say('regions_caption'), report.economies, [
      { title: words.say('column_rank'), number: true, kind: 'rank', value: ({ rank }) => String(rank) },
      { title: words.say('column_previous'), number: true, kind: 'rank', value: ({ previous_rank }) => rankOrNew(words, hasBefore(page), previous_rank) },
      { title: words.say('column_economy'), kind: 'name', value: ({ key }) => key },
      { title: words.say('column_packets'), number: true, value: ({ packets }) => words.count(packets) },
      { title: words.say('column_sources'), number: true, value: ({ sources }) => words.count(sources) },
      { title: words.say('column_share'), number: true, value: ({ share }) => words.percent(share) },
      { title: words.say('column_per_day'), number: true, value: ({ packets_per_sensor_day }) => words.mean(packets_per_sensor_day) },
    ], true),
    figure(page, drawn, lines, economyLines(page, lines, report.economies), true),
    figure(page, map, tiles, economyMap(page, tiles), true))
}

/** Section 1: the services and the regions, with the ranks of the quarter before. */
export function overview(page: Page): Html {
  const { report, words } = page
  if (report.services.length === 0) return section(1, words.say('overview'), html`<p>${words.say('none')}</p>`)
  return section(1, words.say('overview'), services(page), regions(page))
}
