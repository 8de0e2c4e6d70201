import type { Kysely } from 'kysely'
import { observatoryDb } from '../tables.ts'

/** A sensor as those need it who look at what all of them saw. */
export interface WatchingSensor {
  /** The number in rows. */
  readonly id: number
  readonly kind: 'live' | 'import'
  readonly simulated: boolean
  /** Addresses that it said it observes; 0: not known. */
  readonly addresses: number
  /** It was heard of within `live_within_ms`. */
  readonly live: boolean
}

/** Sensors of the organisation that are let in, by number. */
export async function sensorsWatching(db: Kysely<unknown>, organisation_id: number, now_ms: number, live_within_ms: number): Promise<readonly WatchingSensor[]> {
  const rows = await observatoryDb(db).selectFrom('sensor').leftJoin('sensor_status as status', 'status.sensor_id', 'sensor.id')
    .select(['sensor.id', 'sensor.kind', 'sensor.simulated', 'sensor.addresses', 'status.last_seen_at'])
    .where('sensor.organisation_id', '=', organisation_id).where('sensor.state', '=', 'approved').orderBy('sensor.id').execute()
  return rows.map(({ last_seen_at, ...sensor }) => ({ ...sensor, live: sensor.kind === 'live' && last_seen_at !== null && now_ms - last_seen_at.getTime() <= live_within_ms }))
}

/** Organisations that any sensor was ever let in for, by number. */
export async function organisationsWatching(db: Kysely<unknown>): Promise<readonly number[]> {
  const rows = await observatoryDb(db).selectFrom('sensor').select('organisation_id').distinct().where('approved_at', 'is not', null).orderBy('organisation_id').execute()
  return rows.map(({ organisation_id }) => organisation_id)
}
