import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { observatoryDb } from '../tables.ts'

/** Sensors of an organisation that watch live or wait to be let in, by name, with what they said of themselves last. */
export const liveSensorRows = (db: Kysely<unknown>, organisation_id: number) =>
  observatoryDb(db).selectFrom('sensor').leftJoin('sensor_status as status', 'status.sensor_id', 'sensor.id')
    .select([
      'sensor.id', 'sensor.uuid', 'sensor.name', 'sensor.state', 'sensor.simulated', 'status.last_seen_at', 'status.spool_batches',
      sql<number>`(select least(coalesce(sum(last - first + 1), 0), 9007199254740991)::bigint from sensor_gap where sensor_id = sensor.id)`.as('gap_batches'),
    ])
    .where('sensor.organisation_id', '=', organisation_id).where('sensor.kind', '=', 'live').where('sensor.state', '<>', 'revoked')
    .orderBy('sensor.name').orderBy('sensor.id').execute()
export type LiveSensorRow = Awaited<ReturnType<typeof liveSensorRows>>[number]
