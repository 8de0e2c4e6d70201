import type { BulletinRow } from '@hirundo/contract'
import { sql, type Insertable, type Kysely, type Updateable } from 'kysely'
import { bulletinDb, type BulletinRecord, type BulletinTables } from './tables.ts'

type Db = Kysely<unknown>

/** The next number of the year; nobody else takes one until the transaction ends, so that none is skipped. */
export async function nextSerial(t: Db, organisation_id: number, year: number): Promise<number> {
  const row = await bulletinDb(t).insertInto('bulletin_number').values({ organisation_id, year, last: 1 })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'year']).doUpdateSet({ last: sql`bulletin_number.last + 1` })).returning('last').executeTakeFirstOrThrow()
  return row.last
}

/** The new row; undefined when the finding has a draft meanwhile. */
export async function insertBulletin(t: Db, row: Insertable<BulletinTables['bulletin']>): Promise<BulletinRecord | undefined> {
  return bulletinDb(t).insertInto('bulletin').values(row)
    .onConflict((conflict) => conflict.columns(['organisation_id', 'finding']).where('state', '=', 'draft').doNothing()).returningAll().executeTakeFirst()
}

export const draftOf = (db: Db, organisation_id: number, finding: string): Promise<BulletinRecord | undefined> =>
  bulletinDb(db).selectFrom('bulletin').selectAll().where('organisation_id', '=', organisation_id).where('finding', '=', finding).where('state', '=', 'draft').executeTakeFirst()

/** By its id, or by its number in any case. */
export function findBulletin(db: Db, organisation_id: number, ref: string): Promise<BulletinRecord | undefined> {
  const rows = bulletinDb(db).selectFrom('bulletin').selectAll().where('organisation_id', '=', organisation_id)
  const [, year, serial] = /^HB-(\d{4})-(\d{4,9})$/i.exec(ref) ?? []
  return (year === undefined ? rows.where('uuid', '=', ref) : rows.where('year', '=', Number(year)).where('serial', '=', Number(serial))).executeTakeFirst()
}

/** Locks the row until the transaction ends. */
export const lockBulletin = (t: Db, organisation_id: number, uuid: string): Promise<BulletinRecord | undefined> =>
  bulletinDb(t).selectFrom('bulletin').selectAll().where('organisation_id', '=', organisation_id).where('uuid', '=', uuid).forUpdate().executeTakeFirst()

export const updateBulletin = (t: Db, id: number, change: Updateable<BulletinTables['bulletin']>): Promise<BulletinRecord> =>
  bulletinDb(t).updateTable('bulletin').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export interface BulletinPage {
  readonly state?: BulletinRecord['state'] | undefined
  /** Number of the last row of the page before. */
  readonly below?: number | undefined
  readonly limit: number
}

/** Newest first. */
export function pageOf(db: Db, organisation_id: number, { state, below, limit }: BulletinPage): Promise<BulletinRecord[]> {
  let rows = bulletinDb(db).selectFrom('bulletin').selectAll().where('organisation_id', '=', organisation_id).orderBy('id', 'desc').limit(limit)
  if (state !== undefined) rows = rows.where('state', '=', state)
  if (below !== undefined) rows = rows.where('id', '<', below)
  return rows.execute()
}

/** How deliveries of bulletins stand, by UUID; what nobody knows counts with what failed: a person has to look. */
export async function countsOf(db: Db, uuids: readonly string[]): Promise<ReadonlyMap<string, BulletinRow['deliveries']>> {
  const counts = new Map(uuids.map((uuid) => [uuid, { waiting: 0, sent: 0, failed: 0 }]))
  if (uuids.length === 0) return counts
  const rows = await bulletinDb(db).selectFrom('warning_delivery').select(['object', 'state', (e) => e.fn.countAll<number>().as('count')])
    .where('object', 'in', [...uuids]).where('what', '=', 'released').groupBy(['object', 'state']).execute()
  for (const { object, state, count } of rows) counts.get(object)![state === 'unknown' ? 'failed' : state] += Number(count)
  return counts
}

/** Bulletins drafted from a finding, newest first, as its page names them. */
export const bulletinsOfFinding = (db: Db, organisation_id: number, finding: string): Promise<Pick<BulletinRecord, 'uuid' | 'year' | 'serial' | 'state'>[]> =>
  bulletinDb(db).selectFrom('bulletin').select(['uuid', 'year', 'serial', 'state']).where('organisation_id', '=', organisation_id).where('finding', '=', finding).orderBy('id', 'desc').execute()
