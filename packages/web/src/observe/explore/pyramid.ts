/** Points of one block become one of the level above. */
const FACTOR = 8

interface Level {
  /** Points of the series in one block. */
  readonly size: number
  readonly min: Float64Array
  readonly max: Float64Array
  /** Where in the series the least and the greatest value stand; -1: the block has none. */
  readonly min_at: Int32Array
  readonly max_at: Int32Array
  /** Whether any point of the block is a hole. */
  readonly hole: Uint8Array
}

/** A series with the least and greatest value of its blocks at every scale, so that any stretch is drawn in as many steps as it has pixels. */
export interface Pyramid {
  /** NaN: a hole. */
  readonly values: Float64Array
  readonly levels: readonly Level[]
}

function emptyLevel(size: number, length: number): Level {
  return {
    size, min: new Float64Array(length).fill(Infinity), max: new Float64Array(length).fill(-Infinity),
    min_at: new Int32Array(length).fill(-1), max_at: new Int32Array(length).fill(-1), hole: new Uint8Array(length),
  }
}

function take(into: Level, block: number, min: number, min_at: number, max: number, max_at: number): void {
  if (min < into.min[block]!) {
    into.min[block] = min
    into.min_at[block] = min_at
  }
  if (max > into.max[block]!) {
    into.max[block] = max
    into.max_at[block] = max_at
  }
}

function firstLevel(values: Float64Array): Level {
  const level = emptyLevel(FACTOR, Math.ceil(values.length / FACTOR))
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const block = Math.floor(i / FACTOR)
    if (Number.isNaN(value)) level.hole[block] = 1
    else take(level, block, value, i, value, i)
  }
  return level
}

function levelAbove(below: Level): Level {
  const level = emptyLevel(below.size * FACTOR, Math.ceil(below.min.length / FACTOR))
  for (let i = 0; i < below.min.length; i++) {
    const block = Math.floor(i / FACTOR)
    if (below.hole[i] === 1) level.hole[block] = 1
    if (below.min_at[i]! >= 0) take(level, block, below.min[i]!, below.min_at[i]!, below.max[i]!, below.max_at[i]!)
  }
  return level
}

/** Takes one walk over the values; what is drawn later takes none. */
export function pyramidOf(values: Float64Array): Pyramid {
  const levels: Level[] = []
  if (values.length > FACTOR) levels.push(firstLevel(values))
  while (levels.length > 0 && levels.at(-1)!.min.length > FACTOR) levels.push(levelAbove(levels.at(-1)!))
  return { values, levels }
}

/** What is drawn: a number, null where the line must be broken, undefined where this series has no point of its own. */
export type Drawn = number | null | undefined

interface Extremes { min: number; max: number; min_at: number; max_at: number; hole: boolean }

function look(pyramid: Pyramid, level: Level | undefined, from: number, to: number, found: Extremes): void {
  if (level === undefined) {
    for (let i = from; i < to; i++) {
      const value = pyramid.values[i]!
      if (Number.isNaN(value)) found.hole = true
      else widen(found, value, i, value, i)
    }
    return
  }
  const [first, last] = [Math.ceil(from / level.size), Math.floor(to / level.size)]
  const below = pyramid.levels[pyramid.levels.indexOf(level) - 1]
  if (first >= last) return look(pyramid, below, from, to, found)
  if (from < first * level.size) look(pyramid, below, from, first * level.size, found)
  for (let block = first; block < last; block++) {
    if (level.hole[block] === 1) found.hole = true
    if (level.min_at[block]! >= 0) widen(found, level.min[block]!, level.min_at[block]!, level.max[block]!, level.max_at[block]!)
  }
  if (last * level.size < to) look(pyramid, below, last * level.size, to, found)
}

function widen(found: Extremes, min: number, min_at: number, max: number, max_at: number): void {
  if (min < found.min) [found.min, found.min_at] = [min, min_at]
  if (max > found.max) [found.max, found.max_at] = [max, max_at]
}

/** Least and greatest value of the points `from` to `to` (exclusive), where they stand, and whether one of them is a hole. */
export function extremesOf(pyramid: Pyramid, from: number, to: number): Readonly<Extremes> {
  const found: Extremes = { min: Infinity, max: -Infinity, min_at: -1, max_at: -1, hole: false }
  const [first, last] = [Math.max(0, from), Math.min(pyramid.values.length, to)]
  const wanted = (last - first) / FACTOR
  if (first < last) look(pyramid, pyramid.levels.findLast(({ size }) => size <= wanted), first, last, found)
  return found
}

/** Three places for each column: two for its extremes in their order, one that breaks the line when a hole lies in it. */
const PLACES = 3

/**
 * Several series of equal length cut to `columns` columns between the points `from` and `to` (whole numbers; they may lie
 * outside): `x` in points, one list of values for each series. Nothing is lost that a column of pixels could show.
 */
export function drawn(pyramids: readonly Pyramid[], from: number, to: number, columns: number): { readonly x: number[]; readonly y: Drawn[][] } {
  const length = pyramids[0]?.values.length ?? 0
  const [first, last] = [Math.max(0, from), Math.min(length, to)]
  if (last - first <= columns * PLACES) return single(pyramids, first, last)
  const width = (to - from) / columns
  const x: number[] = []
  const y: Drawn[][] = pyramids.map(() => [])
  for (let column = 0; column < columns; column++) {
    const [begin, end] = [Math.max(first, Math.round(from + column * width)), Math.min(last, Math.round(from + (column + 1) * width))]
    if (begin >= end) continue
    const step = (end - begin) / PLACES
    x.push(begin, begin + step, begin + 2 * step)
    pyramids.forEach((pyramid, i) => {
      const { min, max, min_at, max_at, hole } = extremesOf(pyramid, begin, end)
      if (min_at < 0) y[i]!.push(null, null, null)
      else if (min_at <= max_at) y[i]!.push(min, max, hole ? null : undefined)
      else y[i]!.push(max, min, hole ? null : undefined)
    })
  }
  return { x, y }
}

function single(pyramids: readonly Pyramid[], first: number, last: number): { x: number[]; y: Drawn[][] } {
  const x = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
  return { x, y: pyramids.map(({ values }) => x.map((i) => (Number.isNaN(values[i]!) ? null : values[i]!))) }
}
