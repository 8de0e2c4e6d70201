import { rowAt } from './marks/shapes.ts'
import { isValue } from './scale/linear.ts'
import { sizes } from './style/rules.ts'
import { el, frame, pathOf, text, type FigureFrame, type SvgNode } from './svg/node.ts'
import { fitText, textWidth } from './text-width.ts'

export interface ThresholdRow {
  readonly key: string
  readonly label: string
  readonly value: number
  readonly threshold: number
  readonly value_text: string
  /** Below the mark of the threshold: `from 25`, `below 0.98`. */
  readonly threshold_text: string
}
export interface ThresholdBarsInput extends FigureFrame { readonly rows: readonly ThresholdRow[] }

export const THRESHOLD_ROWS_MAX = 20
const ROW = 54

/** Each row has a scale of its own, from zero to the larger of value and threshold: unlike figures stand below each other. */
function rowOf(row: ThresholdRow, i: number, width: number): SvgNode {
  const [value, threshold] = [row.value, row.threshold].map((one) => (isValue(one) ? Math.max(0, one) : 0)) as [number, number]
  const most = Math.max(value, threshold)
  const x = (of: number) => (most > 0 ? (of / most) * (width - 2) : 0)
  const [bar, mark] = [Math.max(1, x(value)), x(threshold)]
  const [from, to] = [Math.min(bar, mark), Math.max(bar, mark)]
  const room = Math.max(20, width - textWidth(row.value_text, sizes.label) - 12)
  const threshold_text = fitText(row.threshold_text, width, sizes.small)
  const label_wide = Math.min(width, textWidth(threshold_text, sizes.small))
  return rowAt(i * ROW, row, [
    text(0, 14, fitText(row.label, room, sizes.label), 'label'),
    text(width, 14, row.value_text, 'value', 'end'),
    el('rect', { class: 'empty', x: 0, y: 20, width, height: 10 }),
    el('rect', { class: 'bar', x: 0, y: 20, width: from, height: 10 }),
    // What lies between them is why: beyond the threshold, or short of it.
    value >= threshold ? el('rect', { class: 'hot', x: from, y: 20, width: to - from, height: 10 }) : el('rect', { class: 'event', x: from, y: 20, width: to - from, height: 10 }),
    el('path', { class: 'moment', d: pathOf([[Math.max(1, mark), 17], [Math.max(1, mark), 33]]) }),
    text(Math.min(width - label_wide / 2, Math.max(label_wide / 2, mark)), 45, threshold_text, 'small', 'middle'),
  ])
}

/** Why something was raised: each figure as a bar, with the threshold that it crossed as a mark. */
export function thresholdBars(input: ThresholdBarsInput): SvgNode {
  const width = Math.max(200, input.width)
  const rows = input.rows.slice(0, THRESHOLD_ROWS_MAX)
  return frame(input, width, rows.length * ROW + 2, rows.map((row, i) => rowOf(row, i, width)))
}
