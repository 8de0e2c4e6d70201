import type { Insertable, Kysely, Updateable } from 'kysely'
import { directoryDb, type DirectoryTables, type KeyRecord } from '../tables.ts'

type Db = Kysely<unknown>
const keysIn = (db: Db, organisation_id: number) => directoryDb(db).selectFrom('directory_key').selectAll().where('organisation_id', '=', organisation_id)

/** Of teams that are in the directory, newest first. */
export const pageOfKeys = (db: Db, organisation_id: number, { below, limit }: { readonly below?: number | undefined; readonly limit: number }): Promise<(KeyRecord & { readonly team_uuid: string; readonly short_name: string })[]> => {
  let rows = directoryDb(db).selectFrom('directory_key').innerJoin('directory_team', 'directory_team.id', 'directory_key.team_id').selectAll('directory_key')
    .select(['directory_team.uuid as team_uuid', 'directory_team.short_name']).where('directory_key.organisation_id', '=', organisation_id).where('directory_team.removed_at', 'is', null)
  if (below !== undefined) rows = rows.where('directory_key.id', '<', below)
  return rows.orderBy('directory_key.id', 'desc').limit(limit).execute()
}

export const keysOf = (db: Db, team_id: number): Promise<KeyRecord[]> => directoryDb(db).selectFrom('directory_key').selectAll().where('team_id', '=', team_id).orderBy('id').execute()

export const findKey = (db: Db, organisation_id: number, uuid: string): Promise<KeyRecord | undefined> => keysIn(db, organisation_id).where('uuid', '=', uuid).executeTakeFirst()

/** Nobody else changes it until the transaction ends. */
export const lockKey = (t: Db, organisation_id: number, uuid: string): Promise<KeyRecord | undefined> => keysIn(t, organisation_id).where('uuid', '=', uuid).forUpdate().executeTakeFirst()

/** And whether the team that had it was taken out of the directory. */
export async function keyOfFingerprint(db: Db, organisation_id: number, kind: KeyRecord['kind'], fingerprint: string): Promise<(KeyRecord & { readonly is_of_nobody: boolean }) | undefined> {
  const row = await directoryDb(db).selectFrom('directory_key').innerJoin('directory_team', 'directory_team.id', 'directory_key.team_id').selectAll('directory_key').select('removed_at')
    .where('directory_key.organisation_id', '=', organisation_id).where('directory_key.kind', '=', kind).where('fingerprint', '=', fingerprint).executeTakeFirst()
  return row && { ...row, is_of_nobody: row.removed_at !== null }
}

/** Those of `ids`; the keys that vouch for keys. */
export const keysById = (db: Db, ids: readonly number[]): Promise<KeyRecord[]> =>
  (ids.length === 0 ? Promise.resolve([]) : directoryDb(db).selectFrom('directory_key').selectAll().where('id', 'in', ids).execute())

export const insertKey = (t: Db, row: Insertable<DirectoryTables['directory_key']>): Promise<KeyRecord> =>
  directoryDb(t).insertInto('directory_key').values(row).returningAll().executeTakeFirstOrThrow()

export const updateKey = (t: Db, id: number, set: Updateable<DirectoryTables['directory_key']>): Promise<KeyRecord> =>
  directoryDb(t).updateTable('directory_key').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
