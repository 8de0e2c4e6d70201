import type { Database } from '../client.ts'
import type { Question } from '../model.ts'
import { Bindings } from '../sql.ts'

export interface SensorMinute {
  readonly sensor: number
  readonly at: number
  /** Packets that counted, whoever sent them. */
  readonly packets: number
  readonly observed_s: number
}

/** What each sensor says of each minute, from the raw rows alone: for the last hours, not for history. */
export async function sensorMinutes(db: Database, question: Question): Promise<SensorMinute[]> {
  const b = new Bindings()
  const sensors = question.sensors ? ` AND sensor IN ${b.bind(question.sensors, 'Array(UInt32)')}` : ''
  return db.rows<SensorMinute>(
    'SELECT sensor, toUInt32(minute) AS at, sum(counted) AS packets, sum(observed_s) AS observed_s FROM sensor_minute ' +
      `WHERE organisation = ${b.bind(question.organisation, 'UInt32')}${sensors} AND minute >= ${b.time(question.from)} AND minute < ${b.time(question.to)} ` +
      'GROUP BY sensor, minute ORDER BY sensor, at', b)
}
