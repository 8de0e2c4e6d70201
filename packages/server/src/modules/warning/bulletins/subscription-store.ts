import type { Insertable, Kysely, Updateable } from 'kysely'
import { bulletinDb, type BulletinTables, type SubscriptionRecord } from './tables.ts'

type Db = Kysely<unknown>

export const listOf = (db: Db, organisation_id: number): Promise<SubscriptionRecord[]> =>
  bulletinDb(db).selectFrom('warning_subscription').selectAll().where('organisation_id', '=', organisation_id).where('removed_at', 'is', null).orderBy('id').execute()

/** Those that hear of something now. */
export const listeningTo = (db: Db, organisation_id: number, subject: SubscriptionRecord['subject']): Promise<SubscriptionRecord[]> =>
  bulletinDb(db).selectFrom('warning_subscription').selectAll().where('organisation_id', '=', organisation_id).where('subject', '=', subject)
    .where('active', '=', true).where('removed_at', 'is', null).orderBy('id').execute()

const selectOne = (db: Db, organisation_id: number, uuid: string) =>
  bulletinDb(db).selectFrom('warning_subscription').selectAll().where('organisation_id', '=', organisation_id).where('uuid', '=', uuid).where('removed_at', 'is', null)

export const findSubscription = (db: Db, organisation_id: number, uuid: string): Promise<SubscriptionRecord | undefined> => selectOne(db, organisation_id, uuid).executeTakeFirst()

/** Locks the row until the transaction ends; others may still refer to it. */
export const lockSubscription = (t: Db, organisation_id: number, uuid: string): Promise<SubscriptionRecord | undefined> =>
  selectOne(t, organisation_id, uuid).forNoKeyUpdate().executeTakeFirst()

/** Also one that was removed: what was sent by it is still told. */
export const subscriptionById = (db: Db, id: number): Promise<SubscriptionRecord> =>
  bulletinDb(db).selectFrom('warning_subscription').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

export const insertSubscription = (t: Db, row: Insertable<BulletinTables['warning_subscription']>): Promise<SubscriptionRecord> =>
  bulletinDb(t).insertInto('warning_subscription').values(row).returningAll().executeTakeFirstOrThrow()

export const updateSubscription = (t: Db, id: number, change: Updateable<BulletinTables['warning_subscription']>): Promise<SubscriptionRecord> =>
  bulletinDb(t).updateTable('warning_subscription').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
