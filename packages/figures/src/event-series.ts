import { axes } from './marks/axes.ts'
import { hatchOf } from './marks/shapes.ts'
import { isValue, linearScale } from './scale/linear.ts'
import { timeTicks } from './scale/time.ts'
import { sizes } from './style/rules.ts'
import { el, frame, pathOf, text, type FigureFrame, type SvgChild, type SvgNode } from './svg/node.ts'
import { textWidth } from './text-width.ts'

export interface EventPanel {
  readonly key: string
  /** What is counted, above the panel. */
  readonly unit: string
  /** null: nobody watched, hatched over the whole height. */
  readonly points: readonly { readonly at_ms: number, readonly value: number | null }[]
}
export interface EventSeriesInput extends FigureFrame {
  readonly from_ms: number
  readonly to_ms: number
  readonly step_ms: number
  /** Below each other, on one axis of time. */
  readonly panels: readonly EventPanel[]
  /** The window that is marked. */
  readonly event: { readonly from_ms: number, readonly to_ms: number, /** Beside its beginning. */ readonly label: string }
  readonly locale: string
  /** IANA zone of the axis; the caller says it beside the figure. */
  readonly zone: string
  readonly format: (value: number) => string
}

export const PANELS_MAX = 3
export const EVENT_POINTS_MAX = 2000
const PANEL = 132
const HEAD = 18
const GAP = 26
const FOOT = 24

interface Places { readonly width: number, readonly left: number, readonly right: number, readonly x: (at_ms: number) => number }

function panelOf(panel: EventPanel, top: number, input: EventSeriesInput, { width, left, right, x }: Places, last: boolean): SvgChild[] {
  const points = panel.points.slice(0, EVENT_POINTS_MAX).filter(({ at_ms }) => at_ms >= input.from_ms && at_ms < input.to_ms)
  const bottom = top + PANEL - GAP
  const scale = linearScale(points.flatMap(({ value }) => (isValue(value) ? [value] : [])), bottom, top, 2)
  const wide = Math.max(1, x(input.from_ms + input.step_ms) - left)
  const gap = wide >= 4 ? 1 : 0
  const bar = ({ at_ms, value }: EventPanel['points'][number]): SvgNode => {
    const length = Math.max(0.5, Math.min(wide - gap, right - x(at_ms)))
    const inside = at_ms + input.step_ms > input.event.from_ms && at_ms < input.event.to_ms
    return isValue(value)
      ? el('rect', { class: inside ? 'hot' : 'bar', x: x(at_ms), y: scale.of(value), width: length, height: bottom - scale.of(value) })
      : el('rect', { class: 'hole', x: x(at_ms), y: top, width: length, height: bottom - top, fill: `url(#${input.id}-hatch)` })
  }
  const ticks = last ? timeTicks(input.from_ms, input.to_ms, Math.max(2, (right - left) / 90), input.locale, input.zone) : []
  return [
    el('g', { 'data-key': panel.key }, points.map(bar)),
    ...axes({
      width, plot: { left, right, top, bottom }, xTicks: ticks.map((tick) => ({ ...tick, x: x(tick.at_ms) })),
      yTicks: scale.ticks.map((tick) => ({ y: scale.of(tick), label: input.format(tick) })),
    }, panel.unit, top - 10),
  ]
}

/** The window over all panels, with the moment at which it begins; a moment outside of the figure is not drawn. */
function windowOf({ event, from_ms, to_ms }: EventSeriesInput, { x, width }: Places, bottom: number): SvgChild[] {
  const [begin, end] = [Math.max(event.from_ms, from_ms), Math.min(event.to_ms, to_ms)]
  if (begin > to_ms || end < from_ms) return []
  const wide = textWidth(event.label, sizes.small)
  const at = x(begin)
  const right_of = at + 4 + wide <= width
  return [
    el('rect', { class: 'event', x: at, y: HEAD, width: Math.max(2, x(end) - at), height: bottom - HEAD }),
    ...(event.from_ms < from_ms ? [] : [
      el('path', { class: 'moment', d: pathOf([[at, HEAD - 6], [at, bottom]]) }),
      text(right_of ? at + 4 : Math.max(wide, at - 4), HEAD - 4, event.label, 'small warn', right_of ? 'start' : 'end'),
    ]),
  ]
}

/**
 * What happened around an event: up to three counts over time below each other, bars inside the event's window marked,
 * its beginning as a line through all of them. Steps that nobody watched are hatched.
 */
export function eventSeries(input: EventSeriesInput): SvgNode {
  const width = Math.max(160, input.width)
  const panels = input.panels.slice(0, PANELS_MAX)
  const widest = panels.flatMap(({ points }) => linearScale(points.flatMap(({ value }) => (isValue(value) ? [value] : [])), 1, 0, 2).ticks)
    .reduce((most, tick) => Math.max(most, textWidth(input.format(tick), sizes.small)), 0)
  const left = Math.min(width * 0.3, widest + 8)
  const right = width - 4
  const span = Math.max(1, input.to_ms - input.from_ms)
  const x = (at_ms: number) => left + Math.min(1, Math.max(0, (at_ms - input.from_ms) / span)) * (right - left)
  const places = { width, left, right, x }
  const top = (i: number) => HEAD + GAP - 4 + i * PANEL
  const bottom = Math.max(HEAD, top(panels.length - 1) + PANEL - GAP)
  return frame(input, width, bottom + FOOT, [
    panels.some(({ points }) => points.some(({ value }) => !isValue(value))) ? hatchOf(input.id) : undefined,
    ...windowOf(input, places, bottom),
    ...panels.flatMap((panel, i) => panelOf(panel, top(i), input, places, i === panels.length - 1)),
  ])
}
