import { type Scale, isValue, linearScale, logScale } from './scale/linear.ts'
import { timeTicks, type TimeTick } from './scale/time.ts'
import { sizes } from './style/rules.ts'
import type { FigureFrame } from './svg/node.ts'
import { textWidth } from './text-width.ts'

export interface LinePoint {
  /** Milliseconds since 1970. */
  readonly at_ms: number
  /** null: nobody watched. A hole, never a zero. */
  readonly value: number | null
  /** Interval of the value, drawn as a band. */
  readonly low?: number | null | undefined
  readonly high?: number | null | undefined
}
export interface LineOf {
  readonly key: string
  readonly label: string
  /** In the order of time. */
  readonly points: readonly LinePoint[]
}
export interface LineSeriesInput extends FigureFrame {
  readonly height?: number | undefined
  readonly from_ms: number
  readonly to_ms: number
  /** At most six are drawn; a seventh would need a colour that cannot be told apart. */
  readonly series: readonly LineOf[]
  /** Points further apart than one and a half of it are not joined either. */
  readonly step_ms?: number | undefined
  readonly scale?: 'linear' | 'log' | undefined
  readonly locale: string
  /** IANA zone of the axis; the caller says it beside the figure. */
  readonly zone: string
  /** About how many ticks of time; as many as have room when absent. */
  readonly ticks?: number | undefined
  /** A value of the axis as text. */
  readonly format: (value: number) => string
  /** Unit of the values, above the axis. */
  readonly texts: { readonly unit: string }
}

export const SERIES_MAX = 6
/** More points than this would only fall on the same pixels; uPlot draws the long pannable series. */
export const POINTS_MAX = 5000

/** Where a line figure draws: pages use it to put a cursor or a selection over the figure. */
export interface LineLayout {
  readonly width: number
  readonly height: number
  readonly plot: { readonly left: number, readonly right: number, readonly top: number, readonly bottom: number }
  readonly x: (at_ms: number) => number
  readonly y: (value: number) => number
  /** The instant under a horizontal position. */
  readonly atX: (x: number) => number
  readonly yTicks: readonly { readonly y: number, readonly label: string }[]
  readonly xTicks: readonly (TimeTick & { readonly x: number })[]
  /** Labels stand beside the ends of their lines; else above the plot, in lines of text. */
  readonly direct: boolean
  readonly label_width: number
}

function yScale(input: LineSeriesInput, bottom: number, top: number): Scale {
  const values = input.series.slice(0, SERIES_MAX).flatMap((one) =>
    one.points.slice(0, POINTS_MAX).flatMap(({ value, high }) => [value, high].filter(isValue)))
  return input.scale === 'log' ? logScale(values, bottom, top) : linearScale(values, bottom, top, bottom - top < 120 ? 2 : 4)
}

/** Lines of legend when the labels do not stand beside the lines, 18 px each. */
function legendRows(input: LineSeriesInput, width: number): number {
  let [rows, used] = [1, 0]
  for (const one of input.series.slice(0, SERIES_MAX)) {
    const wide = Math.min(width, textWidth(one.label, sizes.label) + 40)
    if (used > 0 && used + wide > width) [rows, used] = [rows + 1, 0]
    used += wide
  }
  return rows
}

/** Places of axes, ticks and labels. */
export function lineLayout(input: LineSeriesInput): LineLayout {
  const width = Math.max(160, input.width)
  const many = input.series.length > 1
  const direct = many && width >= 560
  const legend = many && !direct ? legendRows(input, width) * 18 : 0
  const height = Math.max(120, input.height ?? Math.round(Math.min(320, Math.max(180, width * 0.4))) + legend)
  const label_width = direct ? Math.min(width * 0.28, Math.max(...input.series.slice(0, SERIES_MAX).map((one) => textWidth(one.label, sizes.label))) + 6) : 0
  const top = 28 + legend
  const bottom = Math.max(top + 40, height - 26)
  const scale = yScale(input, bottom, top)
  const labels = scale.ticks.map((tick) => ({ y: scale.of(tick), label: input.format(tick) }))
  const left = Math.min(width * 0.3, Math.max(...labels.map(({ label }) => textWidth(label, sizes.small))) + 8)
  const right = Math.max(left + 40, width - (direct ? label_width + 18 : 12))
  const span = Math.max(1, input.to_ms - input.from_ms)
  const x = (at_ms: number) => left + ((at_ms - input.from_ms) / span) * (right - left)
  const ticks = timeTicks(input.from_ms, input.to_ms, input.ticks ?? Math.max(2, (right - left) / 90), input.locale, input.zone)
  return {
    width, height: Math.max(height, bottom + 26), plot: { left, right, top, bottom }, direct, label_width, x, y: scale.of,
    atX: (place) => input.from_ms + ((place - left) / (right - left)) * span,
    yTicks: labels, xTicks: ticks.map((tick) => ({ ...tick, x: x(tick.at_ms) })),
  }
}
