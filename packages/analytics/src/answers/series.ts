import type { Database } from '../client.ts'
import { keyToAddress } from '../keys.ts'
import type { Dimension, Key, Question, SeriesPoint } from '../model.ts'
import { orStoreError, StoreError } from '../store-error.ts'
import type { Filter } from '../union.ts'
import { bins } from './bins.ts'
import { liveSensors } from './coverage.ts'

/** More points than this no screen shows. */
export const BINS_MAX = 10_000

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
  const [rows, live] = await Promise.all([bins(db, filter, step), liveSensors(db, question, step)])
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
