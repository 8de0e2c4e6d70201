import { seriesAnswer, sourceAnswer, type CallOutput } from '@hirundo/contract'
import { bars, spans } from '@hirundo/figures'
import { DAY_S } from '@hirundo/base'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Answered } from '../../ui/state.tsx'
import { exploreAddress, portAddress } from '../figure/addresses.ts'
import { answerFigure } from '../figure/answer-figure.ts'
import { commandLine, type Asking } from '../question/question.ts'

export interface SourceFigure {
  readonly asking: Asking
  readonly answer: CallOutput<typeof sourceAnswer>
}

export const sourceInput = ({ asking, answer }: SourceFigure) => ({ params: { address: answer.data.source }, query: asking.query })
export const sourceCommand = ({ asking, answer }: SourceFigure): string => commandLine(`source ${answer.data.source}`, asking)

const PORTS_SHOWN = 40
const DAYS_HEIGHT = 220
const MINUTE_MS = 60_000
const DAY_MS = DAY_S * 1000

interface Sighting { readonly first_seen: string; readonly last_seen: string; readonly packets: number }
interface LastedProps extends SourceFigure {
  readonly id: 'source-ports' | 'source-sensors'
  readonly title: string
  readonly head: string
  readonly note: string | undefined
  readonly rows: readonly (Sighting & { readonly name: string; readonly href: string })[]
  readonly shown: number
}

/** From the first to the last minute of each; what was in between is not said by a bar. */
function Lasted({ asking, answer, id, title, head, note, rows, shown }: LastedProps) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const data = answerFigure(sourceAnswer, sourceInput({ asking, answer }), { ...answer, note: null }, {
    id, title, rows: rows.map(({ name, packets, first_seen, last_seen }) => ({ name, packets, first_seen, last_seen })),
    columns: [{ key: 'name', label: head }, { key: 'packets', label: t('ui.packets') }, { key: 'first_seen', label: t('source.first_seen') }, { key: 'last_seen', label: t('source.last_seen') }],
  })
  return (
    <FigureCard data={data} command={sourceCommand({ asking, answer })} note={note} draw={(width) => spans({
      id, title, width, from_ms: Date.parse(answer.from), to_ms: Date.parse(answer.to), locale, zone, texts: { value: t('ui.packets') },
      desc: t('source.lasted_desc', { n: rows.length, name: rows[0]?.name ?? '' }),
      rows: rows.slice(0, shown).map(({ name, href, packets, first_seen, last_seen }) => ({
        key: name, label: name, href, value_text: format.number(packets), spans: [{ from_ms: Date.parse(first_seen), to_ms: Date.parse(last_seen) + MINUTE_MS }],
        text: t('source.lasted_row', { name, packets: format.number(packets), from: format.instant(first_seen), to: format.instant(last_seen) }),
      })),
    })} />
  )
}

const byFirst = <S extends Sighting>(all: readonly S[]): S[] => all.toSorted((a, b) => a.first_seen.localeCompare(b.first_seen) || b.packets - a.packets)

/** What it knocked at, in the order in which it began. */
export function PortsFigure({ asking, answer }: SourceFigure) {
  const t = useText()
  const most = answer.data.ports.slice(0, PORTS_SHOWN)
  const more = answer.data.ports.length - most.length
  const named = (ports: typeof most) => byFirst(ports).map((port) => ({ ...port, name: port.key, href: portAddress(port.key, asking.search) }))
  return <Lasted asking={asking} answer={answer} id="source-ports" title={t('source.ports_title')} head={t('ui.port')} shown={PORTS_SHOWN}
    note={more > 0 ? t('source.ports_more', { shown: PORTS_SHOWN, n: more }) : t('source.ports_note')} rows={[...named(most), ...named(answer.data.ports.slice(PORTS_SHOWN))]} />
}

/** Which sensors saw it, the first to see it first. */
export function SensorsFigure({ asking, answer }: SourceFigure) {
  const t = useText()
  return <Lasted asking={asking} answer={answer} id="source-sensors" title={t('source.sensors_title')} head={t('ui.sensor')} note={undefined} shown={200}
    rows={byFirst(answer.data.sensors).map((one) => ({ ...one, name: one.sensor, href: exploreAddress('sensor', [one.sensor], asking.search) }))} />
}

/** Packets of each day; a day on which nobody watched is hatched and not empty. */
export function DaysFigure({ asking, answer: { data: { source } } }: SourceFigure) {
  const t = useText()
  const format = useFormat()
  const { locale } = useReader()
  const title = t('source.days_title')
  const input = { query: { ...asking.query, dimension: 'source', key: source, step: DAY_S } } as const
  const answer = useAnswer(seriesAnswer, input)
  return (
    <Answered answer={answer} lines={5}>
      {(found) => {
        const { points } = found.data
        const data = answerFigure(seriesAnswer, input, { ...found, note: null }, {
          id: 'source-days', title, rows: points, columns: [{ key: 'at', label: t('source.day') }, { key: 'packets', label: t('ui.packets') }, { key: 'live_sensors', label: t('port.live_sensors') }],
        })
        return (
          <FigureCard data={data} command={commandLine(`series source ${source} --step ${DAY_S}`, asking)} note={t('source.days_note')} draw={(width) => bars({
            id: data.id, title, width, height: DAYS_HEIGHT, step_ms: DAY_MS, locale, zone: 'UTC', format: format.compact, texts: { unit: t('ui.packets') },
            from_ms: Math.floor(Date.parse(found.from) / DAY_MS) * DAY_MS, to_ms: Math.ceil(Date.parse(found.to) / DAY_MS) * DAY_MS,
            desc: t('source.days_desc', { n: points.filter(({ packets }) => (packets ?? 0) > 0).length }), points: points.map(({ at, packets }) => ({ at_ms: Date.parse(at), value: packets })),
          })} />
        )
      }}
    </Answered>
  )
}
