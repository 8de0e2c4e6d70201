import { dashes, timeTicks } from '@hirundo/figures'
import uPlot from 'uplot'
import { drawn, pyramidOf, type Pyramid } from './pyramid.ts'
import type { View } from './view.ts'

/** One line: values at even steps, NaN for a hole. */
export interface LongLine {
  readonly key: string
  readonly label: string
  readonly values: Float64Array
}

export interface LongPlotOptions {
  readonly from_s: number
  readonly step_s: number
  /** Of equal length, at most six. */
  readonly lines: readonly LongLine[]
  readonly scale: 'linear' | 'log'
  readonly locale: string
  readonly zone: string
  readonly format: (value: number) => string
  readonly height: number
  /** The point under the pointer; undefined: none. */
  readonly onPoint: (index: number | undefined) => void
  /** A stretch that the reader marked, in points. */
  readonly onMark: (view: View) => void
  /** Whether a drag marks a stretch; otherwise it moves the view. */
  readonly marks: () => boolean
}

const TICK_PX = 90
const AXIS_PX = { x: 28, y: 52 }
const PADDING_PX = 12
const property = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--figure-${name}`).trim()
const FONT = '11px system-ui, sans-serif'

/** Zero has no logarithm: it lies on the bottom line, at the power of ten below the least positive value. */
function floorOf(lines: readonly LongLine[]): number {
  let least = Infinity
  for (const { values } of lines) for (const value of values) if (value > 0 && value < least) least = value
  return Number.isFinite(least) ? 10 ** Math.floor(Math.log10(least) - 1e-9) : 0.1
}

function decades(least: number, most: number): number[] {
  const [first, last] = [Math.round(Math.log10(least)), Math.round(Math.log10(most))]
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, i) => 10 ** (first + i))
}

/**
 * A line chart on a canvas that shows any stretch of a long series in constant time: uPlot is given only what the visible
 * columns of pixels need.
 */
export class LongPlot {
  readonly #options: LongPlotOptions
  readonly #pyramids: readonly Pyramid[]
  readonly #floor: number
  #plot: uPlot
  #view: View
  #frame = 0
  #width: number
  readonly #length: number

  constructor(host: HTMLElement, width: number, view: View, options: LongPlotOptions) {
    this.#options = options
    this.#pyramids = options.lines.map(({ values }) => pyramidOf(values))
    this.#floor = floorOf(options.lines)
    this.#length = options.lines[0]?.values.length ?? 0
    this.#view = view
    this.#width = width
    this.#plot = new uPlot(this.#config(width), [[], ...options.lines.map(() => [])], host)
    this.#draw()
  }

  #config(width: number): uPlot.Options {
    const { lines, scale, format, height } = this.#options
    const axis = { stroke: property('muted'), font: FONT, ticks: { stroke: property('grid'), width: 1, size: 4 }, grid: { stroke: property('grid'), width: 1 } }
    return {
      width, height, legend: { show: false }, pxAlign: false, padding: [8, PADDING_PX, 0, 0],
      scales: {
        x: { time: false, auto: false, range: () => [this.#view.from, Math.max(this.#view.from + 1, this.#view.to - 1)] },
        y: scale === 'log' ? { distr: 3, range: (_, __, most) => [this.#floor, 10 ** Math.ceil(Math.log10(Math.max(most ?? 1, this.#floor * 10)))] }
          : { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
      },
      axes: [
        { ...axis, size: AXIS_PX.x, grid: { show: false }, splits: () => this.#ticks().map(({ at }) => at), values: () => this.#ticks().map(({ label }) => label) },
        { ...axis, size: AXIS_PX.y, ...(scale === 'log' ? { splits: (_: uPlot, __: number, least: number, most: number) => decades(least, most) } : {}), values: (_, splits) => splits.map((value) => (value === null ? null : format(value))) },
      ],
      series: [{}, ...lines.map(({ label }, i) => ({
        label, stroke: property(`series-${i + 1}`), width: 1.5, dash: (dashes[i] ?? '').split(' ').filter((part) => part !== '').map(Number),
        points: { show: () => this.#view.to - this.#view.from < 60, size: 4, fill: property(`series-${i + 1}`) },
      }))],
      cursor: {
        y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { mousedown: (_, __, handler) => (event: MouseEvent) => (this.#options.marks() || event.shiftKey ? handler(event) : null), dblclick: () => () => null },
      },
      hooks: { setCursor: [(plot) => this.#point(plot)], setSelect: [(plot) => this.#mark(plot)] },
    }
  }

  /** Ticks on round times of the reader's clock, as positions in points. */
  #ticks(): { readonly at: number; readonly label: string }[] {
    const { from_s, step_s, locale, zone } = this.#options
    const ms = (point: number): number => (from_s + point * step_s) * 1000
    return timeTicks(ms(this.#view.from), ms(Math.max(this.#view.from + 1, this.#view.to - 1)), Math.max(2, this.width / TICK_PX), locale, zone)
      .map(({ at_ms, label }) => ({ at: (at_ms / 1000 - from_s) / step_s, label }))
  }

  #point(plot: uPlot): void {
    const left = plot.cursor.left ?? -1
    const at = left < 0 ? undefined : Math.round(plot.posToVal(left, 'x'))
    this.#options.onPoint(at === undefined || at < 0 || at >= this.#length ? undefined : at)
  }

  #mark(plot: uPlot): void {
    const { left, width } = plot.select
    if (width < 4) return
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    this.#options.onMark({ from: Math.max(0, Math.floor(from)), to: Math.min(this.#length, Math.ceil(to) + 1) })
  }

  /** Width of the plot without axes, in CSS pixels; the plot itself knows it only after its first frame. */
  get width(): number {
    return Math.max(1, this.#width - AXIS_PX.y - PADDING_PX)
  }

  /** Shows another stretch; at most once for each frame of the screen. */
  show(view: View): void {
    this.#view = view
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  #draw(): void {
    const { from, to } = this.#view
    // One more on each side, so that the line goes on to the edge.
    const { x, y } = drawn(this.#pyramids, Math.floor(from) - 1, Math.ceil(to) + 1, this.width)
    const shown = this.#options.scale === 'log' ? y.map((values) => values.map((value) => (typeof value === 'number' ? Math.max(value, this.#floor) : value))) : y
    this.#plot.batch(() => {
      this.#plot.setData([x, ...shown] as uPlot.AlignedData, false)
      this.#plot.setScale('x', { min: from, max: Math.max(from + 1, to - 1) })
    })
  }

  resize(width: number): void {
    this.#width = width
    this.#plot.setSize({ width, height: this.#options.height })
    this.#draw()
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    this.#plot.destroy()
  }
}
