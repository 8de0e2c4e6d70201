import type { BlockTable } from '@hirundo/analytics'
import { batchKinds, layoutOfKind, type RowLayout } from '@hirundo/formats'
import { areInteractions, interactionMonths, splitInteractions } from './interaction-rows.ts'
import { hourOf, monthOf, monthStart } from './months.ts'

/** Tables by the kind of batch that fills them; their place is part of a block's number and never changes. */
export const tables: readonly (readonly [number, BlockTable])[] = [
  [batchKinds.flow, 'flow'],
  [batchKinds.backscatter, 'backscatter'],
  [batchKinds.syn_sample, 'syn_sample'],
  [batchKinds.sensor_minute, 'sensor_minute'],
  [batchKinds.interaction, 'interaction'],
]

export const tableOfKind = (kind: number): BlockTable | undefined => tables.find(([number]) => number === kind)?.[1]
export const placeOf = (table: BlockTable): number => tables.findIndex(([, name]) => name === table)

/** Tables whose rows are summed per hour and day. */
export const isRolledUp = (table: BlockTable): boolean => table === 'flow' || table === 'sensor_minute'

/** Rows of one batch that lie in one month. */
export interface MonthRows {
  readonly month: number
  readonly rows: Uint8Array
  readonly count: number
  /** Of a flow batch; 0 for others. */
  readonly packets: number
  /** Starts of the hours that occur, in seconds since 1970. */
  readonly hours: readonly number[]
}

/**
 * A batch is cut into a block for each month, each of them an insert: what a clock scattered over more is not written.
 * Sensors send minute by minute; only the sparsest history comes near it.
 */
export const batch_months_max = 64

/** Whether the rows of a decoded body lie in more months than one batch may. */
function isScattered(kind: number, body: Uint8Array): boolean {
  if (kind === batchKinds.interaction) return interactionMonths(body, batch_months_max) > batch_months_max
  const layout = layoutOfKind[kind]
  if (!layout || !tableOfKind(kind)) return false
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const months = new Set<number>()
  let from = 0
  let to = 0
  for (let at = 0; at < body.length; at += layout.row_bytes) {
    const second = view.getUint32(at, true)
    if (second >= from && second < to) continue
    const month = monthOf(second)
    ;[from, to] = [monthStart(month), monthStart(month + 1)]
    if (months.add(month).size > batch_months_max) return true
  }
  return false
}

/** Whether a decoded body of `rows` rows can be written; of a kind that is not known here there is nothing to say against it. */
export async function isWritable(kind: number, body: Uint8Array, rows: number): Promise<boolean> {
  if (kind === batchKinds.interaction && !(await areInteractions(body, rows))) return false
  return !isScattered(kind, body)
}

interface Scan {
  readonly packets: number
  readonly hours: readonly number[]
  readonly one_month: boolean
}

/** One pass over the first column (time) and packets of `body`. */
function scan(body: Uint8Array, layout: RowLayout, packets_at: number | undefined): Scan {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const hours = new Set<number>()
  let packets = 0
  let hour = -1
  for (let at = 0; at < body.length; at += layout.row_bytes) {
    const second = view.getUint32(at, true)
    if (second < hour || second >= hour + 3600 || hour < 0) {
      hour = hourOf(second)
      hours.add(hour)
    }
    if (packets_at !== undefined) packets += view.getUint32(at + packets_at, true)
  }
  const all = [...hours]
  const months = new Set(all.map(monthOf))
  return { packets, hours: all, one_month: months.size <= 1 }
}

/** The rows of a decoded body by month. Most batches lie in one, and are then passed on without a copy. */
export function splitByMonth(kind: number, body: Uint8Array): readonly MonthRows[] {
  if (kind === batchKinds.interaction) return splitInteractions(body)
  const layout = layoutOfKind[kind]!
  const packets_at = kind === batchKinds.flow ? layout.offset['packets'] : undefined
  const whole = scan(body, layout, packets_at)
  if (body.length === 0) return []
  const count = body.length / layout.row_bytes
  if (whole.one_month) return [{ month: monthOf(whole.hours[0]!), rows: body, count, packets: whole.packets, hours: whole.hours }]
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const parts = new Map<number, Uint8Array[]>()
  for (let at = 0; at < body.length; at += layout.row_bytes) {
    const month = monthOf(view.getUint32(at, true))
    const rows = parts.get(month)
    const row = body.subarray(at, at + layout.row_bytes)
    if (rows) rows.push(row)
    else parts.set(month, [row])
  }
  return [...parts].toSorted(([a], [b]) => a - b).map(([month, list]) => {
    const rows = new Uint8Array(Buffer.concat(list))
    const part = scan(rows, layout, packets_at)
    return { month, rows, count: list.length, packets: part.packets, hours: part.hours }
  })
}
