import { captioned, figureCsvFile, figureJson, figureName, queryText, svgText, type FigureData, type SvgNode } from '@hirundo/figures'
import { Fragment, useState, type ReactNode } from 'react'
import { useFormat } from '../text/format.ts'
import { useText, type Text } from '../text/text.tsx'
import { Dialog } from './dialog.tsx'
import { download } from './download.ts'
import { Menu } from './menu.tsx'
import { Svg } from './svg.tsx'
import { Table } from './table.tsx'
import { useWidth } from './use-width.ts'

/** Width at which a figure leaves the page. */
const FILE_WIDTH = 900

interface FigureCardProps {
  readonly data: FigureData
  /** The figure for a width in pixels; called with `FILE_WIDTH` for the download. */
  readonly draw: (width: number) => SvgNode
  /** What must be read with it, below. The note on locations and `simulated` come by themselves. */
  readonly note?: ReactNode
  /** The same question on the command line. */
  readonly command?: string
  /** Instead of the drawn tree on the page, for figures that need a canvas, or buttons in their rows. */
  readonly children?: ReactNode
  /** What stands on the page is a table already. */
  readonly is_table?: boolean
}

/** A figure with everything that lets a reader judge, repeat and take it: title, notes, table, query, downloads. */
export function FigureCard({ data, draw, note, command, children, is_table = false }: FigureCardProps) {
  const t = useText()
  const format = useFormat()
  const [element, width] = useWidth<HTMLDivElement>(data.id)
  const [as_table, setTable] = useState(false)
  const [query_open, setQueryOpen] = useState(false)
  const period = `${format.instant(data.from)} – ${format.instant(data.to)}`
  const coverage = coverageText(data.coverage, t)
  const located = data.note === 'location-of-address-not-of-actor' ? t('ui.location_not_actor') : undefined
  const said = [data.simulated ? <span className="person">{t('ui.simulated')}</span> : undefined, coverage, located, note].filter((part) => part !== undefined && part !== null && part !== '')
  const svg = () => svgText(captioned(draw(FILE_WIDTH), {
    head: [data.title, period],
    foot: [data.simulated ? t('ui.simulated') : undefined, coverage, located, queryText(data)].filter((line) => line !== undefined),
  }))
  return (
    <figure className="figure-card" aria-label={data.title}>
      <div className="figure-head">
        <h2>{data.title}</h2>
        <Menu label={`${t('ui.figure_menu')}: ${data.title}`} face={<span aria-hidden="true">⋯</span>} entries={[
          { id: 'csv', label: t('ui.figure_csv'), onAction: () => download(`${figureName(data)}.csv`, 'text/csv', figureCsvFile(data)) },
          { id: 'json', label: t('ui.figure_json'), onAction: () => download(`${figureName(data)}.json`, 'application/json', figureJson(data)) },
          { id: 'svg', label: t('ui.figure_svg'), onAction: () => download(`${figureName(data)}.svg`, 'image/svg+xml', svg()) },
          { id: 'query', label: t('ui.figure_query'), onAction: () => setQueryOpen(true) },
          ...(is_table ? [] : [{ id: 'table', label: t(as_table ? 'ui.figure_picture' : 'ui.figure_table'), onAction: () => setTable(!as_table) }]),
        ]} />
      </div>
      <div ref={element} data-value aria-busy={width === 0 || undefined}>
        {as_table ? <FigureTable data={data} /> : (children ?? (width > 0 && <Svg node={draw(width)} />))}
      </div>
      <figcaption className="figure-note">
        {said.map((part, i) => <Fragment key={i}>{i > 0 && ' · '}{part}</Fragment>)}
      </figcaption>
      <Dialog title={t('ui.query_title')} isOpen={query_open} onClose={() => setQueryOpen(false)}>
        <h3>{t('ui.query_api')}</h3>
        <pre className="code" data-value>{queryText(data)}</pre>
        {command !== undefined && <><h3>{t('ui.query_cli')}</h3><pre className="code" data-value>{command}</pre></>}
      </Dialog>
    </figure>
  )
}

function coverageText(coverage: FigureData['coverage'], t: Text): string | undefined {
  if (coverage === null) return undefined
  const total = coverage.sensors_total
  return 'sensors_heard' in coverage ? t('answering.coverage', { heard: coverage.sensors_heard, total }) : t('ui.coverage', { live: coverage.sensors_live, total })
}

function cellText(value: FigureData['rows'][number][string] | undefined, number: (value: number) => string, t: Text): string {
  if (typeof value === 'boolean') return t(value ? 'ui.yes' : 'ui.no')
  return value === null || value === undefined ? '—' : typeof value === 'number' ? number(value) : value
}

function FigureTable({ data }: { readonly data: FigureData }) {
  const t = useText()
  const format = useFormat()
  const rows = data.rows.map((row, i) => ({ ...row, row_number: i }))
  return (
    <Table caption={data.title} caption_hidden rows={rows} row_key={(row) => String(row.row_number)}
      columns={data.columns.map(({ key, label }, i) => ({
        id: key, head: label, row_head: i === 0, number: rows.some((row) => typeof (row as FigureData['rows'][number])[key] === 'number'),
        cell: (row) => cellText((row as FigureData['rows'][number])[key], format.number, t),
      }))} />
  )
}
