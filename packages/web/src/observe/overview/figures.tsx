import { seriesAnswer, topAnswer, type LiveOverview, type TopEntry } from '@hirundo/contract'
import { lineSeries, rankBars, type FigureColumn, type FigureData, type RankRow } from '@hirundo/figures'
import type { SearchParams } from '../../app/search-params.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { exploreAddress, portAddress, sourceAddress } from '../figure/addresses.ts'
import { figureQuery } from '../figure/figure-query.ts'

interface OverviewFigure { readonly overview: LiveOverview }

const STEP_S = 60
const LINE_HEIGHT = 220

/** The hour of the overview as other pages take it: what stands there is what one sees here. */
export const hourOf = ({ from, to }: LiveOverview): SearchParams => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })

const common = ({ from, to, coverage, simulated }: LiveOverview): Pick<FigureData, 'from' | 'to' | 'coverage' | 'simulated'> => ({ from, to, coverage, simulated })
const commandOf = (words: string, { from, to }: LiveOverview): string => `hirundo ${words} --from ${from} --to ${to}`

/** Packets per live sensor, minute by minute. */
export function MinutesFigure({ overview }: OverviewFigure) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const { from, to, minutes } = overview
  const known = minutes.flatMap(({ packets_per_sensor }) => packets_per_sensor ?? [])
  const title = t('overview.minutes_title')
  const data: FigureData = {
    id: 'packets-per-sensor-per-minute', title, ...common(overview), note: null,
    query: figureQuery(seriesAnswer, { query: { from, to, step: STEP_S } }),
    columns: [
      { key: 'at', label: t('overview.minute') }, { key: 'packets_per_sensor', label: t('ui.per_sensor') }, { key: 'packets', label: t('ui.packets') },
      { key: 'sources', label: t('ui.sources') }, { key: 'live_sensors', label: t('overview.sensors_live') },
    ],
    rows: minutes,
  }
  return (
    <FigureCard data={data} command={`${commandOf('series total', overview)} --step ${STEP_S}`} draw={(width) => lineSeries({
      id: data.id, title, width, height: LINE_HEIGHT, from_ms: Date.parse(from), to_ms: Date.parse(to) - STEP_S * 1000, step_ms: STEP_S * 1000, locale, zone,
      desc: known.length === 0 ? t('overview.minutes_none') : t('overview.minutes_desc', { low: format.decimal(Math.min(...known)), high: format.decimal(Math.max(...known)), holes: minutes.length - known.length }),
      format: format.compact, texts: { unit: t('overview.unit_minute') },
      series: [{ key: 'total', label: t('ui.per_sensor'), points: minutes.map(({ at, packets_per_sensor }) => ({ at_ms: Date.parse(at), value: packets_per_sensor })) }],
    })} />
  )
}

interface RankFigureProps extends OverviewFigure {
  readonly id: string
  readonly title: string
  /** What the rows are, as the column of the table says it. */
  readonly head: string
  readonly entries: readonly TopEntry[]
  readonly dimension: 'ports' | 'economies' | 'sources'
  /** Ranks that the query must ask for to hold these rows. */
  readonly limit: number
  readonly located: boolean
  readonly label: (entry: TopEntry) => Pick<RankRow, 'label' | 'detail' | 'href'>
}

function RankFigure({ overview, id, title, head, entries, dimension, limit, located, label }: RankFigureProps) {
  const t = useText()
  const format = useFormat()
  const { from, to } = overview
  const columns: FigureColumn[] = [
    { key: 'rank', label: t('ui.rank') }, { key: 'previous_rank', label: t('ui.previous_rank') }, { key: 'key', label: head },
    { key: 'packets', label: t('ui.packets') }, { key: 'packets_per_sensor', label: t('ui.per_sensor') }, { key: 'sources', label: t('ui.sources') },
  ]
  const data: FigureData = {
    id, title, ...common(overview), note: located ? overview.note : null, columns, rows: entries as unknown as FigureData['rows'],
    query: figureQuery(topAnswer, { params: { dimension }, query: { from, to, limit } }),
  }
  const first = entries[0]
  const mean = format.column(entries.map(({ packets_per_sensor }) => packets_per_sensor))
  // Without an hour before, nothing is known of a rank then: neither new nor risen.
  const before = (rank: number | null) => (overview.previous === null ? undefined : rank)
  return (
    <FigureCard data={data} command={commandOf(`top ${dimension} --limit ${limit}`, overview)} draw={(width) => rankBars({
      id, title, width,
      desc: first === undefined ? t('overview.rank_none') : t('overview.rank_desc', { n: entries.length, key: first.key, packets: format.number(first.packets) }),
      texts: { value: t('ui.packets'), second: t('overview.per_sensor'), new: t('ui.rank_new'), previous: (rank) => t('overview.was', { rank }) },
      rows: entries.map((entry) => ({
        key: entry.key, rank: entry.rank, previous_rank: before(entry.previous_rank), value: entry.packets, value_text: format.number(entry.packets), ...label(entry),
        ...(entry.packets_per_sensor === null ? {} : { second_text: mean(entry.packets_per_sensor) }),
      })),
    })} />
  )
}

const portLabel = (search: SearchParams) => ({ key, service }: TopEntry) => ({ label: key, detail: service ?? undefined, href: portAddress(key, search) })

export function PortsFigure({ overview }: OverviewFigure) {
  const t = useText()
  return <RankFigure overview={overview} id="top-ports" title={t('overview.ports_title')} head={t('ui.port')} entries={overview.ports} dimension="ports" limit={10}
    located={false} label={portLabel(hourOf(overview))} />
}

export function ClimbersFigure({ overview }: OverviewFigure) {
  const t = useText()
  return <RankFigure overview={overview} id="climbing-ports" title={t('overview.climbers_title')} head={t('ui.port')} entries={overview.climbers} dimension="ports" limit={50}
    located={false} label={portLabel(hourOf(overview))} />
}

export function EconomiesFigure({ overview }: OverviewFigure) {
  const t = useText()
  const search = hourOf(overview)
  return <RankFigure overview={overview} id="top-economies" title={t('overview.economies_title')} head={t('ui.economy')} entries={overview.economies} dimension="economies" limit={8}
    located label={({ key }) => (key === '' ? { label: t('ui.unknown') } : { label: key, href: exploreAddress('economy', [key], search) })} />
}

export function SourcesFigure({ overview }: OverviewFigure) {
  const t = useText()
  const search = hourOf(overview)
  return <RankFigure overview={overview} id="top-sources" title={t('overview.sources_title')} head={t('ui.source')} entries={overview.sources_top} dimension="sources" limit={5}
    located label={({ key }) => ({ label: key, href: sourceAddress(key, search) })} />
}
