import { block_rows_max, type Block, type BlockTable } from '@hirundo/analytics'
import type { Uuid } from '@hirundo/base'
import { placeOf, type MonthRows } from './rows.ts'

/** Blocks of one plan are numbered within it by table and month: 4 × 2048 of them, the months end in 2105. */
const BLOCKS_PER_PLAN = 8192n
const MONTHS_PER_TABLE = 2048
const TABLES_PER_SPACE = 4
/**
 * The first four tables fill the numbers of a plan, so tables after them have a space of their own: the same numbers from
 * here on. Both lie below 2^53, as numbers that come from PostgreSQL must, for 2^39 records of the journal.
 */
const SPACE = 1n << 52n
/** Each is an insert or two: a plan of clocks that run wild must end before others have waited long. */
const plan_blocks_max = 128

export function blockId(plan: bigint, table: BlockTable, month: number): bigint {
  const place = placeOf(table)
  const number = plan * BLOCKS_PER_PLAN + BigInt((place % TABLES_PER_SPACE) * MONTHS_PER_TABLE + month)
  if (number >= SPACE) throw new Error(`plan ${plan}: no block has a number that high`)
  return place < TABLES_PER_SPACE ? number : SPACE + number
}

/** All blocks of plans before this one have lower numbers, and its own have not. */
export function blocksBelow(plan: bigint): Readonly<Record<BlockTable, bigint>> {
  const number = plan * BLOCKS_PER_PLAN
  return { flow: number, backscatter: number, syn_sample: number, sensor_minute: number, interaction: SPACE + number }
}

export interface SensorIdentity {
  readonly id: number
  readonly organisation_id: number
}

/** One record of the journal, read. `identity` is undefined when its sensor is not known here. */
export interface ReadBatch {
  readonly sequence: bigint
  readonly bytes: number
  readonly sensor: Uuid
  readonly epoch: Uuid
  readonly kind: number
  readonly first: bigint
  readonly last: bigint
  readonly identity: SensorIdentity | undefined
  /** Rows for a table, a range that the sensor lost, or why nothing can be done with it yet. */
  readonly content:
    | { readonly table: BlockTable; readonly months: readonly MonthRows[] }
    | { readonly gap: true }
    | { readonly unread: string }
}

interface Bucket {
  readonly table: BlockTable
  readonly month: number
  rows: number
  packets: number
  readonly runs: { organisation: number; sensor: number; rows: Uint8Array; count: number; packets: number }[]
  readonly hours: Set<number>
}

/** A block of a plan whose number is not known yet. */
export type DraftBlock = Readonly<Omit<Bucket, 'hours'>> & { readonly hours: ReadonlySet<number> }

export const blockOf = (plan: bigint, draft: DraftBlock): Block => ({
  id: blockId(plan, draft.table, draft.month),
  table: draft.table,
  runs: draft.runs.map(({ organisation, sensor, rows }) => ({ organisation, sensor, rows })),
})

/** A range of the journal with all that has to be written for it. The same range always gives the same draft. */
export class Draft {
  readonly first: bigint
  last: bigint
  batches = 0
  bytes = 0
  /** Of decoded rows, held in memory. */
  body_bytes = 0
  readonly read: Omit<ReadBatch, 'content'>[] = []
  readonly gaps: ReadBatch[] = []
  readonly unread: { readonly batch: ReadBatch; readonly why: string }[] = []
  readonly #buckets = new Map<number, Bucket>()

  constructor(first: bigint) {
    this.first = first
    this.last = first - 1n
  }

  get blocks(): readonly DraftBlock[] {
    return [...this.#buckets.values()].toSorted((a, b) => placeOf(a.table) - placeOf(b.table) || a.month - b.month)
  }

  /** Whether every block, and their number, stay within their bounds with `batch` in it. */
  fits({ content }: ReadBatch): boolean {
    if (!('table' in content)) return true
    if (this.#buckets.size + content.months.length > plan_blocks_max) return false
    return content.months.every(({ month, count }) =>
      (this.#buckets.get(placeOf(content.table) * MONTHS_PER_TABLE + month)?.rows ?? 0) + count <= block_rows_max)
  }

  /** Takes in the next record of the journal. */
  add(batch: ReadBatch): void {
    const { content, ...rest } = batch
    this.last = batch.sequence
    this.batches++
    this.bytes += batch.bytes
    if ('gap' in content) this.gaps.push(batch)
    else if ('unread' in content) this.unread.push({ batch, why: content.unread })
    else for (const part of content.months) this.#put(content.table, part, batch.identity!)
    this.read.push(rest)
  }

  #put(table: BlockTable, part: MonthRows, identity: SensorIdentity): void {
    const key = placeOf(table) * MONTHS_PER_TABLE + part.month
    let bucket = this.#buckets.get(key)
    if (!bucket) this.#buckets.set(key, (bucket = { table, month: part.month, rows: 0, packets: 0, runs: [], hours: new Set() }))
    bucket.rows += part.count
    bucket.packets += part.packets
    bucket.runs.push({ organisation: identity.organisation_id, sensor: identity.id, rows: part.rows, count: part.count, packets: part.packets })
    for (const hour of part.hours) bucket.hours.add(hour)
    this.body_bytes += part.rows.length
  }
}
