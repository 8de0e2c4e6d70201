import { setImmediate as turn } from 'node:timers/promises'
import { decodeInteraction, INTERACTION_LENGTH_BYTES, splitInteractionRows } from '@hirundo/formats'
import { monthOf } from './months.ts'
import type { MonthRows } from './rows.ts'

/** Rows that are read before others have their turn. */
const ROWS_PER_TURN = 500

/** Whether every row of a decoded body reads: one that does not would keep its whole block from ever being written. */
export async function areInteractions(body: Uint8Array, rows: number): Promise<boolean> {
  const split = splitInteractionRows(body, rows)
  if (!split.ok) return false
  for (const [i, row] of split.value.entries()) {
    if (i % ROWS_PER_TURN === ROWS_PER_TURN - 1) await turn()
    if (!decodeInteraction(row).ok) return false
  }
  return true
}

/** Each row with its length, and the second in which it began. The body was checked. */
function* rowsOf(body: Uint8Array): Generator<{ readonly second: number; readonly row: Uint8Array }> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  for (let at = 0; at < body.length; ) {
    const end = at + INTERACTION_LENGTH_BYTES + view.getUint32(at, true)
    const at_ms = Number(view.getBigInt64(at + INTERACTION_LENGTH_BYTES, true))
    yield { second: Math.floor(at_ms / 1000), row: body.subarray(at, end) }
    at = end
  }
}

/** How many months the rows lie in, counted up to one more than `months_max`. */
export function interactionMonths(body: Uint8Array, months_max: number): number {
  const months = new Set<number>()
  for (const { second } of rowsOf(body)) {
    if (months.add(monthOf(second)).size > months_max) break
  }
  return months.size
}

/** The rows by month; those of a single month are passed on without a copy. They are summed by no hour. */
export function splitInteractions(body: Uint8Array): readonly MonthRows[] {
  const parts = new Map<number, Uint8Array[]>()
  for (const { second, row } of rowsOf(body)) {
    const month = monthOf(second)
    const list = parts.get(month)
    if (list) list.push(row)
    else parts.set(month, [row])
  }
  return [...parts].toSorted(([a], [b]) => a - b).map(([month, list]) => {
    const rows = parts.size === 1 ? body : new Uint8Array(Buffer.concat(list))
    return { month, rows, count: list.length, packets: 0, hours: [] }
  })
}
