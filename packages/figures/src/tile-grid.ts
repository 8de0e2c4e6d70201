import { classLegend } from './marks/class-legend.ts'
import { hatchOf } from './marks/shapes.ts'
import { classBounds, shadeOf } from './scale/classes.ts'
import { isValue } from './scale/linear.ts'
import { el, frame, text, type FigureFrame, type SvgNode } from './svg/node.ts'
import { fitText } from './text-width.ts'
import { tileExtent, tilesFor, wrapTiles, type Tile } from './tile-layout.ts'

export interface TileValue {
  readonly code: string
  /** null: suppressed or unknown, drawn as hatching. An economy without an entry is empty. */
  readonly value: number | null
  /** What is read out and shown on pointing, as `XA: 1,204 packets, rank 2`. */
  readonly text: string
  readonly href?: string | undefined
}
export interface TileGridInput extends FigureFrame {
  readonly values: readonly TileValue[]
  /** An operator's own arrangement and labels. */
  readonly tiles?: readonly Tile[] | undefined
  readonly format: (value: number) => string
  readonly texts: { readonly unit: string, readonly hatched: string }
}

export const TILES_MAX = 1000
const TILE_MIN = 19
const TILE_MAX = 46

/** The whole arrangement when its tiles can be read at this width; else the economies with values, wrapped. */
function arranged(input: TileGridInput, width: number): { tiles: Tile[], size: number } {
  const all = tilesFor(input.values.map(({ code }) => code), input.tiles).slice(0, TILES_MAX)
  const size = Math.floor(width / tileExtent(all).columns)
  if (size >= TILE_MIN) return { tiles: all, size: Math.min(TILE_MAX, size) }
  const present = new Set(input.values.map(({ code }) => code))
  const columns = Math.max(1, Math.floor(width / 34))
  return { tiles: wrapTiles(all.filter(({ code }) => present.has(code)), columns), size: 34 }
}

function tileOf(tile: Tile, size: number, value: TileValue | undefined, bounds: readonly number[], id: string): SvgNode {
  const known = value !== undefined && isValue(value.value)
  const shade = known ? shadeOf(value.value!, bounds) : 0
  const hatched = value !== undefined && !known
  const inner = [
    value ? el('title', {}, [value.text]) : undefined,
    el('rect', {
      class: hatched ? 'hatched' : shade > 0 ? `h${shade}` : 'empty', x: 1, y: 1, width: size - 2, height: size - 2, rx: 2,
      fill: hatched ? `url(#${id}-hatch)` : undefined,
    }),
    text(size / 2, size / 2 + 3.5, fitText(tile.label ?? tile.code, size - 2, 10), shade >= 4 ? 'code strong' : value ? 'code on' : 'code small', 'middle'),
  ]
  const place = { transform: `translate(${tile.column * size} ${tile.row * size})`, 'data-key': tile.code }
  return el('g', place, value?.href === undefined ? inner : [el('a', { href: value.href, 'aria-label': value.text }, inner)])
}

/**
 * Economies as equal tiles, the value by lightness in up to five classes with a legend, codes only. Suppressed and
 * unknown values are hatched, economies of which nothing is known stay empty.
 */
export function tileGrid(input: TileGridInput): SvgNode {
  const width = Math.max(160, input.width)
  const { tiles, size } = arranged(input, width)
  const values = new Map(input.values.map((value) => [value.code, value]))
  const bounds = classBounds(input.values.flatMap(({ value }) => (isValue(value) ? [value] : [])))
  const top = tileExtent(tiles).rows * size + 10
  const hatched = input.values.some(({ value }) => !isValue(value))
  const legend = classLegend({
    id: input.id, bounds, format: input.format, unit: input.texts.unit, hatched: hatched ? input.texts.hatched : undefined,
  }, width, top)
  return frame(input, width, top + legend.height, [
    hatched ? hatchOf(input.id) : undefined,
    ...tiles.map((tile) => tileOf(tile, size, values.get(tile.code), bounds, input.id)),
    ...legend.children,
  ], input.values.some(({ href }) => href !== undefined))
}
