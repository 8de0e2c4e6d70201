import { portAnswer, type CallOutput } from '@hirundo/contract'
import { rankBars, shareBars, spans, type FigureColumn, type RankRow } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { exploreAddress, sourceAddress } from '../figure/addresses.ts'
import { answerFigure } from '../figure/answer-figure.ts'
import { commandLine, type Asking } from '../question/question.ts'
import type { PortAsked } from './port-key.ts'
import { portInput } from './use-port.ts'

export interface PortFigure {
  readonly port: PortAsked
  readonly asking: Asking
  readonly answer: CallOutput<typeof portAnswer>
}

export const portCommand = ({ port, asking }: Pick<PortFigure, 'port' | 'asking'>): string => commandLine(`port ${port.key}`, asking)

/** Scan, answer to forged packets, or neither. */
export function ClassesFigure({ port, asking, answer }: PortFigure) {
  const t = useText()
  const format = useFormat()
  const title = t('port.classes_title')
  const { classes, packets } = answer.data
  const kinds = ['scan', 'backscatter', 'other'] as const
  const data = answerFigure(portAnswer, portInput(port, asking), { ...answer, note: null }, {
    id: 'classes', title, columns: [{ key: 'class', label: t('port.class') }, { key: 'packets', label: t('ui.packets') }],
    rows: kinds.map((kind) => ({ class: kind, packets: classes[kind] })),
  })
  return (
    <FigureCard data={data} command={portCommand({ port, asking })} note={t('port.classes_note')} draw={(width) => shareBars({
      id: 'classes', title, width, whole: packets, desc: t('port.classes_desc', { scan: format.number(classes.scan), backscatter: format.number(classes.backscatter), other: format.number(classes.other) }),
      rows: kinds.map((kind) => ({
        key: kind, label: t(`port.class_${kind}`), value: classes[kind],
        value_text: t('port.of_all', { n: format.number(classes[kind]), share: format.percent(packets > 0 ? classes[kind] / packets : 0) }),
      })),
    })} />
  )
}

/** The axis begins with the first sight and ends after the last one; minutes are as fine as it is known. */
const LEAST_SHOWN_S = 600

/** The order in which sensors saw it first, with the delay after the first of them. */
export function FirstSightFigure({ port, asking, answer, is_new }: PortFigure & { readonly is_new: boolean }) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const title = t('port.sensors_title')
  const { sensors } = answer.data
  const start = Date.parse(sensors[0]?.first_seen ?? answer.from)
  const rows = sensors.map((one) => ({ ...one, delay_s: (Date.parse(one.first_seen) - start) / 1000 }))
  const widest_s = rows.reduce((most, { delay_s }) => Math.max(most, delay_s), 0)
  const delay = (seconds: number, i: number) => (i === 0 ? t('port.first') : seconds === 0 ? t('port.same_minute') : t('port.later', { delay: format.duration(seconds) }))
  const data = answerFigure(portAnswer, portInput(port, asking), { ...answer, note: null }, {
    id: 'first-sight', title, rows,
    columns: [
      { key: 'sensor', label: t('ui.sensor') }, { key: 'first_seen', label: t('port.first_seen') }, { key: 'delay_s', label: t('port.delay') },
      { key: 'packets', label: t('ui.packets') }, { key: 'sources', label: t('ui.sources') },
    ],
  })
  return (
    <FigureCard data={data} command={portCommand({ port, asking })} note={t(is_new ? 'port.sensors_note_new' : 'port.sensors_note')} draw={(width) => spans({
      id: 'first-sight', title, width, from_ms: start, to_ms: Math.min(Date.parse(answer.to), start + Math.max(LEAST_SHOWN_S, widest_s * 1.1) * 1000), locale, zone, texts: { value: t('port.delay') },
      desc: t('port.sensors_desc', { n: sensors.length, sensor: sensors[0]?.sensor ?? '', at: sensors[0] ? format.instant(sensors[0].first_seen) : '' }),
      rows: rows.map((row, i) => ({
        key: row.sensor, label: row.sensor, detail: format.number(row.packets), value_text: delay(row.delay_s, i), href: exploreAddress('sensor', [row.sensor], asking.search),
        text: t('port.sensor_row', { sensor: row.sensor, at: format.instant(row.first_seen), packets: format.number(row.packets), sources: format.number(row.sources) }),
        spans: [{ from_ms: start, to_ms: start + row.delay_s * 1000, kind: 'partly' }, { from_ms: start + row.delay_s * 1000, to_ms: start + row.delay_s * 1000 }],
      })),
    })} />
  )
}

interface RanksProps extends PortFigure {
  readonly id: string
  readonly title: string
  readonly columns: readonly FigureColumn[]
  readonly numbers: readonly { readonly packets: number; readonly sources: number }[]
  readonly with_sources: boolean
  readonly faces: readonly Pick<RankRow, 'key' | 'label' | 'detail' | 'href'>[]
}

function Ranks({ port, asking, answer, id, title, columns, numbers, faces, with_sources }: RanksProps) {
  const t = useText()
  const format = useFormat()
  const ranked = faces.map((face, i) => ({ ...face, rank: i + 1, ...numbers[i]! }))
  const data = answerFigure(portAnswer, portInput(port, asking), answer, {
    id, title, columns: [{ key: 'rank', label: t('ui.rank') }, ...columns, { key: 'packets', label: t('ui.packets') }, ...(with_sources ? [{ key: 'sources', label: t('ui.sources') }] : [])],
    rows: ranked.map(({ key, detail, rank, packets, sources }) => ({ rank, key, detail: detail ?? null, packets, sources })),
  })
  return (
    <FigureCard data={data} command={portCommand({ port, asking })} draw={(width) => rankBars({
      id, title, width, desc: t('top.desc', { n: ranked.length, key: ranked[0]?.label ?? '', packets: format.number(ranked[0]?.packets ?? 0) }),
      texts: { value: t('ui.packets'), second: with_sources ? t('ui.sources') : undefined, new: '', previous: () => '' },
      rows: ranked.map((row) => ({ ...row, value: row.packets, value_text: format.number(row.packets), second_text: format.number(row.sources) })),
    })} />
  )
}

/** Who knocks most. */
export function TopSourcesFigure(props: PortFigure) {
  const t = useText()
  const { top_sources } = props.answer.data
  return <Ranks {...props} id="port-sources" title={t('port.sources_title', { n: top_sources.length })} with_sources={false} numbers={top_sources}
    columns={[{ key: 'key', label: t('ui.source') }, { key: 'detail', label: t('port.located') }]}
    faces={top_sources.map(({ source, economy, asn }) => ({ key: source, label: source, detail: `${economy} AS${asn}`, href: sourceAddress(source, props.asking.search) }))} />
}

/** Where their addresses are located. */
export function PortEconomiesFigure(props: PortFigure) {
  const t = useText()
  const { top_economies } = props.answer.data
  return <Ranks {...props} id="port-economies" title={t('port.economies_title')} with_sources numbers={top_economies} columns={[{ key: 'key', label: t('ui.economy') }]}
    faces={top_economies.map(({ economy }) => ({ key: economy, label: economy, href: exploreAddress('economy', [economy], props.asking.search) }))} />
}
