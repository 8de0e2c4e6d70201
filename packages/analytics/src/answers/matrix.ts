import type { Database } from '../client.ts'
import { addressToKey } from '../keys.ts'
import type { Key, Question } from '../model.ts'
import { planTiers } from '../plan.ts'
import { Bindings } from '../sql.ts'
import { StoreError } from '../store-error.ts'
import { unionRows, type Filter } from '../union.ts'
import { ranking } from './ranking.ts'
import { tiersFor } from './tiers.ts'

export interface Matrix {
  readonly ports: readonly Key[]
  readonly sensors: readonly number[]
  /** One row per port, one column per sensor. */
  readonly packets: readonly (readonly number[])[]
}

const MATRIX_PORTS_MAX = 200

/** Packets of the first ports at each sensor that saw any of them. */
export async function matrix(db: Database, question: Question, ports: number): Promise<Matrix> {
  if (!Number.isInteger(ports) || ports < 1 || ports > MATRIX_PORTS_MAX) throw new StoreError('request/invalid', { what: 'ports', value: ports })
  const keys = (await ranking(db, { question, dimension: 'port' }, ports)).map((row) => row.key)
  const filter: Filter = { question, dimension: 'port', keys, each_sensor: true }
  const b = new Bindings()
  const plan = planTiers(question, question.fresh, tiersFor(filter))
  const union = keys.length === 0 ? undefined : unionRows(b, plan, filter, { groups: ['key', 'sensor'], measures: ['packets'] })
  const cells = union
    ? await db.rows<{ key: string; sensor: number; packets: number }>(
      `SELECT key, of_sensor AS sensor, sum(packets_) AS packets FROM (${union}) GROUP BY key, of_sensor`, b)
    : []
  const sensors = [...new Set(cells.map((cell) => cell.sensor))].sort((a, b) => a - b)
  const found = new Map(cells.map((cell) => [`${cell.key} ${cell.sensor}`, cell.packets]))
  return {
    ports: keys.map((key) => addressToKey('port', key)), sensors,
    packets: keys.map((key) => sensors.map((sensor) => found.get(`${key} ${sensor}`) ?? 0)),
  }
}
