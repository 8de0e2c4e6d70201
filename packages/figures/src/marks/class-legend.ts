import { sizes } from '../style/rules.ts'
import { shadeOf } from '../scale/classes.ts'
import { el, text, type SvgChild } from '../svg/node.ts'
import { textWidth } from '../text-width.ts'

export interface ClassLegend {
  readonly id: string
  readonly bounds: readonly number[]
  readonly format: (value: number) => string
  /** Unit of the values, before the boxes. */
  readonly unit: string
  /** Word for hatching; absent when nothing is hatched. */
  readonly hatched?: string | undefined
}

/** Boxes with the upper bound of each class, wrapped to `width` from `top` on; gives the children and the height used. */
export function classLegend(legend: ClassLegend, width: number, top: number): { children: SvgChild[], height: number } {
  const boxes = [
    ...legend.bounds.map((bound) => ({ label: `≤ ${legend.format(bound)}`, shade: `h${shadeOf(bound, legend.bounds)}` })),
    ...(legend.hatched === undefined ? [] : [{ label: legend.hatched, shade: undefined }]),
  ]
  let [x, y] = [0, top]
  const children: SvgChild[] = []
  const advance = (wide: number) => {
    if (x > 0 && x + wide > width) [x, y] = [0, y + 20]
    const at = x
    x += wide
    return at
  }
  const first = advance(textWidth(legend.unit, sizes.small) + 12)
  children.push(text(first, y + 11, legend.unit, 'small'))
  for (const { label, shade } of boxes) {
    const at = advance(18 + textWidth(label, sizes.small) + 12)
    children.push(
      el('rect', { class: shade ?? 'hatched', x: at, y: y + 1, width: 14, height: 12, fill: shade ? undefined : `url(#${legend.id}-hatch)` }),
      text(at + 18, y + 11, label, 'small'),
    )
  }
  return { children, height: y - top + 20 }
}
