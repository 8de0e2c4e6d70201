import type { ConstituencyKind, ConstituencyState } from '@hirundo/contract'
import type { Insertable, Kysely, Updateable } from 'kysely'
import { directoryDb, type ConstituencyRecord, type DirectoryTables } from '../tables.ts'

type Db = Kysely<unknown>

export type ClaimRow = ConstituencyRecord & { readonly team_uuid: string; readonly short_name: string }

/** Claims of teams that are in the directory; what was taken out answers for nothing. */
const claimsIn = (db: Db, organisation_id: number) => directoryDb(db).selectFrom('directory_constituency').innerJoin('directory_team', 'directory_team.id', 'directory_constituency.team_id')
  .selectAll('directory_constituency').select(['directory_team.uuid as team_uuid', 'directory_team.short_name'])
  .where('directory_constituency.organisation_id', '=', organisation_id).where('directory_team.removed_at', 'is', null)

export interface ClaimsAsked {
  readonly team?: string | undefined
  readonly state?: ConstituencyState | undefined
  readonly kind?: ConstituencyKind | undefined
  readonly below?: number | undefined
  readonly limit: number
}

/** Newest first. */
export function pageOfClaims(db: Db, organisation_id: number, { team, state, kind, below, limit }: ClaimsAsked): Promise<ClaimRow[]> {
  let rows = claimsIn(db, organisation_id)
  if (team !== undefined) rows = rows.where('directory_team.uuid', '=', team)
  if (state !== undefined) rows = rows.where('directory_constituency.state', '=', state)
  if (kind !== undefined) rows = rows.where('directory_constituency.kind', '=', kind)
  if (below !== undefined) rows = rows.where('directory_constituency.id', '<', below)
  return rows.orderBy('directory_constituency.id', 'desc').limit(limit).execute()
}

/** All of an organisation, oldest first: at most `constituencies_max`. */
export const allClaims = (db: Db, organisation_id: number): Promise<ClaimRow[]> => claimsIn(db, organisation_id).orderBy('directory_constituency.id').execute()

export const findClaim = (db: Db, organisation_id: number, uuid: string): Promise<ClaimRow | undefined> => claimsIn(db, organisation_id).where('directory_constituency.uuid', '=', uuid).executeTakeFirst()

export const claimsOfTeam = (db: Db, team_id: number): Promise<ConstituencyRecord[]> =>
  directoryDb(db).selectFrom('directory_constituency').selectAll().where('team_id', '=', team_id).orderBy('id').execute()

export async function countClaims(db: Db, where: { readonly organisation_id: number; readonly team_id?: number }): Promise<number> {
  let rows = directoryDb(db).selectFrom('directory_constituency').select((all) => all.fn.countAll().as('count')).where('organisation_id', '=', where.organisation_id)
  if (where.team_id !== undefined) rows = rows.where('team_id', '=', where.team_id)
  return Number((await rows.executeTakeFirstOrThrow()).count)
}

export const insertClaim = (t: Db, row: Insertable<DirectoryTables['directory_constituency']>): Promise<ConstituencyRecord> =>
  directoryDb(t).insertInto('directory_constituency').values(row).returningAll().executeTakeFirstOrThrow()

export const updateClaim = async (t: Db, id: number, set: Updateable<DirectoryTables['directory_constituency']>): Promise<void> =>
  void await directoryDb(t).updateTable('directory_constituency').set(set).where('id', '=', id).execute()

export const deleteClaim = async (t: Db, id: number): Promise<void> => void await directoryDb(t).deleteFrom('directory_constituency').where('id', '=', id).execute()

export interface Approval {
  readonly wider_id: number
  readonly narrower_id: number
  readonly team_id: number
  readonly at: Date
  readonly by: string
}

export const approvalsOf = (db: Db, organisation_id: number): Promise<Approval[]> =>
  directoryDb(db).selectFrom('directory_overlap_approval').select(['wider_id', 'narrower_id', 'team_id', 'at', 'by']).where('organisation_id', '=', organisation_id).execute()

/** Again by the same team: what it said first stands. */
export const insertApproval = async (t: Db, row: Approval & { readonly organisation_id: number }): Promise<void> =>
  void await directoryDb(t).insertInto('directory_overlap_approval').values(row).onConflict((conflict) => conflict.columns(['wider_id', 'narrower_id', 'team_id']).doNothing()).execute()

export const deleteApprovals = async (t: Db, wider_id: number, narrower_id: number): Promise<void> =>
  void await directoryDb(t).deleteFrom('directory_overlap_approval').where('wider_id', '=', wider_id).where('narrower_id', '=', narrower_id).execute()
