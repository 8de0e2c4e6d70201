import type { Database } from '../client.ts'
import { BOUNDED } from '../interactions/question.ts'
import { Bindings } from '../sql.ts'
import { StoreError } from '../store-error.ts'
import type { VictimPoint, VictimQuestion } from './model.ts'
import { heardTotal, ofBackscatter, ofInteractions } from './recount.ts'

const POINTS_MAX = 50_000

/**
 * What came because of a victim, in bins of `step` whole seconds; bins without anything are left out. Of `flows` and `scans`
 * the series of answers ask (tiers keep them longer than raw rows). Problems: as of `recount`.
 */
export async function victimSeries(db: Database, question: VictimQuestion, step: number): Promise<readonly VictimPoint[]> {
  if (!Number.isInteger(step) || step < 1) throw new StoreError('request/invalid', { what: 'step', value: step })
  if ((question.to - question.from) / step > POINTS_MAX) throw new StoreError('query/too-wide', { what: 'points', max: POINTS_MAX })
  const b = new Bindings()
  const size = b.bind(step, 'UInt32')
  const bin = (second: string): string => `toUInt32(intDiv(${second}, ${size}) * ${size}) AS second`
  const select = question.of === 'backscatter'
    ? `${bin('toUInt32(bin)')}, sum(packets) AS total FROM backscatter WHERE ${ofBackscatter(b, question)}`
    : `${bin('toUnixTimestamp(at)')}, ${heardTotal(question)} AS total FROM interaction WHERE ${ofInteractions(b, question)}`
  const rows = await db.rows<{ second: number; total: number }>(`SELECT ${select} GROUP BY second HAVING total > 0 ORDER BY second${BOUNDED}`, b)
  return rows.map(({ second, total }) => ({ at: second, packets: total }))
}
