import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import { observatoryDb, type ObservatoryTables } from '../tables.ts'

export type SensorRow = Selectable<ObservatoryTables['sensor']>
type Db = Kysely<unknown>

const isUniqueViolation = (error: unknown): boolean => (error as { code?: unknown }).code === '23505'

export const findSensor = (db: Db, uuid: string): Promise<SensorRow | undefined> =>
  observatoryDb(db).selectFrom('sensor').selectAll().where('uuid', '=', uuid).executeTakeFirst()

/** Locks the row, so that its state stays as read until the transaction ends. */
export const lockSensor = (db: Db, organisation_id: number, uuid: string): Promise<SensorRow | undefined> =>
  observatoryDb(db).selectFrom('sensor').selectAll().where('uuid', '=', uuid)
    .where('organisation_id', '=', organisation_id).forUpdate().executeTakeFirst()

export const findByName = (db: Db, organisation_id: number, name: string): Promise<SensorRow | undefined> =>
  observatoryDb(db).selectFrom('sensor').selectAll().where('organisation_id', '=', organisation_id)
    .where('name', '=', name).where('state', '<>', 'revoked').forUpdate().executeTakeFirst()

export type NewSensor = Omit<SensorRow, 'id' | 'revoked_at'>

/** The new row, or undefined when another sensor of the organisation has the name. */
export async function insertSensor(db: Db, sensor: NewSensor): Promise<SensorRow | undefined> {
  try {
    return await observatoryDb(db).insertInto('sensor').values({ ...sensor, revoked_at: null })
      .returningAll().executeTakeFirstOrThrow()
  } catch (error) {
    if (isUniqueViolation(error)) return undefined
    throw error
  }
}

export const updateSensor = (db: Db, id: number, change: Partial<Omit<SensorRow, 'id'>>): Promise<unknown> =>
  observatoryDb(db).updateTable('sensor').set(change).where('id', '=', id).execute()

/** Fixed: two enrolments at once must not both find room. */
const PENDING_LOCK = 0x48495250

/** How many of an organisation wait; until the transaction ends nobody else counts. */
export async function countPending(db: Db, organisation_id: number): Promise<number> {
  await sql`select pg_advisory_xact_lock(${PENDING_LOCK})`.execute(db)
  const row = await observatoryDb(db).selectFrom('sensor').select((e) => e.fn.countAll<number>().as('count'))
    .where('organisation_id', '=', organisation_id).where('state', '=', 'pending').executeTakeFirstOrThrow()
  return Number(row.count)
}

export type EnrolmentTokenRow = Selectable<ObservatoryTables['enrolment_token']>

export const lockEnrolmentToken = (db: Db, hash: Buffer): Promise<EnrolmentTokenRow | undefined> =>
  observatoryDb(db).selectFrom('enrolment_token').selectAll().where('hash', '=', hash).forUpdate().executeTakeFirst()

export const insertEnrolmentToken = (
  db: Db, token: Omit<EnrolmentTokenRow, 'id' | 'used_at' | 'sensor_id'>,
): Promise<unknown> =>
  observatoryDb(db).insertInto('enrolment_token').values({ ...token, used_at: null, sensor_id: null }).execute()

export const spendEnrolmentToken = (db: Db, id: number, sensor_id: number, used_at: Date): Promise<unknown> =>
  observatoryDb(db).updateTable('enrolment_token').set({ sensor_id, used_at }).where('id', '=', id).execute()

/** Sensors with their last heartbeat and what was counted of them, by name; of one organisation or one sensor. */
export const selectViews = (db: Db) =>
  observatoryDb(db).selectFrom('sensor').leftJoin('sensor_status as status', 'status.sensor_id', 'sensor.id')
    .leftJoin('sensor_stored as stored', 'stored.sensor_id', 'sensor.id')
    .selectAll('sensor')
    .select([
      'status.last_seen_at', 'status.clock_offset_ms', 'status.packets_seen', 'status.dropped_kernel',
      'status.malformed', 'status.spool_batches', 'status.spool_bytes', 'status.version as seen_version', 'status.answer',
      'stored.interactions',
      sql<number>`(select count(*) from sensor_gap where sensor_id = sensor.id)`.as('gaps'),
      sql<number>`(select least(coalesce(sum(last - first + 1), 0), 9007199254740991)::bigint from sensor_gap where sensor_id = sensor.id)`.as('gap_batches'),
      sql<number>`(select count(*) from inbox_unread where sensor_id = sensor.id)`.as('quarantined'),
    ])
    .orderBy('sensor.name').orderBy('sensor.id')
export type ViewRow = Awaited<ReturnType<ReturnType<typeof selectViews>['executeTakeFirstOrThrow']>>

const epochs_kept_max = 64

/** Takes the counter when it is above all that were seen in the epoch; false: it is old. */
export async function takeHeartbeatCounter(db: Db, sensor_id: number, epoch: string, counter: number, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await observatoryDb(db).insertInto('heartbeat_counter')
    .values({ sensor_id, epoch, counter, seen_at: at })
    .onConflict((conflict) => conflict.columns(['sensor_id', 'epoch']).doUpdateSet({ counter, seen_at: at })
      .where('heartbeat_counter.counter', '<', counter))
    .executeTakeFirstOrThrow()
  await sql`delete from heartbeat_counter where sensor_id = ${sensor_id} and epoch not in
    (select epoch from heartbeat_counter where sensor_id = ${sensor_id} order by seen_at desc limit ${epochs_kept_max})`.execute(db)
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export type StatusRow = Selectable<ObservatoryTables['sensor_status']>

export async function saveStatus(db: Db, status: StatusRow): Promise<void> {
  const row = { ...status, answer: status.answer && JSON.stringify(status.answer) }
  const { sensor_id: _, ...change } = row
  await observatoryDb(db).insertInto('sensor_status').values(row)
    .onConflict((conflict) => conflict.column('sensor_id').doUpdateSet(change)).execute()
}
