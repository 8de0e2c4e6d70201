import { useState, type ReactNode } from 'react'
import { useText } from '../text/text.tsx'
import { Button } from './button.tsx'

export interface Column<R> {
  readonly id: string
  readonly head: string
  readonly cell: (row: R) => ReactNode
  readonly number?: boolean
  /** The column that names the row, for readers who hear it. */
  readonly row_head?: boolean
}

interface TableProps<R> {
  /** What the table shows; read aloud, and visible above it. */
  readonly caption: string
  readonly caption_hidden?: boolean
  readonly columns: readonly Column<R>[]
  readonly rows: readonly R[]
  readonly row_key: (row: R) => string
  /** More are shown on request: long lists stay fast. */
  readonly rows_shown_max?: number
  /** On a narrow screen each row becomes a card with the heads beside its values, instead of a table that scrolls sideways. */
  readonly cards?: boolean
}

export function Table<R>({ caption, caption_hidden = false, columns, rows, row_key, rows_shown_max = 100, cards = false }: TableProps<R>) {
  const t = useText()
  const [shown, setShown] = useState(rows_shown_max)
  return (
    <div className="stack">
      <div className="table-wrap" role="region" aria-label={caption} tabIndex={0}>
        <table className={cards ? 'table cards' : 'table'} role="table">
          <caption className={caption_hidden ? 'sr' : undefined}>{caption}</caption>
          <thead role="rowgroup"><tr role="row">{columns.map(({ id, head, number }) => <th key={id} scope="col" role="columnheader" className={number ? 'number' : undefined}>{head}</th>)}</tr></thead>
          <tbody role="rowgroup">
            {rows.slice(0, shown).map((row) => (
              <tr key={row_key(row)} role="row">
                {columns.map(({ id, head, cell, number, row_head }) => row_head
                  ? <th key={id} scope="row" role="rowheader">{cell(row)}</th>
                  : <td key={id} role="cell" data-head={head} className={number ? 'number' : undefined}><div>{cell(row)}</div></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && <div><Button onPress={() => setShown(shown + rows_shown_max)}>{t('ui.more')}</Button></div>}
    </div>
  )
}
