import type { LineLayout } from '../line-model.ts'
import { sizes } from '../style/rules.ts'
import { el, pathOf, text, type SvgChild } from '../svg/node.ts'
import { textWidth } from '../text-width.ts'

/** Grid and numbers of the values, the line below with its times; a time that would run into the one before is left out. */
export function axes({ plot: { left, right, top, bottom }, width, xTicks, yTicks }: Pick<LineLayout, 'plot' | 'width' | 'xTicks' | 'yTicks'>, unit: string, unit_y = top - 16): SvgChild[] {
  const placed: SvgChild[] = []
  let free = -Infinity
  for (const tick of xTicks) {
    placed.push(el('path', { class: 'axis', d: pathOf([[tick.x, bottom], [tick.x, bottom + 4]]) }))
    const wide = textWidth(tick.label, sizes.small)
    const middle = Math.min(width - wide / 2, Math.max(wide / 2, tick.x))
    if (middle - wide / 2 < free) continue
    free = middle + wide / 2 + 8
    placed.push(text(middle, bottom + 17, tick.label, 'small', 'middle'))
  }
  return [
    ...yTicks.flatMap(({ y, label }) => [
      el('path', { class: 'grid', d: pathOf([[left, y], [right, y]]) }), text(left - 6, y + 4, label, 'small', 'end')]),
    el('path', { class: 'axis', d: pathOf([[left, bottom], [right, bottom]]) }),
    text(0, unit_y, unit, 'small'),
    ...placed,
  ]
}
