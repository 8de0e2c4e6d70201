import { FlowTable } from './flow-table.ts'

const V4_KEY_WORDS = 3
const V4_STRIDE = 16
const V6_KEY_WORDS = 8
const V6_STRIDE = 24

/** What was seen of one minute since it was opened or last given out. */
export class Minute {
  /** Seconds since 1970; end excluded. */
  readonly start: number
  readonly end: number
  readonly v4: FlowTable
  readonly v6: FlowTable
  packets = 0
  not_ip = 0
  not_for_us = 0
  malformed = 0
  /** Rows may come again for this minute, or came before. */
  partial = false
  /** What this minute may hold beside the other open ones; see `load`. */
  room = 0
  /** µs from the start of the minute to the first and last counted packet. */
  first_at = Number.POSITIVE_INFINITY
  last_at = -1

  constructor(start: number, end: number, tables: readonly [FlowTable, FlowTable]) {
    this.start = start
    this.end = end
    this.v4 = tables[0]
    this.v6 = tables[1]
  }

  get counted(): number {
    return this.packets - this.not_ip - this.not_for_us - this.malformed
  }

  /** Memory in use, counted in flows. */
  get load(): number {
    return this.v4.load + this.v6.load
  }

  resetCounters(): void {
    this.packets = this.not_ip = this.not_for_us = this.malformed = 0
  }
}

/** Tables of closed minutes, kept so that the next minute need not grow its own. */
export class TablePool {
  readonly #free: (readonly [FlowTable, FlowTable])[] = []
  readonly #seeds: Int32Array

  constructor(random: (bytes: number) => Uint8Array) {
    this.#seeds = new Int32Array(random(4 * (V6_KEY_WORDS + 1)).slice().buffer).map((seed) => seed | 1)
  }

  take(): readonly [FlowTable, FlowTable] {
    return this.#free.pop() ?? [
      new FlowTable(V4_KEY_WORDS, V4_STRIDE, this.#seeds),
      new FlowTable(V6_KEY_WORDS, V6_STRIDE, this.#seeds),
    ]
  }

  give(tables: readonly [FlowTable, FlowTable]): void {
    for (const table of tables) table.clear()
    if (this.#free.length < 2) this.#free.push(tables)
  }
}
