import { isValue } from './scale/linear.ts'
import { hatchOf, rowAt } from './marks/shapes.ts'
import { sizes } from './style/rules.ts'
import { el, frame, text, type FigureFrame, type SvgChild, type SvgNode } from './svg/node.ts'
import { fitText, textWidth } from './text-width.ts'

export interface RankRow {
  readonly key: string
  /** Absent in a list that is no ranking. */
  readonly rank?: number | undefined
  /** Rank in the period before; null: was not among the first then; undefined: nothing is known of that period. */
  readonly previous_rank?: number | null | undefined
  readonly label: string
  /** Second line or addition to the label, in grey: a service name, the name of a network. */
  readonly detail?: string | undefined
  /** Length of the bar; null: suppressed or unknown, drawn as hatching. */
  readonly value: number | null
  readonly value_text: string
  /** Second figure, as packets per sensor; left out in narrow figures. */
  readonly second_text?: string | undefined
  /** Third figure, as sources; in wide figures only. */
  readonly third_text?: string | undefined
  /** Where a click leads; the row becomes a link. */
  readonly href?: string | undefined
}
export interface RankBarsInput extends FigureFrame {
  readonly rows: readonly RankRow[]
  readonly texts: {
    readonly value: string
    readonly second?: string | undefined
    readonly third?: string | undefined
    /** Beside a row that was not among the first before. */
    readonly new: string
    /** As `was 4`. */
    readonly previous: (rank: number) => string
  }
}

export const RANK_ROWS_MAX = 200
const ROW = 26
const HEAD = 22
/** From this width on there is room for a third figure. */
const WIDE = 640

interface Columns { readonly rank: number, readonly change: number, readonly label: number, readonly labelWidth: number, readonly bar: number, readonly barWidth: number, readonly value: number, readonly second?: number, readonly third?: number }

const widest = (texts: readonly string[], size: number): number => texts.reduce((most, one) => Math.max(most, textWidth(one, size)), 0)

function columnsOf(input: RankBarsInput, rows: readonly RankRow[], width: number): Columns {
  const rankWidth = rows.some(({ rank }) => rank !== undefined) ? widest(rows.map(({ rank }) => String(rank ?? '')), sizes.label) + 4 : 0
  const narrow = width < 480
  const changes = rows.some(({ previous_rank }) => previous_rank !== undefined)
  const changeWidth = !changes ? 0 : 14 + (narrow ? 0 : widest(rows.map((row) => changeText(row, input)), sizes.small) + 4)
  const valueWidth = Math.max(widest(rows.map((row) => row.value_text), sizes.label), textWidth(input.texts.value, sizes.small)) + 8
  const column = (shown: boolean, head: string | undefined, texts: readonly (string | undefined)[]): number =>
    shown && head !== undefined && texts.some((one) => one !== undefined)
      ? Math.max(widest(texts.map((one) => one ?? ''), sizes.label), textWidth(head, sizes.small)) + 12 : 0
  const secondWidth = column(!narrow, input.texts.second, rows.map((row) => row.second_text))
  const thirdWidth = column(width >= WIDE, input.texts.third, rows.map((row) => row.third_text))
  const left = rankWidth + (rankWidth > 0 ? 10 : 0) + changeWidth + (changeWidth > 0 ? 6 : 0)
  const free = Math.max(60, width - left - valueWidth - secondWidth - thirdWidth)
  const labels = widest(rows.map((row) => row.label + (narrow || !row.detail ? '' : ` ${row.detail}`)), sizes.label) + 20
  const labelWidth = Math.min(labels, free * (narrow ? 0.72 : 0.6))
  return {
    rank: rankWidth, change: rankWidth + 6, label: left, labelWidth, bar: left + labelWidth, barWidth: Math.max(8, free - labelWidth - 8),
    value: width - thirdWidth - secondWidth, ...(secondWidth > 0 ? { second: width - thirdWidth } : {}), ...(thirdWidth > 0 ? { third: width } : {}),
  }
}

function changeText(row: RankRow, input: RankBarsInput): string {
  if (row.rank === undefined || row.previous_rank === undefined || row.previous_rank === row.rank) return ''
  return row.previous_rank === null ? input.texts.new : input.texts.previous(row.previous_rank)
}

/** An arrow for up, down or unchanged; the words beside it say from where. */
function change(row: RankRow, input: RankBarsInput, columns: Columns, narrow: boolean): SvgChild[] {
  const { previous_rank: before } = row
  if (before === undefined || row.rank === undefined) return []
  const x = columns.change
  const up = before === null || before > row.rank
  const shape = before === row.rank ? `M${x} 12.5h8v2h-8Z` : up ? `M${x} 17l4 -7l4 7Z` : `M${x} 10l4 7l4 -7Z`
  return [
    el('path', { class: up && before !== row.rank ? 'arrow up' : 'arrow', d: shape }),
    narrow ? el('title', {}, [changeText(row, input)]) : text(x + 13, 17, changeText(row, input), before === null ? 'small up' : 'small'),
  ]
}

function rowOf(row: RankRow, i: number, max: number, input: RankBarsInput, columns: Columns, width: number): SvgNode {
  const narrow = width < 480
  const value = isValue(row.value) ? Math.max(0, row.value) : null
  const label = fitText(row.label, columns.labelWidth - 6, sizes.label)
  const left = columns.labelWidth - 12 - textWidth(label, sizes.label)
  const detail = row.detail && !narrow && left > 20 ? fitText(row.detail, left, sizes.small) : undefined
  const inner = [
    el('rect', { class: 'hit', x: 0, y: 0, width, height: ROW }),
    row.rank === undefined ? undefined : text(columns.rank, 17, String(row.rank), 'rank', 'end'),
    ...change(row, input, columns, narrow),
    el('text', { x: columns.label, y: 17, class: 'label' }, [label, detail ? el('tspan', { class: 'detail', dx: 6 }, [detail]) : undefined]),
    value === null
      ? el('rect', { class: 'hatched', x: columns.bar, y: 7, width: columns.barWidth, height: 12, fill: `url(#${input.id}-hatch)` })
      : el('rect', { class: 'bar', x: columns.bar, y: 7, width: max > 0 ? Math.max(value > 0 ? 1 : 0, (value / max) * columns.barWidth) : 0, height: 12 }),
    text(columns.value, 17, row.value_text, 'value', 'end'),
    columns.second !== undefined && row.second_text !== undefined ? text(columns.second, 17, row.second_text, 'value', 'end') : undefined,
    columns.third !== undefined && row.third_text !== undefined ? text(columns.third, 17, row.third_text, 'value', 'end') : undefined,
  ]
  return rowAt(HEAD + i * ROW, row, inner)
}

/** Ranks with the rank before (an arrow and words), bars from zero, the value and, when wide enough, a second and a third figure. */
export function rankBars(input: RankBarsInput): SvgNode {
  const width = Math.max(220, input.width)
  const rows = input.rows.slice(0, RANK_ROWS_MAX)
  const columns = columnsOf(input, rows, width)
  const max = rows.reduce((most, row) => Math.max(most, isValue(row.value) ? row.value : 0), 0)
  return frame(input, width, HEAD + rows.length * ROW + 2, [
    rows.some((row) => row.value === null) ? hatchOf(input.id) : undefined,
    text(columns.value, 13, input.texts.value, 'small', 'end'),
    columns.second !== undefined ? text(columns.second, 13, input.texts.second ?? '', 'small', 'end') : undefined,
    columns.third !== undefined ? text(columns.third, 13, input.texts.third ?? '', 'small', 'end') : undefined,
    ...rows.map((row, i) => rowOf(row, i, max, input, columns, width)),
  ], rows.some((row) => row.href !== undefined))
}
