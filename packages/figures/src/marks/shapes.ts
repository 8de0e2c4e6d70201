import { el, type SvgChild, type SvgNode } from '../svg/node.ts'

const outlines: readonly ((x: number, y: number, r: number) => string)[] = [
  (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
  (x, y, r) => `M${x} ${y - r * 1.2}L${x + r * 1.2} ${y + r}L${x - r * 1.2} ${y + r}Z`,
  (x, y, r) => `M${x} ${y - r * 1.35}L${x + r * 1.35} ${y}L${x} ${y + r * 1.35}L${x - r * 1.35} ${y}Z`,
  (x, y, r) => `M${x} ${y + r * 1.2}L${x + r * 1.2} ${y - r}L${x - r * 1.2} ${y - r}Z`,
  (x, y, r) => `M${x - r * 1.3} ${y - r * 0.5}h${2.6 * r}v${r}h${-2.6 * r}Z`,
]

/** The mark of series `index` (0 to 5): a shape of its own, so that colour is never the only difference. */
export function seriesMark(index: number, x: number, y: number, radius = 3.5): SvgNode {
  const at = (value: number) => Math.round(value * 100) / 100
  return el('path', { class: `mark f${index + 1}`, d: outlines[index % outlines.length]!(at(x), at(y), radius) })
}

/** Definition of the hatching that means suppressed or unknown; use it as `fill="url(#ID-hatch)"`. */
export const hatchOf = (id: string): SvgNode => el('defs', {}, [
  el('pattern', { id: `${id}-hatch`, width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
    el('rect', { class: 'empty', width: 5, height: 5 }),
    el('path', { class: 'hatch', d: 'M0 0V5' }),
  ]),
])

/** A row of a figure at a height, known by its key; the whole of it is a link when it leads somewhere. */
export const rowAt = (y: number, { key, href }: { readonly key: string, readonly href?: string | undefined }, inner: readonly (SvgChild | undefined)[]): SvgNode =>
  el('g', { transform: `translate(0 ${y})`, 'data-key': key }, href === undefined ? inner : [el('a', { href }, inner)])
