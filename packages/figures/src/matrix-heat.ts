import { classLegend } from './marks/class-legend.ts'
import { hatchOf } from './marks/shapes.ts'
import { classBounds, shadeOf } from './scale/classes.ts'
import { isValue } from './scale/linear.ts'
import { sizes } from './style/rules.ts'
import { el, frame, text, type FigureFrame, type SvgNode } from './svg/node.ts'
import { fitText, textWidth } from './text-width.ts'

export interface MatrixInput extends FigureFrame {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** By row, then column; null: suppressed or not watched, drawn as hatching; 0 stays empty. */
  readonly values: readonly (readonly (number | null)[])[]
  /** What is shown on pointing at a cell. */
  readonly cellText: (row: number, column: number, value: number | null) => string
  readonly rowHref?: ((row: number) => string) | undefined
  readonly columnHref?: ((column: number) => string) | undefined
  readonly format: (value: number) => string
  readonly texts: { readonly unit: string, readonly hatched: string }
}

export const MATRIX_CELLS_MAX = 10_000
const ROW = 22

const linked = (href: string | undefined, node: SvgNode): SvgNode => (href === undefined ? node : el('a', { href }, [node]))

/** Sensors against ports (or anything against anything): five shades over all cells, labels at the left and above. */
export function matrixHeat(input: MatrixInput): SvgNode {
  const columns = input.columns.slice(0, 100)
  const rows = input.rows.slice(0, Math.max(1, Math.floor(MATRIX_CELLS_MAX / Math.max(1, columns.length))))
  const width = Math.max(220, input.width)
  const left = Math.min(width * 0.34, Math.max(0, ...rows.map((row) => textWidth(row, sizes.label))) + 10)
  const cell = Math.max(6, Math.min(64, (width - left) / Math.max(1, columns.length)))
  const flat = columns.every((column) => textWidth(column, sizes.small) <= cell - 4)
  const head = flat ? 20 : Math.min(110, Math.max(0, ...columns.map((column) => textWidth(column, sizes.small))) + 10)
  const at = (row: number, column: number): number | null => {
    const value = input.values[row]?.[column]
    return isValue(value) ? value : null
  }
  const all = rows.flatMap((_, r) => columns.map((_, c) => at(r, c)))
  const bounds = classBounds(all.filter(isValue))
  const hatched = all.includes(null)
  const top = head + rows.length * ROW + 10
  const total = Math.max(width, left + cell * columns.length)
  const legend = classLegend({ id: input.id, bounds, format: input.format, unit: input.texts.unit, hatched: hatched ? input.texts.hatched : undefined }, width, top)
  const cellOf = (r: number, c: number): SvgNode => {
    const value = at(r, c)
    const shade = value === null ? 0 : shadeOf(value, bounds)
    return el('rect', {
      class: value === null ? 'hatched' : shade > 0 ? `h${shade}` : 'empty', x: left + c * cell + 0.5, y: head + r * ROW + 0.5,
      width: Math.max(1, cell - 1), height: ROW - 1, fill: value === null ? `url(#${input.id}-hatch)` : undefined,
    }, [el('title', {}, [input.cellText(r, c, value)])])
  }
  const columnLabel = (c: number): SvgNode => {
    const x = left + (c + 0.5) * cell
    const label = fitText(columns[c]!, flat ? cell : head - 6, sizes.small)
    return flat ? text(x, head - 6, label, 'small', 'middle')
      : el('text', { class: 'small', transform: `translate(${Math.round(x) + 3} ${Math.round(head) - 5}) rotate(-90)` }, [label])
  }
  return frame(input, total, top + legend.height, [
    hatched ? hatchOf(input.id) : undefined,
    ...columns.map((_, c) => linked(input.columnHref?.(c), columnLabel(c))),
    ...rows.map((row, r) => linked(input.rowHref?.(r), text(left - 8, head + r * ROW + 15, fitText(row, left - 10, sizes.label), 'label', 'end'))),
    ...rows.flatMap((_, r) => columns.map((_, c) => cellOf(r, c))),
    ...legend.children,
  ], input.rowHref !== undefined || input.columnHref !== undefined)
}
