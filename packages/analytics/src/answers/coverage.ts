import type { Database } from '../client.ts'
import type { Question } from '../model.ts'
import { planTiers, segmentsOf, type Plan } from '../plan.ts'
import type { Tier } from '../schema/tables.ts'
import { Bindings } from '../sql.ts'
import { atSql, times } from '../union.ts'
import { tiersOfStep } from './tiers.ts'

interface Columns { readonly raw: string; readonly rollup: string }

/** Rows of `sensor_minute` and its rollups under one another. */
function unionCoverage(b: Bindings, plan: Plan, question: Question, columns: Columns): string | undefined {
  const sensors = () => (question.sensors ? ` AND sensor IN ${b.bind(question.sensors, 'Array(UInt32)')}` : '')
  const of = (table: string, list: string, column: string, tier: Tier | 'raw') => {
    const segments = segmentsOf(plan, tier)
    if (segments.length === 0) return []
    return [`SELECT ${list} FROM ${table} WHERE organisation = ${b.bind(question.organisation, 'UInt32')}${sensors()} AND ${times(b, column, segments)}`]
  }
  const parts = [
    ...of('coverage_day', columns.rollup, 'bin', 'day'),
    ...of('coverage_hour', columns.rollup, 'bin', 'hour'),
    ...of('sensor_minute', columns.raw, 'minute', 'raw'),
  ]
  return parts.length === 0 ? undefined : parts.join('\nUNION ALL\n')
}

/** Sensors that watched in each bin, and for how many seconds together. */
export async function liveSensors(db: Database, question: Question, step: number): Promise<Map<number, { live: number; observed_s: number }>> {
  const b = new Bindings()
  const plan = planTiers(question, question.fresh, tiersOfStep(step))
  const union = unionCoverage(b, plan, question, {
    raw: `sensor, observed_s, ${atSql('minute', step)}`, rollup: `sensor, observed_s, ${atSql('bin', step)}`,
  })
  if (!union) return new Map()
  const rows = await db.rows<{ at: number; live: number; seconds: number }>(
    `SELECT at, uniqExact(sensor) AS live, sum(observed_s) AS seconds FROM (${union}) WHERE observed_s > 0 GROUP BY at`, b)
  return new Map(rows.map((row) => [row.at, { live: row.live, observed_s: row.seconds }]))
}

export interface SensorBin {
  readonly sensor: number
  readonly at: number
  readonly observed_s: number
}

/** For how many seconds each sensor watched in each bin; bins in which it did not are left out. */
export function watched(db: Database, question: Question, step: number): Promise<SensorBin[]> {
  const b = new Bindings()
  const union = unionCoverage(b, planTiers(question, question.fresh, tiersOfStep(step)), question, {
    raw: `sensor, observed_s AS seconds, ${atSql('minute', step)}`, rollup: `sensor, observed_s AS seconds, ${atSql('bin', step)}`,
  })
  if (!union) return Promise.resolve([])
  return db.rows<SensorBin>(
    `SELECT sensor, at, sum(seconds) AS observed_s FROM (${union}) WHERE seconds > 0 GROUP BY sensor, at ORDER BY sensor, at`, b)
}

export interface SensorCoverage {
  readonly sensor: number
  readonly observed_s: number
  readonly dropped: number
  readonly last_minute: number
}

/** Per sensor: seconds watched and packets dropped in the range. */
export async function coverage(db: Database, question: Question): Promise<SensorCoverage[]> {
  const b = new Bindings()
  const plan = planTiers(question, question.fresh, ['day', 'hour'])
  const union = unionCoverage(b, plan, question, {
    raw: 'sensor, observed_s, dropped, minute AS last', rollup: 'sensor, observed_s, dropped, last_minute AS last',
  })
  if (!union) return []
  return db.rows<SensorCoverage>(
    `SELECT sensor, sum(observed_s) AS observed_s, sum(dropped) AS dropped, toUInt32(max(last)) AS last_minute FROM (${union}) GROUP BY sensor ORDER BY sensor`, b)
}
