import { StoreError, type HeardRow, type Store, type TimeRange, type WindowQuestion, type WindowTable } from '@hirundo/analytics'
import { windowLayouts } from '@hirundo/analytics/windows'
import { HOUR_S } from '@hirundo/base'
import { chunksOf, halves, rowTables, type Chunk, type ChunkBounds, type ChunkTable } from './chunks.ts'

/** Rows of a table as they came (analytics, `windowLayouts`). */
export interface Page {
  readonly table: WindowTable
  readonly bytes: Uint8Array
}

/** All of some minutes. */
export interface Loaded extends TimeRange {
  readonly pages: readonly Page[]
  readonly heard: readonly HeardRow[]
  readonly shed: { readonly rows: number; readonly interactions: number }
}

/** A longer range is counted in pieces. */
const COUNTED_S = 6 * HOUR_S
/** Tries at a minute whose answer is too large or takes too long, each with a quarter of what the one before asked for. */
const TRIES = 4
const LESS = 4

type Question = Omit<WindowQuestion, 'from' | 'to'>

const isTooMuch = (error: unknown): boolean => error instanceof StoreError && (error.problem.code === 'query/too-wide' || error.problem.code === 'query/timeout')

/** Reads minutes of one organisation for detectors: everything while it fits, else the same share of the same rows each time. */
export class MinuteReader {
  readonly #windows: Store['windows']
  readonly #bounds: ChunkBounds

  constructor(analytics: Pick<Store, 'windows'>, bounds: ChunkBounds) {
    this.#windows = analytics.windows
    this.#bounds = bounds
  }

  /**
   * The range's minutes, chunk by chunk; the next one is read while the caller works at one. Rejects with StoreError when
   * the store is away; what is too large for it is read in part and counted in `shed`.
   */
  async *read(question: Question, { from, to }: TimeRange): AsyncGenerator<Loaded> {
    for (let start = from; start < to; start += COUNTED_S) {
      const range = { from: start, to: Math.min(to, start + COUNTED_S) }
      const counts = await this.#windows.counts({ ...question, ...range })
      const chunks = chunksOf(range, counts, this.#bounds)
      let ahead: Promise<readonly Loaded[]> | undefined
      for (const [i, chunk] of chunks.entries()) {
        const loaded = await (ahead ?? this.#load(question, chunk))
        const next = chunks[i + 1]
        ahead = next && this.#load(question, next)
        // Looked at in its turn; until then a failure must not count as unhandled.
        ahead?.catch(() => undefined)
        yield* loaded
      }
    }
  }

  async #load(question: Question, chunk: Chunk): Promise<readonly Loaded[]> {
    try {
      return [await this.#whole(question, chunk)]
    } catch (error) {
      if (!isTooMuch(error)) throw error
      const parts = halves(chunk)
      if (!parts) return [await this.#whole(question, chunk, TRIES)]
      const loaded: Loaded[] = []
      for (const part of parts) {
        const counts = await this.#windows.counts({ ...question, ...part })
        for (const one of chunksOf(part, counts, this.#bounds)) loaded.push(...(await this.#load(question, one)))
      }
      return loaded
    }
  }

  /** `tries`: what is still too much after so many is left out. */
  async #whole(question: Question, { from, to, tables, heard }: Chunk, tries = 1): Promise<Loaded> {
    const asked = { ...question, from, to }
    const shed = { rows: 0, interactions: 0 }
    const pages: Page[] = []
    for (const table of rowTables) {
      const found = await withLess(tries, (less) => this.#table(asked, table, tables[table], less))
      pages.push(...(found?.pages ?? []))
      shed.rows += found?.shed ?? tables[table].rows
    }
    const limit = Math.min(heard, Math.max(this.#bounds.page_heard_max, this.#bounds.minute_heard_max))
    const interactions = limit === 0 ? [] : ((await withLess(tries, (less) => this.#windows.heard(asked, Math.ceil(limit / less)))) ?? [])
    shed.interactions += Math.max(0, heard - interactions.length)
    return { from, to, pages, heard: interactions, shed }
  }

  async #table(asked: WindowQuestion, table: WindowTable, { rows, read, of }: ChunkTable, less: number): Promise<{ pages: Page[]; shed: number }> {
    const pages: Page[] = []
    for (let index = 0; index < read; index++) pages.push({ table, bytes: await this.#windows.rows(table, asked, { index, of: of * less }) })
    const got = pages.reduce((sum, { bytes }) => sum + bytes.length / windowLayouts[table].row_bytes, 0)
    return { pages, shed: Math.max(0, rows - got) }
  }
}

/** The first answer that is not too much, of questions for ever less; undefined: there was none. The last of a single try is thrown. */
async function withLess<T>(tries: number, ask: (less: number) => Promise<T>): Promise<T | undefined> {
  for (let less = 1, left = tries; left > 0; left--, less *= LESS) {
    try {
      return await ask(less)
    } catch (error) {
      if (!isTooMuch(error) || tries === 1) throw error
    }
  }
  return undefined
}
