import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { observatoryDb } from '../tables.ts'

export interface DirtyPeriod {
  readonly start: number
  /** As it was when it was read: what comes later stays dirty. */
  readonly generation: number
}

/** Periods that have to be computed, newest first: closed ones that have been quiet since `quiet_before`. */
export async function dirtyPeriods(
  db: Kysely<unknown>, tier: 'hour' | 'day', bounds: { readonly from: number; readonly closed_before: number; readonly quiet_before: Date }, limit: number,
): Promise<DirtyPeriod[]> {
  const rows = await observatoryDb(db).selectFrom('rollup_period').select(['start', 'dirty_generation'])
    .where('tier', '=', tier).whereRef('dirty_generation', '<>', 'done_generation')
    .where('start', '>=', bounds.from).where('start', '<', bounds.closed_before).where('dirty_at', '<=', bounds.quiet_before)
    .orderBy('start', 'desc').limit(limit).execute()
  return rows.map(({ start, dirty_generation }) => ({ start, generation: dirty_generation }))
}

/** These periods hold what was there at their generation. */
export async function markDone(db: Kysely<unknown>, tier: 'hour' | 'day', periods: readonly DirtyPeriod[]): Promise<void> {
  const starts = periods.map(({ start }) => start)
  const generations = periods.map(({ generation }) => generation)
  await sql`update rollup_period p set done_generation = seen.generation
    from unnest(${starts}::bigint[], ${generations}::bigint[]) as seen (start, generation)
    where p.tier = ${tier} and p.start = seen.start and p.done_generation < seen.generation`.execute(db)
}

/** Whether anything from `from` to `to` has still to be computed. */
export async function isDirty(db: Kysely<unknown>, from: number, to: number): Promise<boolean> {
  const row = await observatoryDb(db).selectFrom('rollup_period').select('start').whereRef('dirty_generation', '<>', 'done_generation')
    .where('start', '>=', from).where('start', '<', to).limit(1).executeTakeFirst()
  return row !== undefined
}

export async function readFloor(db: Kysely<unknown>, tier: 'raw' | 'hour'): Promise<number> {
  const row = await observatoryDb(db).selectFrom('retention_floor').select('start').where('tier', '=', tier).executeTakeFirstOrThrow()
  return row.start
}

/** A floor never goes down: what was dropped does not come back. */
export const raiseFloor = (db: Kysely<unknown>, tier: 'raw' | 'hour', start: number): Promise<unknown> =>
  observatoryDb(db).updateTable('retention_floor').set({ start }).where('tier', '=', tier).where('start', '<', start).execute()

/** Forgets periods whose raw rows are gone and which will never be computed again. */
export const forgetPeriods = (db: Kysely<unknown>, tier: 'hour' | 'day', before: number): Promise<unknown> =>
  observatoryDb(db).deleteFrom('rollup_period').where('tier', '=', tier).where('start', '<', before).execute()
