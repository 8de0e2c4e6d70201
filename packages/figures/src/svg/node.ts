/** One element of a figure. The web makes React elements of it, a download and the report print it with `svgText`. */
export interface SvgNode {
  readonly tag: string
  /** Presentation attributes and classes only: an inline style would need a weaker content security policy. */
  readonly attrs: Readonly<Record<string, string | number>>
  readonly children?: readonly SvgChild[]
}
export type SvgChild = SvgNode | string

/** Attributes as figures write them: what is undefined is left out. */
export type Attrs = Readonly<Record<string, string | number | undefined>>

/** Two decimals are a fiftieth of a pixel; a figure that is not a number would make a browser drop the element. */
const rounded = (value: number): number => {
  if (!Number.isFinite(value)) throw new Error('a figure wrote a coordinate that is not a number')
  return Math.round(value * 100) / 100
}

/** An element; numbers are rounded to 0.01, undefined attributes and children are left out. */
export function el(tag: string, attrs: Attrs = {}, children: readonly (SvgChild | undefined)[] = []): SvgNode {
  const kept: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined) kept[name] = typeof value === 'number' ? rounded(value) : value
  }
  const present = children.filter((child): child is SvgChild => child !== undefined)
  return present.length > 0 ? { tag, attrs: kept, children: present } : { tag, attrs: kept }
}

/** Path data of points joined by straight lines; nothing for less than two points. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.length < 2 ? '' : points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`).join('')
}

/** What every figure is told: who it is, how wide, and how it is read aloud. All texts come translated. */
export interface FigureFrame {
  /** Unique in the page; letters, digits, - and _. Ids inside the figure begin with it. */
  readonly id: string
  readonly title: string
  /** What a reader who cannot see the figure should know: extremes, order, holes. */
  readonly desc: string
  /** Pixels; figures keep their texts readable by dropping columns when it is small. */
  readonly width: number
}

/** The root of a figure. `links`: it contains links, which an image must not. */
export function frame(of: FigureFrame, width: number, height: number, children: readonly (SvgChild | undefined)[], links = false): SvgNode {
  return el('svg', {
    class: 'figure', width, height, viewBox: `0 0 ${rounded(width)} ${rounded(height)}`,
    role: links ? 'group' : 'img', 'aria-labelledby': `${of.id}-title`, 'aria-describedby': `${of.id}-desc`,
  }, [
    el('title', { id: `${of.id}-title` }, [of.title]),
    el('desc', { id: `${of.id}-desc` }, [of.desc]),
    ...children,
  ])
}

/** Text at a place; `anchor` as in SVG. */
export const text = (x: number, y: number, value: string, kind: string, anchor: 'start' | 'middle' | 'end' = 'start'): SvgNode =>
  el('text', { x, y, class: kind, 'text-anchor': anchor === 'start' ? undefined : anchor }, [value])

/** `node` moved by `x`, `y`, keeping its own coordinates. */
export const shifted = (x: number, y: number, children: readonly (SvgChild | undefined)[]): SvgNode =>
  el('g', { transform: `translate(${rounded(x)} ${rounded(y)})` }, children)
