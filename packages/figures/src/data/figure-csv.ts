import { queryText, type Cell, type FigureColumn, type FigureData } from './figure-data.ts'

/**
 * A cell by RFC 4180. Text that a spreadsheet would run as a formula, in Asian locales also by its full-width signs, gets a
 * leading apostrophe (OWASP, CSV injection);
 * numbers keep their sign, since a number runs nothing.
 */
function cell(value: Cell | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return typeof value === 'number' && !Number.isFinite(value) ? '' : String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows with a header of the columns' keys, lines ended by CR LF (RFC 4180). Holes are empty cells, never zeros. */
export const figureCsv = (rows: readonly Readonly<Record<string, Cell>>[], columns: readonly FigureColumn[]): string =>
  [columns.map(({ key }) => cell(key)), ...rows.map((row) => columns.map(({ key }) => cell(row[key])))]
    .map((line) => `${line.join(',')}\r\n`).join('')

/**
 * A figure as a file of CSV. The format has no place for a header of its own, so what a reader must not lose when the
 * rows are copied on stands in columns at the end: the period, the query, and `simulated` and `note` when they apply.
 */
export function figureCsvFile(data: FigureData): string {
  const marks: Record<string, Cell> = {
    period_from: data.from, period_to: data.to, query: queryText(data).replaceAll('\n', '; '),
    ...(data.simulated ? { simulated: true } : {}), ...(data.note === null ? {} : { note: data.note }),
  }
  return figureCsv(
    data.rows.map((row) => ({ ...row, ...marks })),
    [...data.columns, ...Object.keys(marks).map((key) => ({ key, label: key }))],
  )
}
