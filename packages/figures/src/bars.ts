import { hatchOf } from './marks/shapes.ts'
import { isValue, linearScale } from './scale/linear.ts'
import { timeTicks } from './scale/time.ts'
import { sizes } from './style/rules.ts'
import { el, frame, pathOf, text, type FigureFrame, type SvgNode } from './svg/node.ts'
import { textWidth } from './text-width.ts'

export interface BarsInput extends FigureFrame {
  readonly height?: number | undefined
  readonly from_ms: number
  readonly to_ms: number
  readonly step_ms: number
  /** null: nobody watched, drawn as hatching over the whole height. */
  readonly points: readonly { readonly at_ms: number, readonly value: number | null }[]
  readonly locale: string
  readonly zone: string
  readonly format: (value: number) => string
  readonly texts: { readonly unit: string }
}

export const BARS_MAX = 1000

/** One bar for each step of time. */
export function bars(input: BarsInput): SvgNode {
  const [width, height] = [Math.max(160, input.width), Math.max(70, input.height ?? 120)]
  const points = input.points.slice(0, BARS_MAX).filter(({ at_ms }) => at_ms >= input.from_ms && at_ms < input.to_ms)
  // The unit stands above the topmost tick's number, which is centred on its line.
  const [top, bottom] = [28, height - 22]
  const scale = linearScale(points.flatMap(({ value }) => (isValue(value) ? [value] : [])), bottom, top, 2)
  const left = Math.min(width * 0.3, Math.max(...scale.ticks.map((tick) => textWidth(input.format(tick), sizes.small))) + 8)
  const span = Math.max(1, input.to_ms - input.from_ms)
  const x = (at_ms: number) => left + ((at_ms - input.from_ms) / span) * (width - left)
  const wide = Math.max(0.5, Math.min(width - left, (input.step_ms / span) * (width - left) - 1))
  const bar = (at_ms: number, value: number | null): SvgNode => {
    const [from, length] = [x(at_ms), Math.max(0.5, Math.min(wide, width - x(at_ms)))]
    return isValue(value)
      ? el('rect', { class: 'bar', x: from, y: scale.of(value), width: length, height: bottom - scale.of(value) })
      : el('rect', { x: from, y: top, width: length, height: bottom - top, fill: `url(#${input.id}-hatch)` })
  }
  const labels = timeTicks(input.from_ms, input.to_ms, Math.max(2, (width - left) / 90), input.locale, input.zone)
    .filter(({ at_ms, label }) => x(at_ms) + textWidth(label, sizes.small) / 2 <= width)
  return frame(input, width, height, [
    points.some(({ value }) => !isValue(value)) ? hatchOf(input.id) : undefined,
    text(0, 12, input.texts.unit, 'small'),
    ...scale.ticks.flatMap((tick) => [
      el('path', { class: 'grid', d: pathOf([[left, scale.of(tick)], [width, scale.of(tick)]]) }),
      text(left - 6, scale.of(tick) + 4, input.format(tick), 'small', 'end')]),
    ...points.map(({ at_ms, value }) => bar(at_ms, value)),
    el('path', { class: 'axis', d: pathOf([[left, bottom], [width, bottom]]) }),
    ...labels.map(({ at_ms, label }) => text(Math.max(textWidth(label, sizes.small) / 2, x(at_ms)), bottom + 15, label, 'small', 'middle')),
  ])
}
