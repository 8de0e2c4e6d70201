import type { TopDimension } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import type { SearchParams } from '../../app/search-params.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { rowAddress } from '../figure/addresses.ts'
import { RankBefore } from '../figure/rank-before.tsx'
import { changeOf, type CompareRow } from './compare-rows.ts'

interface CompareTableProps {
  readonly dimension: TopDimension
  readonly rows: readonly CompareRow[]
  readonly search: SearchParams
  readonly caption: string
}

export const nameOf = ({ key, service, as_name }: Pick<CompareRow, 'key' | 'service' | 'as_name'>): { readonly label: string; readonly detail: string | undefined } =>
  ({ label: key, detail: (service ?? as_name) || undefined })

function Name({ row, dimension, search }: { readonly row: CompareRow; readonly dimension: TopDimension; readonly search: SearchParams }) {
  const t = useText()
  const { label, detail } = nameOf(row)
  const href = rowAddress(dimension, row.key, search)
  if (href === undefined) return <>{t('ui.unknown')}</>
  return <><Link to={href as never} data-value>{label}</Link>{detail !== undefined && <span className="quiet" data-value> {detail}</span>}</>
}

function ChangeCell({ row }: { readonly row: CompareRow }) {
  const t = useText()
  const format = useFormat()
  const change = changeOf(row)
  const name = t(`compare.change_${change}`)
  return row.ratio === null ? <span className={change === 'came' ? undefined : 'quiet'}>{name}</span>
    : <span><strong data-value>{format.ratio(row.ratio)}</strong> <span className="quiet">{name}</span></span>
}

/** Both periods side by side: means per live sensor, their ratio, ranks. */
export function CompareTable({ dimension, rows, search, caption }: CompareTableProps) {
  const t = useText()
  const format = useFormat()
  const column = format.column(rows.flatMap((row) => [row.packets_per_sensor, row.base_packets_per_sensor]))
  const mean = (value: number | null) => <span data-value>{value === null ? '—' : column(value)}</span>
  const columns: readonly Column<CompareRow>[] = [
    { id: 'name', head: t(`compare.head_${dimension}`), row_head: true, cell: (row) => <Name row={row} dimension={dimension} search={search} /> },
    { id: 'ratio', head: t('compare.ratio'), cell: (row) => <ChangeCell row={row} /> },
    { id: 'rank', head: t('ui.rank'), number: true, cell: ({ rank }) => <span data-value>{rank ?? '—'}</span> },
    { id: 'moved', head: t('ui.previous_rank'), cell: ({ rank, base_rank }) => <RankBefore rank={rank} before={base_rank} /> },
    { id: 'now', head: t('compare.mean_now'), number: true, cell: (row) => mean(row.packets_per_sensor) },
    { id: 'before', head: t('compare.mean_before'), number: true, cell: (row) => mean(row.base_packets_per_sensor) },
    { id: 'sources', head: t('compare.sources_now'), number: true, cell: ({ sources }) => <span data-value>{sources === null ? '—' : format.number(sources)}</span> },
  ]
  return <Table caption={caption} caption_hidden columns={columns} rows={rows} row_key={({ key }) => key} />
}
