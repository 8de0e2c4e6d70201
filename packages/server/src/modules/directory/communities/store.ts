import { sql, type Insertable, type Kysely, type Updateable } from 'kysely'
import { directoryDb, type CommunityRecord, type DirectoryTables, type MembershipRecord } from '../tables.ts'

type Db = Kysely<unknown>

/** By short name. */
export const communitiesOf = (db: Db, organisation_id: number): Promise<CommunityRecord[]> =>
  directoryDb(db).selectFrom('directory_community').selectAll().where('organisation_id', '=', organisation_id).orderBy(sql`lower(short_name)`).execute()

export const findCommunity = (db: Db, organisation_id: number, uuid: string): Promise<CommunityRecord | undefined> =>
  directoryDb(db).selectFrom('directory_community').selectAll().where('organisation_id', '=', organisation_id).where('uuid', '=', uuid).executeTakeFirst()

export const insertCommunity = (t: Db, row: Insertable<DirectoryTables['directory_community']>): Promise<CommunityRecord> =>
  directoryDb(t).insertInto('directory_community').values(row).returningAll().executeTakeFirstOrThrow()

export const updateCommunity = (t: Db, id: number, set: Updateable<DirectoryTables['directory_community']>): Promise<CommunityRecord> =>
  directoryDb(t).updateTable('directory_community').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export type EventRow = MembershipRecord & { readonly team_uuid: string; readonly team_short_name: string }

const events = (db: Db) => directoryDb(db).selectFrom('directory_membership_event').innerJoin('directory_team', 'directory_team.id', 'directory_membership_event.team_id')
  .selectAll('directory_membership_event').select(['directory_team.uuid as team_uuid', 'directory_team.short_name as team_short_name'])

/** In the order in which they were recorded. */
export function eventsOf(db: Db, where: { readonly organisation_id: number; readonly community_id?: number; readonly team_id?: number }): Promise<EventRow[]> {
  let rows = events(db).where('directory_membership_event.organisation_id', '=', where.organisation_id)
  if (where.community_id !== undefined) rows = rows.where('directory_membership_event.community_id', '=', where.community_id)
  if (where.team_id !== undefined) rows = rows.where('directory_membership_event.team_id', '=', where.team_id)
  return rows.orderBy('directory_membership_event.id').execute()
}

/** Newest record first. */
export function pageOfEvents(db: Db, community_id: number, { team, below, limit }: { readonly team?: string | undefined; readonly below?: number | undefined; readonly limit: number }): Promise<EventRow[]> {
  let rows = events(db).where('directory_membership_event.community_id', '=', community_id)
  if (team !== undefined) rows = rows.where('directory_team.uuid', '=', team)
  if (below !== undefined) rows = rows.where('directory_membership_event.id', '<', below)
  return rows.orderBy('directory_membership_event.id', 'desc').limit(limit).execute()
}

export const insertEvent = (t: Db, row: Insertable<DirectoryTables['directory_membership_event']>): Promise<MembershipRecord> =>
  directoryDb(t).insertInto('directory_membership_event').values(row).returningAll().executeTakeFirstOrThrow()

/** Memberships of all organisations of which some suspension was to be reviewed by a day, whether it still holds or not. */
export const suspendedWithReview = (db: Db, day: string): Promise<{ organisation_id: number; community_id: number; team_id: number }[]> =>
  directoryDb(db).selectFrom('directory_membership_event').select(['organisation_id', 'community_id', 'team_id']).distinct().where('kind', '=', 'suspended').where('review_on', '<=', day).execute()
