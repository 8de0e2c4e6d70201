import { topAnswer, type CallOutput, type TopEntry } from '@hirundo/contract'
import { fictionalTiles, tileGrid } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { exploreAddress } from '../figure/addresses.ts'
import { answerFigure } from '../figure/answer-figure.ts'
import { commandLine, type Asking } from '../question/question.ts'
import { isUnknown, measureName, UNKNOWN, valueOf, type Measure } from './measure.ts'

interface TilesFigureProps {
  readonly asking: Asking
  readonly answer: CallOutput<typeof topAnswer>
  readonly entries: readonly TopEntry[]
  readonly measure: Measure
  readonly limit: number
}

const fictional = new Set(fictionalTiles.map(({ code }) => code))

/** Every economy as one tile of equal size, by codes: names and borders belong to the community. */
export function TilesFigure({ asking, answer, entries, measure, limit }: TilesFigureProps) {
  const t = useText()
  const format = useFormat()
  const title = t('economies.tiles_title', { measure })
  const text = (value: number | null) => (value === null ? '—' : format.number(Math.round(value)))
  const data = answerFigure(topAnswer, { params: { dimension: 'economies' }, query: { ...asking.query, limit } }, answer, {
    id: 'economies', title,
    columns: [
      { key: 'economy', label: t('ui.economy') }, { key: 'rank', label: t('ui.rank') }, { key: 'previous_rank', label: t('ui.previous_rank') },
      { key: 'packets', label: t('ui.packets') }, { key: 'packets_per_sensor', label: t('ui.per_sensor') }, { key: 'sources', label: t('ui.sources') },
    ],
    rows: entries.map(({ key, rank, previous_rank, packets, packets_per_sensor, sources }) => ({ economy: key || UNKNOWN, rank, previous_rank, packets, packets_per_sensor, sources })),
  })
  const only_fictional = entries.every(({ key }) => isUnknown(key) || fictional.has(key))
  return (
    <FigureCard data={data} command={commandLine(`top economies --limit ${limit}`, asking)} draw={(width) => tileGrid({
      id: data.id, title, width, desc: t('economies.tiles_desc', { n: entries.length }), format: format.compact,
      texts: { unit: t(measureName[measure]), hatched: t('economies.unknown') },
      ...(only_fictional ? { tiles: fictionalTiles } : {}),
      values: entries.map((entry) => {
        const values = { code: entry.key || UNKNOWN, value: text(valueOf(entry, measure)), measure, rank: entry.rank }
        return isUnknown(entry.key) ? { code: UNKNOWN, value: null, text: t('economies.tile_unknown', values) }
          : { code: entry.key, value: valueOf(entry, measure), text: t('economies.tile', values), href: exploreAddress('economy', [entry.key], asking.search) }
      }),
    })} />
  )
}
