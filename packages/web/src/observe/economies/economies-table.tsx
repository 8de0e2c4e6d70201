import type { TopEntry } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { exploreAddress } from '../figure/addresses.ts'
import { RankBefore } from '../figure/rank-before.tsx'
import type { Asking } from '../question/question.ts'
import { isUnknown, measureName, UNKNOWN, valueOf, type Measure } from './measure.ts'

interface EconomiesTableProps {
  readonly asking: Asking
  readonly entries: readonly TopEntry[]
  readonly measure: Measure
  readonly watched_before: boolean | undefined
}

const ROWS_SHOWN = 20

/** The numbers beside the tiles; ranks are those by packets, as everywhere. */
export function EconomiesTable({ asking, entries, measure, watched_before }: EconomiesTableProps) {
  const t = useText()
  const format = useFormat()
  const whole = entries.reduce((sum, { packets }) => sum + packets, 0)
  const columns: readonly Column<TopEntry>[] = [
    { id: 'rank', head: t('ui.rank'), number: true, cell: ({ rank }) => <span data-value>{rank}</span> },
    { id: 'economy', head: t('ui.economy'), row_head: true, cell: ({ key }) => (isUnknown(key)
      ? <><span data-value>{UNKNOWN}</span> <span className="quiet">{t('economies.unknown')}</span></>
      : <Link to={exploreAddress('economy', [key], asking.search) as never} data-value>{key}</Link>) },
    { id: 'before', head: t('ui.previous_rank'), cell: ({ rank, previous_rank }) => <RankBefore rank={rank} before={watched_before ? previous_rank : undefined} /> },
    { id: 'value', head: t(measureName[measure]), number: true, cell: (entry) => {
      const value = valueOf(entry, measure)
      return <span data-value>{value === null ? '—' : format.number(Math.round(value))}</span>
    } },
    ...(measure === 'packets' ? [{ id: 'share', head: t('economies.share'), number: true, cell: ({ packets }: TopEntry) => <span data-value>{whole > 0 ? format.percent(packets / whole) : '—'}</span> }] : []),
  ]
  return <Table caption={t('economies.table')} caption_hidden columns={columns} rows={entries} row_key={({ key }) => key} rows_shown_max={ROWS_SHOWN} />
}
