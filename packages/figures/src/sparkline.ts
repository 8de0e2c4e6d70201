import { runsOf } from './line-series.ts'
import { isValue } from './scale/linear.ts'
import { el, frame, pathOf, type FigureFrame, type SvgNode } from './svg/node.ts'

export interface SparklineInput extends FigureFrame {
  readonly height?: number | undefined
  readonly points: readonly { readonly at_ms: number, readonly value: number | null }[]
}

/** A line the size of a word, from zero to its own maximum; holes stay holes, the last value has a dot. */
export function sparkline(input: SparklineInput): SvgNode {
  const [width, height] = [Math.max(20, input.width), Math.max(10, input.height ?? 24)]
  const points = input.points.slice(0, 500)
  const [first, last] = [points[0]?.at_ms ?? 0, points.at(-1)?.at_ms ?? 1]
  // To its own maximum and not to a round number above it: there is no axis to read, and little height.
  const max = points.reduce((most, { value }) => (isValue(value) ? Math.max(most, value) : most), 0)
  const y = (value: number) => height - 3 - (max > 0 ? Math.max(0, value) / max : 0) * (height - 6)
  const x = (at_ms: number) => 3 + (Math.min(1, Math.max(0, (at_ms - first) / Math.max(1, last - first)))) * (width - 6)
  const runs = runsOf(points, ({ value }) => isValue(value)).map((run) => run.map(({ at_ms, value }) => [x(at_ms), y(value!)] as const))
  const end = runs.at(-1)?.at(-1)
  return frame(input, width, height, [
    ...runs.map((run) => (run.length > 1 ? el('path', { class: 'line s1', d: pathOf(run) }) : el('circle', { class: 'f1', cx: run[0]![0], cy: run[0]![1], r: 1 }))),
    end ? el('circle', { class: 'f1', cx: end[0], cy: end[1], r: 2 }) : undefined,
  ])
}
