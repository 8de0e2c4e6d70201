import type { Database } from '../client.ts'
import type { TimeRange } from '../model.ts'
import { UNIQ } from '../schema/tables.ts'
import { Bindings } from '../sql.ts'
import { StoreError } from '../store-error.ts'
import type { InteractionPoint, InteractionQuestion } from './model.ts'
import { asked, BOUNDED, handshakes, instant } from './question.ts'

const POINTS_MAX = 50_000

/** Interactions by strength in bins of `step` seconds; bins without any are left out. Problems: `request/invalid`, `query/too-wide`. */
export async function series(db: Database, question: InteractionQuestion, step: number): Promise<readonly InteractionPoint[]> {
  if (!Number.isInteger(step) || step < 1) throw new StoreError('request/invalid', { what: 'step', value: step })
  if ((question.to - question.from) / step > POINTS_MAX) throw new StoreError('query/too-wide', { what: 'points', max: POINTS_MAX })
  const b = new Bindings()
  const counts = handshakes.map((name, number) => `countIf(handshake = ${number}) AS ${name}`).join()
  const size = b.bind(step, 'UInt32')
  const rows = await db.rows<Omit<InteractionPoint, 'at' | 'requests'> & { bin: number; total: number }>(
    `SELECT toUInt32(intDiv(toUnixTimestamp(at), ${size}) * ${size}) AS bin, ${counts}, sum(requests) AS total, ${UNIQ}(src) AS sources ` +
      `FROM interaction WHERE ${asked(b, question)} GROUP BY bin ORDER BY bin${BOUNDED}`, b)
  return rows.map(({ bin, total, ...row }) => ({ at: bin, requests: total, ...row }))
}

/** Internal numbers of the sensors that sent an interaction in the range. */
export async function sensorsHeard(db: Database, question: InteractionQuestion): Promise<readonly number[]> {
  const b = new Bindings()
  const rows = await db.rows<{ sensor: number }>(`SELECT DISTINCT sensor FROM interaction WHERE ${asked(b, question)} ORDER BY sensor${BOUNDED}`, b)
  return rows.map(({ sensor }) => sensor)
}

/** Rows and requests stored in the range, over all organisations. */
export async function storedInteractions(db: Database, { from, to }: TimeRange): Promise<{ rows: number; requests: number }> {
  const b = new Bindings()
  const [row] = await db.rows<{ rows: number; total: number }>(
    `SELECT count() AS rows, sum(requests) AS total FROM interaction WHERE at >= ${instant(b, from)} AND at < ${instant(b, to)}`, b)
  return { rows: row!.rows, requests: row!.total }
}
