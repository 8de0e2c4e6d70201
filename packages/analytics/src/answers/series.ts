import type { Database } from '../client.ts'
import { keyToAddress } from '../keys.ts'
import type { Dimension, Key, Question, SeriesPoint } from '../model.ts'
import { planTiers } from '../plan.ts'
import { Bindings } from '../sql.ts'
import { orStoreError, StoreError } from '../store-error.ts'
import { MERGE, unionRows, type Filter } from '../union.ts'
import { liveSensors } from './coverage.ts'
import { tiersFor, tiersOfStep } from './tiers.ts'

/** More points than this no screen shows. */
export const BINS_MAX = 10_000

interface Row { readonly at: number; readonly packets: number; readonly bytes: number; readonly sources: number }

/**
 * Points of `step` seconds, aligned to 1970; the first and last may be cut by the range. A bin without a live sensor
 * is a hole: its figures are 0 and unknown.
 */
export async function series(db: Database, dimension: Dimension | 'total', key: Key | null, question: Question, step: number): Promise<SeriesPoint[]> {
  if (step < 60 || step % 60 !== 0) throw new StoreError('request/invalid', { what: 'step', value: step })
  const first = Math.floor(question.from / step) * step
  const count = Math.max(0, Math.ceil((question.to - first) / step))
  if (count > BINS_MAX) throw new StoreError('query/too-wide', { what: 'bins', bins: count, bins_max: BINS_MAX })
  const filter: Filter = { question, dimension, ...(dimension === 'total' || key === null ? {} : { keys: [orStoreError(keyToAddress(dimension, key))] }) }
  const allowed = tiersOfStep(step).filter((tier) => tiersFor(filter).includes(tier))
  const plan = planTiers(question, question.fresh, allowed)
  const b = new Bindings()
  const union = unionRows(b, plan, filter, { groups: ['at'], measures: ['packets', 'bytes', 'sources'], step })
  const [rows, live] = await Promise.all([
    union ? db.rows<Row>(`SELECT at, sum(packets_) AS packets, sum(bytes_) AS bytes, ${MERGE}(sources) AS sources FROM (${union}) GROUP BY at`, b) : [],
    liveSensors(db, question, step),
  ])
  const byBin = new Map(rows.map((row) => [row.at, row]))
  return Array.from({ length: count }, (_, i) => {
    const at = first + i * step
    const row = byBin.get(at)
    const minutes = (Math.min(at + step, question.to) - Math.max(at, question.from)) / 60
    const seen = live.get(at)
    return {
      at, packets: row?.packets ?? 0, bytes: row?.bytes ?? 0, sources: dimension === 'source' ? Number((row?.packets ?? 0) > 0) : (row?.sources ?? 0),
      live_sensors: seen?.live ?? 0, sensor_equivalents: seen && minutes > 0 ? seen.observed_s / 60 / minutes : 0,
    }
  })
}
