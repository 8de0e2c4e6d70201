import { type LineLayout, type LineOf, type LinePoint, type LineSeriesInput, lineLayout, POINTS_MAX, SERIES_MAX } from './line-model.ts'
import { axes } from './marks/axes.ts'
import { placeLabels } from './marks/place-labels.ts'
import { seriesMark } from './marks/shapes.ts'
import { isValue } from './scale/linear.ts'
import { dashes, sizes } from './style/rules.ts'
import { el, frame, pathOf, text, type SvgChild, type SvgNode } from './svg/node.ts'
import { fitText, textWidth } from './text-width.ts'

type Place = readonly [number, number]

/** Runs of points between holes: what may be joined by a line. */
export function runsOf<P extends { readonly at_ms: number }>(points: readonly P[], has: (point: P) => boolean, step_ms?: number): P[][] {
  const runs: P[][] = []
  let last: P | undefined
  for (const point of points) {
    if (!has(point)) { last = undefined; continue }
    const joined = last !== undefined && point.at_ms > last.at_ms && (step_ms === undefined || point.at_ms - last.at_ms <= step_ms * 1.5)
    if (joined) runs.at(-1)!.push(point)
    else runs.push([point])
    last = point
  }
  return runs
}

const pointsOf = (one: LineOf, input: LineSeriesInput): readonly LinePoint[] =>
  one.points.slice(0, POINTS_MAX).filter(({ at_ms }) => at_ms >= input.from_ms && at_ms <= input.to_ms)

function band(one: LineOf, index: number, input: LineSeriesInput, layout: LineLayout): SvgNode[] {
  const has = ({ low, high }: LinePoint) => isValue(low) && isValue(high)
  return runsOf(pointsOf(one, input), has, input.step_ms).filter((run) => run.length > 1).map((run) => {
    const upper = run.map(({ at_ms, high }): Place => [layout.x(at_ms), layout.y(high!)])
    const lower = run.map(({ at_ms, low }): Place => [layout.x(at_ms), layout.y(low!)])
    return el('path', { class: `band f${index + 1}`, d: `${pathOf([...upper, ...lower.toReversed()])}Z` })
  })
}

/** Marks about every 110 pixels and on points that stand alone between holes, where a line would be invisible. */
function marksOf(run: readonly Place[], index: number, many: boolean): SvgNode[] {
  if (run.length === 1) return [seriesMark(index, run[0]![0], run[0]![1], 2.5)]
  if (!many) return []
  let last = -Infinity
  return run.filter(([x], i) => {
    if (x - last < 110 && i !== run.length - 1) return false
    last = x
    return true
  }).map(([x, y]) => seriesMark(index, x, y))
}

function line(one: LineOf, index: number, input: LineSeriesInput, layout: LineLayout): SvgNode {
  const runs = runsOf(pointsOf(one, input), ({ value }) => isValue(value), input.step_ms)
    .map((run) => run.map(({ at_ms, value }): Place => [layout.x(at_ms), layout.y(value!)]))
  return el('g', { 'data-key': one.key }, [
    ...band(one, index, input, layout),
    ...runs.filter((run) => run.length > 1).map((run) =>
      el('path', { class: `line s${index + 1}`, d: pathOf(run), 'stroke-dasharray': dashes[index] })),
    ...runs.flatMap((run) => marksOf(run, index, input.series.length > 1)),
  ])
}

function directLabels(input: LineSeriesInput, layout: LineLayout): SvgChild[] {
  const ends = input.series.slice(0, SERIES_MAX).map((one) => {
    const last = pointsOf(one, input).findLast(({ value }) => isValue(value))
    return { x: last ? layout.x(last.at_ms) : layout.plot.right, y: last ? layout.y(last.value!) : layout.plot.bottom, known: last !== undefined }
  })
  const heights = placeLabels(ends.map(({ y }) => y), 15, layout.plot.top + 4, layout.plot.bottom)
  return input.series.slice(0, SERIES_MAX).flatMap((one, i) => [
    el('path', { class: 'lead', d: pathOf([[ends[i]!.x, ends[i]!.y], [layout.plot.right + 5, heights[i]!]]) }),
    seriesMark(i, layout.plot.right + 9, heights[i]!, 3),
    text(layout.plot.right + 17, heights[i]! + 4, fitText(one.label, layout.label_width, sizes.label), `label f${i + 1}`),
  ])
}

function legend(input: LineSeriesInput, layout: LineLayout): SvgChild[] {
  let [x, y] = [0, 30]
  return input.series.slice(0, SERIES_MAX).flatMap((one, i) => {
    const label = fitText(one.label, layout.width - 40, sizes.label)
    const wide = Math.min(layout.width, textWidth(label, sizes.label) + 40)
    if (x > 0 && x + wide > layout.width) [x, y] = [0, y + 18]
    const at = x
    x += wide
    return [
      el('path', { class: `line s${i + 1}`, d: pathOf([[at, y], [at + 18, y]]), 'stroke-dasharray': dashes[i] }),
      seriesMark(i, at + 9, y, 3), text(at + 23, y + 4, label, `label f${i + 1}`),
    ]
  })
}

/**
 * Up to six series over time. A null or missing value is a hole: no line crosses it and nothing is drawn at zero. Series
 * differ by colour, dashes and marks, and are named beside their ends (above the plot when it is narrow).
 */
export function lineSeries(input: LineSeriesInput): SvgNode {
  const layout = lineLayout(input)
  const named = input.series.length > 1 ? (layout.direct ? directLabels : legend)(input, layout) : []
  return frame(input, layout.width, layout.height, [
    ...axes(layout, input.texts.unit, 12),
    ...input.series.slice(0, SERIES_MAX).map((one, i) => line(one, i, input, layout)),
    ...named,
  ])
}
