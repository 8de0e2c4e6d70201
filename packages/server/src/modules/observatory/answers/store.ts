import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { observatoryDb } from '../tables.ts'

/** A sensor as questions need it. */
export interface AskedSensor {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly simulated: boolean
  readonly kind: 'live' | 'import'
  readonly approved_at: Date | null
  readonly revoked_at: Date | null
  readonly gap_batches: number
}

/** Sensors of an organisation that were ever let in. */
export async function askedSensors(db: Kysely<unknown>, organisation_id: number): Promise<readonly AskedSensor[]> {
  return observatoryDb(db).selectFrom('sensor')
    .select(['id', 'uuid', 'name', 'simulated', 'kind', 'approved_at', 'revoked_at',
      sql<number>`(select least(coalesce(sum(last - first + 1), 0), 9007199254740991)::bigint from sensor_gap where sensor_id = sensor.id)`.as('gap_batches')])
    .where('organisation_id', '=', organisation_id).where('approved_at', 'is not', null).orderBy('name').orderBy('id').execute()
}

export async function asNames(db: Kysely<unknown>, asns: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (asns.length === 0) return new Map()
  const rows = await observatoryDb(db).selectFrom('as_name').selectAll().where('asn', 'in', [...asns]).execute()
  return new Map(rows.map(({ asn, name }) => [asn, name]))
}

export interface Stored {
  readonly rows: number
  readonly packets: number
  readonly late_packets: number
  readonly interactions: number
  readonly late_interactions: number
}

/** What is queryable of one organisation. */
export async function storedOf(db: Kysely<unknown>, organisation_id: number): Promise<Stored> {
  return observatoryDb(db).selectFrom('sensor_stored').innerJoin('sensor', 'sensor.id', 'sensor_stored.sensor_id')
    .where('sensor.organisation_id', '=', organisation_id)
    .select([
      sql<number>`coalesce(sum(rows), 0)::bigint`.as('rows'), sql<number>`coalesce(sum(packets), 0)::bigint`.as('packets'),
      sql<number>`coalesce(sum(late_packets), 0)::bigint`.as('late_packets'),
      sql<number>`coalesce(sum(interactions), 0)::bigint`.as('interactions'), sql<number>`coalesce(sum(late_interactions), 0)::bigint`.as('late_interactions'),
    ]).executeTakeFirstOrThrow()
}

/** Interactions stored so far, of all organisations. */
export async function interactionsStored(db: Kysely<unknown>): Promise<number> {
  const { sum } = await observatoryDb(db).selectFrom('sensor_stored').select(sql<number>`coalesce(sum(interactions), 0)::bigint`.as('sum')).executeTakeFirstOrThrow()
  return sum
}

/** Blocks, kept-aside batches of the organisation, and what the rollups have still to do. */
export async function progressOf(db: Kysely<unknown>, organisation_id: number) {
  const { rows: [row] } = await sql<{
    blocks: number; blocks_pending: number; quarantined: number; unknown_kinds: number; hours_to_roll: number; days_to_roll: number
  }>`select
    (select count(*) from inbox_block where done_at is not null) as blocks,
    (select count(*) from inbox_block where done_at is null) as blocks_pending,
    (select count(*) from inbox_unread u join sensor s on s.id = u.sensor_id where s.organisation_id = ${organisation_id} and why <> 'unknown-kind') as quarantined,
    (select count(*) from inbox_unread u join sensor s on s.id = u.sensor_id where s.organisation_id = ${organisation_id} and why = 'unknown-kind') as unknown_kinds,
    (select count(*) from rollup_period where tier = 'hour' and dirty_generation <> done_generation) as hours_to_roll,
    (select count(*) from rollup_period where tier = 'day' and dirty_generation <> done_generation) as days_to_roll`.execute(db)
  return row!
}
