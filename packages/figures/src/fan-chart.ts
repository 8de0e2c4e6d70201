import { runsOf } from './line-series.ts'
import { axes } from './marks/axes.ts'
import { placeLabels } from './marks/place-labels.ts'
import { isValue, linearScale } from './scale/linear.ts'
import { timeTicks } from './scale/time.ts'
import { sizes } from './style/rules.ts'
import { el, frame, pathOf, text, type FigureFrame, type SvgChild, type SvgNode } from './svg/node.ts'
import { textWidth } from './text-width.ts'

/** What is expected of one step: the middle, and intervals that hold the value with 50, 80 and 95 %. */
export interface FanPoint {
  readonly at_ms: number
  readonly mean: number
  readonly low_50: number
  readonly high_50: number
  readonly low_80: number
  readonly high_80: number
  readonly low_95: number
  readonly high_95: number
}
export interface FanChartInput extends FigureFrame {
  readonly height?: number | undefined
  readonly step_ms: number
  /** In the order of time; null: nobody watched. */
  readonly history: readonly { readonly at_ms: number, readonly value: number | null }[]
  readonly fan: readonly FanPoint[]
  readonly locale: string
  readonly zone: string
  readonly format: (value: number) => string
  readonly texts: {
    readonly unit: string
    /** Where the history ends. */
    readonly now: string
    /** Beside the ends of the intervals. */
    readonly levels: readonly [fifty: string, eighty: string, ninety_five: string]
  }
}

export const FAN_POINTS_MAX = 1000
const bands = [['low_95', 'high_95'], ['low_80', 'high_80'], ['low_50', 'high_50']] as const

const inOrder = <P extends { readonly at_ms: number }>(points: readonly P[]): P[] => points.slice(-FAN_POINTS_MAX).filter(({ at_ms }) => isValue(at_ms)).toSorted((a, b) => a.at_ms - b.at_ms)
const isDrawn = (point: FanPoint): boolean => isValue(point.mean) && bands.every(([low, high]) => isValue(point[low]) && isValue(point[high]))

interface Places { readonly left: number, readonly right: number, readonly top: number, readonly bottom: number, readonly x: (at_ms: number) => number, readonly y: (value: number) => number }

function fanOf(fan: readonly FanPoint[], { x, y }: Places): SvgNode[] {
  if (fan.length < 2) return []
  return bands.map(([low, high]) => el('path', {
    class: 'fan', d: `${pathOf([...fan.map((point) => [x(point.at_ms), y(point[high])] as const), ...fan.toReversed().map((point) => [x(point.at_ms), y(point[low])] as const)])}Z`,
  })).concat(el('path', { class: 'line s1', 'stroke-dasharray': '5 3', d: pathOf(fan.map(({ at_ms, mean }) => [x(at_ms), y(mean)])) }))
}

/** The share of each interval beside its upper edge, where it ends. */
function levelsOf(last: FanPoint | undefined, { right, y, top, bottom }: Places, levels: FanChartInput['texts']['levels']): SvgChild[] {
  if (!last) return []
  const heights = placeLabels(bands.map(([, high]) => y(last[high])), 13, top, bottom)
  return bands.map((_, i) => text(right + 6, heights[i]! + 4, levels[2 - i]!, 'small'))
}

function placesOf(input: FanChartInput, history: FanChartInput['history'], fan: readonly FanPoint[]): Places & { readonly width: number, readonly height: number, readonly ticks: readonly number[] } {
  const width = Math.max(200, input.width)
  const height = Math.max(140, input.height ?? Math.min(320, Math.max(200, width * 0.36)))
  const [top, bottom] = [30, height - 26]
  const scale = linearScale([...history.flatMap(({ value }) => (isValue(value) ? [value] : [])), ...fan.map(({ high_95 }) => high_95)], bottom, top, 4)
  const left = Math.min(width * 0.3, Math.max(...scale.ticks.map((tick) => textWidth(input.format(tick), sizes.small))) + 8)
  const labels = fan.length > 0 ? Math.max(...input.texts.levels.map((level) => textWidth(level, sizes.small))) + 8 : 4
  const right = Math.max(left + 60, width - labels)
  const times = [...history, ...fan].map(({ at_ms }) => at_ms)
  const [first, last] = [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), -Infinity)]
  const span = Math.max(1, last - first)
  const x = (at_ms: number) => (times.length === 0 ? left : left + Math.min(1, Math.max(0, (at_ms - first) / span)) * (right - left))
  return { width, height, left, right, top, bottom, x, y: scale.of, ticks: scale.ticks }
}

/**
 * What was, as a line with holes, and what is expected, as a fan of three intervals around its dashed middle. A fan point
 * with a number missing is left out.
 */
export function fanChart(input: FanChartInput): SvgNode {
  const [history, fan] = [inOrder(input.history), inOrder(input.fan).filter(isDrawn)]
  const places = placesOf(input, history, fan)
  const { width, height, left, right, top, bottom, x, y, ticks } = places
  const times = [...history, ...fan].map(({ at_ms }) => at_ms)
  const runs = runsOf(history, ({ value }) => isValue(value), input.step_ms).map((run) => run.map(({ at_ms, value }) => [x(at_ms), y(value!)] as const))
  const now = fan[0] ? x(fan[0].at_ms) : undefined
  const wide = textWidth(input.texts.now, sizes.small)
  return frame(input, width, height, [
    ...axes({
      width, plot: { left, right, top, bottom }, yTicks: ticks.map((tick) => ({ y: y(tick), label: input.format(tick) })),
      xTicks: times.length === 0 ? [] : timeTicks(Math.min(...times), Math.max(...times), Math.max(2, (right - left) / 90), input.locale, input.zone).map((tick) => ({ ...tick, x: x(tick.at_ms) })),
    }, input.texts.unit, 12),
    ...fanOf(fan, places),
    ...runs.map((run) => (run.length > 1 ? el('path', { class: 'line s1', d: pathOf(run) }) : el('circle', { class: 'f1', cx: run[0]![0], cy: run[0]![1], r: 1.5 }))),
    ...(now === undefined ? [] : [
      el('path', { class: 'axis', 'stroke-dasharray': '2 3', d: pathOf([[now, top - 8], [now, bottom]]) }),
      text(Math.min(width - wide / 2, Math.max(wide / 2, now)), top - 12, input.texts.now, 'small', 'middle'),
    ]),
    ...levelsOf(fan.at(-1), places, input.texts.levels),
  ])
}
