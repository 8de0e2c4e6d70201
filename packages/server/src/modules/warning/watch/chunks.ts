import type { BlockTable, MinuteCounts, TimeRange, WindowTable } from '@hirundo/analytics'
import { MINUTE_S } from '@hirundo/base'
import type { WatchConfig } from './config.ts'

/** How a table of a chunk is read: the first `read` of `of` like parts. */
export interface ChunkTable {
  readonly rows: number
  readonly read: number
  readonly of: number
}

/** Minutes that are read and looked at in one go. */
export interface Chunk extends TimeRange {
  readonly tables: Readonly<Record<WindowTable, ChunkTable>>
  readonly heard: number
}

/** `careful`: one minute with rows at a time, as one of them breaks detectors. */
export type ChunkBounds = Pick<WatchConfig, 'page_rows_max' | 'page_heard_max' | 'minute_rows_max' | 'minute_heard_max'> & { readonly careful?: boolean }
export const rowTables: readonly WindowTable[] = ['flow', 'backscatter', 'syn_sample', 'sensor_minute']

function tableOf(rows: number, { page_rows_max, minute_rows_max }: ChunkBounds): ChunkTable {
  const of = Math.max(1, Math.ceil(rows / page_rows_max))
  return { rows, of, read: rows === 0 ? 0 : Math.min(of, Math.max(1, Math.floor(minute_rows_max / page_rows_max))) }
}

function chunkOf(from: number, to: number, counts: readonly MinuteCounts[], bounds: ChunkBounds): Chunk {
  const sum = (table: BlockTable): number => counts.reduce((total, one) => total + one[table], 0)
  return {
    from, to, heard: sum('interaction'),
    tables: Object.fromEntries(rowTables.map((table) => [table, tableOf(sum(table), bounds)])) as Chunk['tables'],
  }
}

/**
 * Cuts a range into chunks of whole minutes, each small enough for one answer of each table; a minute that alone is larger is a
 * chunk of several parts. Together they cover the range, also where nothing came. `counts`: in order of time.
 */
export function chunksOf({ from, to }: TimeRange, counts: readonly MinuteCounts[], bounds: ChunkBounds): readonly Chunk[] {
  const chunks: Chunk[] = []
  let open: MinuteCounts[] = []
  let start = from
  const fits = (next: MinuteCounts): boolean => {
    const over = (table: BlockTable, max: number): boolean => open.reduce((total, one) => total + one[table], next[table]) > max
    return !bounds.careful && !rowTables.some((table) => over(table, bounds.page_rows_max)) && !over('interaction', bounds.page_heard_max)
  }
  const close = (end: number): void => {
    chunks.push(chunkOf(start, end, open, bounds))
    start = end
    open = []
  }
  for (const next of counts) {
    if (next.minute < from || next.minute >= to) continue
    if (open.length > 0 && !fits(next)) close(next.minute)
    open.push(next)
  }
  // What is left, or the emptiness after the last.
  if (start < to) close(to)
  return chunks
}

/** Halves of a chunk's range; undefined: it is one minute. */
export function halves({ from, to }: TimeRange): readonly [TimeRange, TimeRange] | undefined {
  const minutes = (to - from) / MINUTE_S
  if (minutes < 2) return undefined
  const middle = from + Math.floor(minutes / 2) * MINUTE_S
  return [{ from, to: middle }, { from: middle, to }]
}
