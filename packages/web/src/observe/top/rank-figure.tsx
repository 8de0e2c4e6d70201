import { topAnswer, type CallOutput, type TopDimension } from '@hirundo/contract'
import { rankBars } from '@hirundo/figures'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { answerFigure } from '../figure/answer-figure.ts'
import { commandLine, type Asking } from '../question/question.ts'
import { rankings } from './dimensions.ts'

interface RankFigureProps {
  readonly dimension: TopDimension
  readonly asking: Asking
  readonly limit: number
  readonly answer: CallOutput<typeof topAnswer>
  /** Undefined or false: nothing is known of ranks before, and none is shown. */
  readonly watched_before: boolean | undefined
}

/** The ranks of one dimension, each row a link to its page. */
export function RankFigure({ dimension, asking, limit, answer, watched_before }: RankFigureProps) {
  const t = useText()
  const format = useFormat()
  const { face, title: title_key, head } = rankings[dimension]
  const title = t(title_key)
  const faced = answer.data.map((entry) => ({ entry, ...face(entry, asking.search) }))
  const data = answerFigure(topAnswer, { params: { dimension }, query: { ...asking.query, limit } }, answer, {
    id: `top-${dimension}`, title,
    columns: [
      { key: 'rank', label: t('ui.rank') }, { key: 'previous_rank', label: t('ui.previous_rank') }, { key: 'key', label: t(head) }, { key: 'detail', label: t('top.detail') },
      { key: 'packets', label: t('ui.packets') }, { key: 'packets_per_sensor', label: t('ui.per_sensor') }, { key: 'sources', label: t('ui.sources') },
    ],
    rows: faced.map(({ entry, detail }) => ({
      rank: entry.rank, previous_rank: entry.previous_rank, key: entry.key, detail: detail ?? null, packets: entry.packets, packets_per_sensor: entry.packets_per_sensor, sources: entry.sources,
    })),
  })
  const [first] = faced
  const mean = format.column(answer.data.map(({ packets_per_sensor }) => packets_per_sensor))
  // What one sensor counted is no mean over sensors, and a source is one source.
  const [second, third] = [dimension === 'sensors' ? undefined : t('ui.per_sensor'), dimension === 'sources' ? undefined : t('ui.sources')]
  return (
    <FigureCard data={data} command={commandLine(`top ${dimension} --limit ${limit}`, asking)}
      {...(third === undefined ? {} : { note: t('ui.sources_estimated', { percent: format.percent(answer.method.sources_error) }) })}
      draw={(width) => rankBars({
        id: data.id, title, width, desc: first ? t('top.desc', { n: faced.length, key: first.label, packets: format.number(first.entry.packets) }) : '',
        texts: { value: t('ui.packets'), second, third, new: t('ui.rank_new'), previous: (rank) => t('top.was', { rank }) },
        rows: faced.map(({ entry, label, detail, href }) => ({
          key: entry.key, rank: entry.rank, previous_rank: watched_before ? entry.previous_rank : undefined, label, detail, href,
          value: entry.packets, value_text: format.number(entry.packets), third_text: format.number(entry.sources),
          second_text: entry.packets_per_sensor === null ? '—' : mean(entry.packets_per_sensor),
        })),
      })} />
  )
}
