import { VECTOR_KEY_WORDS, VECTOR_STRIDE } from './backscatter-writer.ts'
import { V4_KEY_WORDS, V4_STRIDE, V6_KEY_WORDS, V6_STRIDE } from './flow-layout.ts'
import { FlowTable } from './flow-table.ts'
import { TallyQueue } from './side-table.ts'
import type { SynReservoir } from './syn-reservoir.ts'

/** What was seen of one minute since it was opened or last given out. */
export class Minute {
  /** Seconds since 1970; end excluded. */
  readonly start: number
  readonly end: number
  readonly v4: FlowTable
  readonly v6: FlowTable
  /** Backscatter vectors. */
  readonly vectors: FlowTable
  /** Only where SYN samples are wanted. */
  readonly samples: SynReservoir | undefined
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

  constructor(start: number, end: number, tables: MinuteTables, samples?: SynReservoir) {
    this.start = start
    this.end = end
    this.v4 = tables.v4
    this.v6 = tables.v6
    this.vectors = tables.vectors
    this.samples = samples
  }

  get counted(): number {
    return this.packets - this.not_ip - this.not_for_us - this.malformed
  }

  /** Memory in use, counted in flows. */
  get load(): number {
    return this.v4.load + this.v6.load + this.vectors.load
  }

  resetCounters(): void {
    this.packets = this.not_ip = this.not_for_us = this.malformed = 0
  }
}

export interface MinuteTables {
  readonly v4: FlowTable
  readonly v6: FlowTable
  readonly vectors: FlowTable
}

/** Tables of closed minutes, kept so that the next minute need not grow its own. */
export class TablePool {
  readonly #free: MinuteTables[] = []
  readonly #seeds: Int32Array
  readonly #queue = new TallyQueue()

  constructor(random: (bytes: number) => Uint8Array) {
    this.#seeds = new Int32Array(random(4 * (V6_KEY_WORDS + 1)).slice().buffer).map((seed) => seed | 1)
  }

  take(): MinuteTables {
    return this.#free.pop() ?? {
      v4: this.#make(V4_KEY_WORDS, V4_STRIDE),
      v6: this.#make(V6_KEY_WORDS, V6_STRIDE),
      vectors: this.#make(VECTOR_KEY_WORDS, VECTOR_STRIDE),
    }
  }

  give(tables: MinuteTables): void {
    for (const table of [tables.v4, tables.v6, tables.vectors]) table.clear()
    if (this.#free.length < 2) this.#free.push(tables)
  }

  #make(key_words: number, stride: number): FlowTable {
    return new FlowTable(key_words, stride, this.#seeds, this.#queue)
  }
}
