import { heardTop, type CallOutput } from '@hirundo/contract'
import { rankBars } from '@hirundo/figures'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Answered, Notice } from '../../ui/state.tsx'
import { commandLine, type Asking } from '../question/question.ts'
import { heardFigure } from './heard-data.ts'
import { heardRankings, keyText, ofText, type HeardTab } from './heard-rankings.ts'
import { HeardTable } from './heard-table.tsx'

interface RankingProps {
  readonly what: HeardTab
  readonly asking: Asking
  readonly limit: number
}

const inputOf = ({ what, asking, limit }: RankingProps) => ({ params: { what }, query: { ...asking.query, limit } })

function Ranked({ what, asking, limit, found }: RankingProps & { readonly found: CallOutput<typeof heardTop> }) {
  const t = useText()
  const format = useFormat()
  const { title: title_key, head, of: of_head, note } = heardRankings[what]
  const title = t(title_key)
  const { rows } = found.data
  const data = heardFigure(heardTop, inputOf({ what, asking, limit }), found, {
    id: `heard-${what}`, title,
    columns: [
      { key: 'rank', label: t('ui.rank') }, { key: 'key', label: t(head) }, ...(what === 'functions' ? [{ key: 'name', label: t('answering.function') }] : []),
      ...(of_head === undefined ? [] : [{ key: 'of', label: t(of_head) }]), { key: 'interactions', label: t('answering.interactions') }, { key: 'requests', label: t('answering.requests') },
      { key: 'sources', label: t('ui.sources') }, { key: 'sensors', label: t('answering.sensors') }, { key: 'bytes_in', label: t('answering.bytes_in') }, { key: 'bytes_out', label: t('answering.bytes_out') },
      { key: 'first_seen', label: t('answering.first_seen') }, { key: 'last_seen', label: t('answering.last_seen') },
    ],
    rows: rows.map((row) => (what === 'functions' ? { ...row, name: keyText(what, row) } : row)),
  })
  return (
    <FigureCard data={data} command={commandLine(`interactions top ${what} --limit ${limit}`, asking)} is_table {...(note === undefined ? {} : { note: t(note) })} draw={(width) => rankBars({
      id: data.id, title, width, desc: t('answering.desc', { n: rows.length, text: format.number(rows[0]?.interactions ?? 0) }),
      texts: { value: t('answering.interactions'), second: what === 'sources' ? undefined : t('ui.sources'), new: '', previous: () => '' },
      rows: rows.map((row) => ({
        key: String(row.rank), rank: row.rank, label: row.key === null ? t('answering.hidden') : keyText(what, row), detail: ofText(what, row.of),
        value: row.interactions, value_text: format.number(row.interactions), second_text: format.number(row.sources),
      })),
    })}>
      <HeardTable what={what} rows={rows} asking={asking} title={title} />
    </FigureCard>
  )
}

/** One ranking of what was heard; what a reader may not see is said before it. */
export function RankingFigure(props: RankingProps) {
  const t = useText()
  const answer = useAnswer(heardTop, inputOf(props))
  const { hidden } = heardRankings[props.what]
  return (
    <Answered answer={answer} lines={10}>
      {(found) => (
        <>
          {hidden !== undefined && !found.data.content && <Notice><strong>{t('answering.hidden_title')}</strong><span>{t(hidden)}</span></Notice>}
          {found.data.rows.length === 0 ? <p className="quiet">{t('answering.tab_empty')}</p> : <Ranked {...props} found={found} />}
        </>
      )}
    </Answered>
  )
}
