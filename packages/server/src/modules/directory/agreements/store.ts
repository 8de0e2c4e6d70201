import type { Insertable, Kysely, Updateable } from 'kysely'
import { directoryDb, type AgreementRecord, type DirectoryTables, type PartyRecord } from '../tables.ts'

type Db = Kysely<unknown>

export type PartyRow = PartyRecord & { readonly team_uuid: string; readonly short_name: string }
export type AgreementRow = AgreementRecord & { readonly parties: readonly PartyRow[] }

async function withParties(db: Db, rows: readonly AgreementRecord[]): Promise<AgreementRow[]> {
  if (rows.length === 0) return []
  const parties = await directoryDb(db).selectFrom('directory_agreement_party').innerJoin('directory_team', 'directory_team.id', 'directory_agreement_party.team_id').selectAll('directory_agreement_party')
    .select(['directory_team.uuid as team_uuid', 'directory_team.short_name']).where('agreement_id', 'in', rows.map(({ id }) => id)).orderBy('position').execute()
  const by_agreement = Map.groupBy(parties, ({ agreement_id }) => agreement_id)
  return rows.map((row) => ({ ...row, parties: by_agreement.get(row.id) ?? [] }))
}

const agreementsIn = (db: Db, organisation_id: number) => directoryDb(db).selectFrom('directory_agreement').selectAll('directory_agreement').where('organisation_id', '=', organisation_id)

export interface AgreementsAsked {
  readonly team?: string | undefined
  readonly below?: number | undefined
  readonly limit: number
}

/** Newest first. */
export async function pageOfAgreements(db: Db, organisation_id: number, { team, below, limit }: AgreementsAsked): Promise<AgreementRow[]> {
  let rows = agreementsIn(db, organisation_id)
  if (team !== undefined) {
    rows = rows.where((is) => is.exists(is.selectFrom('directory_agreement_party').innerJoin('directory_team', 'directory_team.id', 'directory_agreement_party.team_id').select('team_id')
      .whereRef('agreement_id', '=', 'directory_agreement.id').where('directory_team.uuid', '=', team)))
  }
  if (below !== undefined) rows = rows.where('directory_agreement.id', '<', below)
  return withParties(db, await rows.orderBy('directory_agreement.id', 'desc').limit(limit).execute())
}

export const findAgreement = async (db: Db, organisation_id: number, uuid: string): Promise<AgreementRow | undefined> =>
  (await withParties(db, await agreementsIn(db, organisation_id).where('uuid', '=', uuid).execute()))[0]

export const countAgreements = async (db: Db, organisation_id: number): Promise<number> =>
  Number((await directoryDb(db).selectFrom('directory_agreement').select((all) => all.fn.countAll().as('count')).where('organisation_id', '=', organisation_id).executeTakeFirstOrThrow()).count)

export const insertAgreement = (t: Db, row: Insertable<DirectoryTables['directory_agreement']>): Promise<AgreementRecord> =>
  directoryDb(t).insertInto('directory_agreement').values(row).returningAll().executeTakeFirstOrThrow()

export const updateAgreement = async (t: Db, id: number, set: Updateable<DirectoryTables['directory_agreement']>): Promise<void> =>
  void await directoryDb(t).updateTable('directory_agreement').set(set).where('id', '=', id).execute()

/** Names the parties anew; nobody has approved then. */
export async function replaceParties(t: Db, agreement_id: number, parties: readonly { readonly team_id: number; readonly discloses: string }[]): Promise<void> {
  await directoryDb(t).deleteFrom('directory_agreement_party').where('agreement_id', '=', agreement_id).execute()
  await directoryDb(t).insertInto('directory_agreement_party').values(parties.map((party, position) => ({ ...party, agreement_id, position }))).execute()
}

export const setApproved = async (t: Db, agreement_id: number, team_id: number, approved_at: Date, approved_by: string): Promise<void> =>
  void await directoryDb(t).updateTable('directory_agreement_party').set({ approved_at, approved_by }).where('agreement_id', '=', agreement_id).where('team_id', '=', team_id).execute()

/** Agreements of all organisations that every party approved, that nobody ended, and that end within these instants: how many. */
export async function countEnding(db: Db, from: Date, to: Date): Promise<number> {
  const { count } = await directoryDb(db).selectFrom('directory_agreement').select((all) => all.fn.countAll().as('count')).where('ended_at', 'is', null).where('expires_at', '>', from).where('expires_at', '<=', to)
    .where((is) => is.not(is.exists(is.selectFrom('directory_agreement_party').select('team_id').whereRef('agreement_id', '=', 'directory_agreement.id').where('approved_at', 'is', null)))).executeTakeFirstOrThrow()
  return Number(count)
}
