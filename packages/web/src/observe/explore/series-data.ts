import type { FigureData } from '@hirundo/figures'
import type { LinePoint } from '@hirundo/figures'
import type { LongLine } from './long-plot.ts'
import type { Measure } from './explore-state.ts'
import { drawn, pyramidOf } from './pyramid.ts'
import type { SeriesAnswer } from './use-series.ts'

/** An answer with the key that it is of. */
export interface Answered {
  readonly key: string
  readonly label: string
  readonly answer: SeriesAnswer
}

export interface Grid {
  readonly from_s: number
  readonly step_s: number
  readonly lines: readonly LongLine[]
}

type Points = SeriesAnswer['data']['points']

/** A minute may be on its way from a sensor for so long; the node counts it as missing then. */
const ON_ITS_WAY_MS = 180_000
/** Until when all that will come has come. */
export const arrivedUntil = (): number => Date.now() - ON_ITS_WAY_MS

/** Whether the time of a point lies wholly in the period and all of it has come. */
function isComplete({ from, to, data: { step_s } }: SeriesAnswer, at: string, arrived_ms: number): boolean {
  const [start, end] = [Date.parse(at), Date.parse(at) + step_s * 1000]
  return start >= Date.parse(from) && end <= Math.min(Date.parse(to), arrived_ms)
}

/**
 * The points to draw: one that is cut, or that sensors still send, has counted less than the others and would look like a
 * fall. All of them when none is complete.
 */
export function wholePoints(answer: SeriesAnswer, arrived_ms = arrivedUntil()): Points {
  const whole = answer.data.points.filter(({ at }) => isComplete(answer, at, arrived_ms))
  return whole.length > 0 ? whole : answer.data.points
}

/** How many points of an answer are not drawn. */
export const pointsLeftOut = (answer: SeriesAnswer | undefined): number => (answer === undefined ? 0 : answer.data.points.length - wholePoints(answer).length)

/** Lines on one grid of time; answers that came for another one (a period that changes just now) are left out. */
export function gridOf(answers: readonly Answered[], measure: Measure, arrived_ms = arrivedUntil()): Grid | undefined {
  const all = answers.map((one) => ({ ...one, points: wholePoints(one.answer, arrived_ms) }))
  const first = all[0]
  const begin = first?.points[0]?.at
  if (first === undefined || begin === undefined) return undefined
  const { step_s } = first.answer.data
  const same = all.filter(({ answer, points }) => answer.data.step_s === step_s && points.length === first.points.length && points[0]!.at === begin)
  return {
    from_s: Date.parse(begin) / 1000, step_s,
    lines: same.map(({ key, label, points }) => ({ key, label, values: Float64Array.from(points, (point) => point[measure] ?? Number.NaN) })),
  }
}

export interface Summary {
  readonly key: string
  readonly label: string
  readonly mean: number
  readonly low: number
  readonly low_at_s: number
  readonly high: number
  readonly high_at_s: number
  readonly holes: number
}

/** What a reader who sees no picture should know of a line; undefined: nothing but holes. */
export function summaryOf({ key, label, values }: LongLine, { from_s, step_s }: Grid): Summary | undefined {
  let [sum, known, low_at, high_at] = [0, 0, -1, -1]
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    sum += value
    known++
    if (low_at < 0 || value < values[low_at]!) low_at = i
    if (high_at < 0 || value > values[high_at]!) high_at = i
  })
  if (known === 0) return undefined
  const at = (i: number): number => from_s + i * step_s
  return { key, label, mean: sum / known, low: values[low_at]!, low_at_s: at(low_at), high: values[high_at]!, high_at_s: at(high_at), holes: values.length - known }
}

const FILE_COLUMNS = 1200

/** Points of a line for a figure of limited size: every extreme and every hole stays. */
export function pointsOf({ values }: LongLine, { from_s, step_s }: Grid): LinePoint[] {
  const { x, y } = drawn([pyramidOf(values)], 0, values.length, FILE_COLUMNS)
  return x.flatMap((at, i) => (y[0]![i] === undefined ? [] : [{ at_ms: (from_s + at * step_s) * 1000, value: y[0]![i]! }]))
}

/** A row for each point, as files and tables hold them; `complete`: the line has it too. */
export const pointRows = (answer: SeriesAnswer, arrived_ms = arrivedUntil()) =>
  answer.data.points.map(({ at, packets, sources, packets_per_sensor, live_sensors }) => ({ at, packets, packets_per_sensor, sources, live_sensors, complete: isComplete(answer, at, arrived_ms) }))

/** The rows of each key. */
export const rowsOf = (answers: readonly Answered[], arrived_ms = arrivedUntil()): FigureData['rows'] =>
  answers.flatMap(({ key, answer }) => pointRows(answer, arrived_ms).map(({ at, ...rest }) => ({ at, key, ...rest })))
