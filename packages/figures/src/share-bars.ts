import { isValue } from './scale/linear.ts'
import { hatchOf, rowAt } from './marks/shapes.ts'
import { sizes } from './style/rules.ts'
import { el, frame, text, type FigureFrame, type SvgNode } from './svg/node.ts'
import { fitText, textWidth } from './text-width.ts'

export interface ShareRow {
  readonly key: string
  readonly label: string
  /** null: suppressed or unknown, drawn as hatching. */
  readonly value: number | null
  readonly value_text: string
}
export interface ShareBarsInput extends FigureFrame {
  readonly rows: readonly ShareRow[]
  /** What a full bar stands for; without: the largest value. */
  readonly whole?: number | undefined
}

export const SHARE_ROWS_MAX = 50
const ROW = 24

/** Parts of a whole, or values of a few named things in their own order: label, bar from zero, value. */
export function shareBars(input: ShareBarsInput): SvgNode {
  const width = Math.max(200, input.width)
  const rows = input.rows.slice(0, SHARE_ROWS_MAX)
  const widest = (texts: readonly string[]) => texts.reduce((most, one) => Math.max(most, textWidth(one, sizes.label)), 0)
  const left = Math.min(width * 0.45, widest(rows.map(({ label }) => label)) + 12)
  const right = Math.max(left + 20, width - widest(rows.map(({ value_text }) => value_text)) - 12)
  const most = rows.reduce((max, { value }) => Math.max(max, isValue(value) ? value : 0), 0)
  const whole = isValue(input.whole) && input.whole > 0 ? input.whole : most
  const length = (value: number): number => (whole > 0 && value > 0 ? Math.max(1, Math.min(1, value / whole) * (right - left)) : 0)
  return frame(input, width, rows.length * ROW + 4, [
    rows.some(({ value }) => !isValue(value)) ? hatchOf(input.id) : undefined,
    ...rows.map(({ key, label, value, value_text }, i) => rowAt(i * ROW, { key }, [
      text(0, 16, fitText(label, left - 8, sizes.label), 'label'),
      el('rect', { class: 'empty', x: left, y: 6, width: right - left, height: 12 }),
      isValue(value)
        ? el('rect', { class: 'bar', x: left, y: 6, width: length(value), height: 12 })
        : el('rect', { class: 'hatched', x: left, y: 6, width: right - left, height: 12, fill: `url(#${input.id}-hatch)` }),
      text(width, 16, value_text, 'value', 'end'),
    ])),
  ])
}
