import { planTiers } from '../plan.ts'
import type { Database } from '../client.ts'
import type { Question } from '../model.ts'
import { StoreError } from '../store-error.ts'
import { Bindings } from '../sql.ts'
import { unionRows, type Filter } from '../union.ts'
import { liveSensors } from './coverage.ts'
import { BINS_MAX } from './series.ts'
import { tiersOfStep } from './tiers.ts'

/** Packets with a tool's fingerprint in a bin; who watched as in a series. */
export interface ToolPoint {
  readonly at: number
  readonly mirai: number
  readonly zmap: number
  readonly masscan: number
  readonly live_sensors: number
  readonly sensor_equivalents: number
}
type Row = Pick<ToolPoint, 'at' | 'mirai' | 'zmap' | 'masscan'>

/** Packets by the fingerprint of the tool that made them, in bins of `step` seconds aligned to 1970. */
export async function tools(db: Database, question: Question, step: number): Promise<ToolPoint[]> {
  const first = Math.floor(question.from / step) * step
  const count = Math.max(0, Math.ceil((question.to - first) / step))
  if (count > BINS_MAX) throw new StoreError('query/too-wide', { what: 'bins', bins: count, bins_max: BINS_MAX })
  const [rows, live] = await Promise.all([toolRows(db, question, step), liveSensors(db, question, step)])
  const byBin = new Map(rows.map((row) => [row.at, row]))
  return Array.from({ length: count }, (_, i) => {
    const at = first + i * step
    const { mirai = 0, zmap = 0, masscan = 0 } = byBin.get(at) ?? {}
    const seen = live.get(at)
    const seconds = Math.min(at + step, question.to) - Math.max(at, question.from)
    return { at, mirai, zmap, masscan, live_sensors: seen?.live ?? 0, sensor_equivalents: seen && seconds > 0 ? seen.observed_s / seconds : 0 }
  })
}

async function toolRows(db: Database, question: Question, step: number): Promise<readonly Row[]> {
  const b = new Bindings()
  const filter: Filter = { question, dimension: 'total' }
  const plan = planTiers(question, question.fresh, tiersOfStep(step))
  const union = unionRows(b, plan, filter, { groups: ['at'], measures: ['tool_mirai', 'tool_zmap', 'tool_masscan'], step })
  if (!union) return []
  return db.rows<Row>(`SELECT at, sum(tool_mirai_) AS mirai, sum(tool_zmap_) AS zmap, sum(tool_masscan_) AS masscan FROM (${union}) GROUP BY at`, b)
}
