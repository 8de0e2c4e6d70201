import { isUuid } from '@hirundo/base'
import { sql, type Insertable, type Kysely, type Updateable } from 'kysely'
import { directoryDb, type CalendarRecord, type ContactRecord, type DirectoryTables, type TeamRecord } from '../tables.ts'

type Db = Kysely<unknown>

const teamsIn = (db: Db, organisation_id: number) => directoryDb(db).selectFrom('directory_team').selectAll().where('organisation_id', '=', organisation_id).where('removed_at', 'is', null)

export interface TeamsAsked {
  readonly economy?: string | undefined
  /** Id, name or short name, in full and without regard to case. */
  readonly name?: string | undefined
  /** Only after this one in the order of the list. */
  readonly after?: { readonly short_name: string; readonly id: number } | undefined
  readonly limit: number
}

/** By short name. */
export function teamsOf(db: Db, organisation_id: number, { economy, name, after, limit }: TeamsAsked): Promise<TeamRecord[]> {
  let rows = teamsIn(db, organisation_id)
  if (economy !== undefined) rows = rows.where('economy', '=', economy)
  if (name !== undefined) rows = rows.where((is) => is.or([is(sql`lower(short_name)`, '=', name.toLowerCase()), is(sql`lower(name)`, '=', name.toLowerCase()), ...(isUuid(name) ? [is('uuid', '=', name)] : [])]))
  if (after !== undefined) rows = rows.where(sql<boolean>`(lower(short_name), id) > (lower(${after.short_name}), ${after.id})`)
  return rows.orderBy(sql`lower(short_name)`).orderBy('id').limit(limit).execute()
}

export const findTeam = (db: Db, organisation_id: number, uuid: string): Promise<TeamRecord | undefined> =>
  teamsIn(db, organisation_id).where('uuid', '=', uuid).executeTakeFirst()

/** Nobody else changes it until the transaction ends. */
export const lockTeam = (t: Db, organisation_id: number, uuid: string): Promise<TeamRecord | undefined> =>
  teamsIn(t, organisation_id).where('uuid', '=', uuid).forUpdate().executeTakeFirst()

export const ownTeam = (db: Db, organisation_id: number): Promise<TeamRecord | undefined> => teamsIn(db, organisation_id).where('own', '=', true).executeTakeFirst()

export const teamOfShortName = (db: Db, organisation_id: number, short_name: string): Promise<TeamRecord | undefined> =>
  teamsIn(db, organisation_id).where(sql`lower(short_name)`, '=', sql<string>`lower(${short_name})`).executeTakeFirst()

const count = async (rows: { execute(): Promise<{ count: number | string | bigint }[]> }): Promise<number> => Number((await rows.execute())[0]!.count)

export const countTeams = (db: Db, organisation_id: number): Promise<number> =>
  count(directoryDb(db).selectFrom('directory_team').select((all) => all.fn.countAll().as('count')).where('organisation_id', '=', organisation_id).where('removed_at', 'is', null))

export const insertTeam = (t: Db, row: Insertable<DirectoryTables['directory_team']>): Promise<TeamRecord> =>
  directoryDb(t).insertInto('directory_team').values(row).returningAll().executeTakeFirstOrThrow()

export const updateTeam = (t: Db, id: number, set: Updateable<DirectoryTables['directory_team']>): Promise<TeamRecord> =>
  directoryDb(t).updateTable('directory_team').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export type ContactWithCalendar = ContactRecord & { readonly calendar: CalendarRecord | null }

/** Points of contact of teams, in the order in which they were entered, by team. */
export async function contactsOf(db: Db, team_ids: readonly number[]): Promise<Map<number, ContactWithCalendar[]>> {
  const found = new Map<number, ContactWithCalendar[]>(team_ids.map((id) => [id, []]))
  if (team_ids.length === 0) return found
  const rows = await directoryDb(db).selectFrom('directory_contact').selectAll().where('team_id', 'in', team_ids).orderBy('id').execute()
  const calendar_ids = [...new Set(rows.flatMap(({ calendar_id }) => calendar_id ?? []))]
  const calendars = calendar_ids.length === 0 ? [] : await directoryDb(db).selectFrom('directory_calendar').selectAll().where('id', 'in', calendar_ids).execute()
  for (const row of rows) found.get(row.team_id)!.push({ ...row, calendar: calendars.find(({ id }) => id === row.calendar_id) ?? null })
  return found
}

export const insertContact = (t: Db, row: Insertable<DirectoryTables['directory_contact']>): Promise<ContactRecord> =>
  directoryDb(t).insertInto('directory_contact').values(row).returningAll().executeTakeFirstOrThrow()

/** The row that is gone; undefined: there was none. */
export const deleteContact = (t: Db, organisation_id: number, uuid: string): Promise<ContactRecord | undefined> =>
  directoryDb(t).deleteFrom('directory_contact').where('organisation_id', '=', organisation_id).where('uuid', '=', uuid).returningAll().executeTakeFirst()

export const deleteContactsOf = async (t: Db, team_id: number): Promise<void> => void await directoryDb(t).deleteFrom('directory_contact').where('team_id', '=', team_id).execute()

const calendarsIn = (db: Db, organisation_id: number) => directoryDb(db).selectFrom('directory_calendar').selectAll('directory_calendar').where('directory_calendar.organisation_id', '=', organisation_id)

/** By name, with the number of contacts that use each. */
export const calendarsOf = async (db: Db, organisation_id: number): Promise<(CalendarRecord & { readonly contacts: number })[]> =>
  (await calendarsIn(db, organisation_id).leftJoin('directory_contact', 'directory_contact.calendar_id', 'directory_calendar.id')
    .select((one) => one.fn.count('directory_contact.id').as('contacts')).groupBy('directory_calendar.id').orderBy(sql`lower(directory_calendar.name)`).execute())
    .map((row) => ({ ...row, contacts: Number(row.contacts) }))

export const findCalendar = (db: Db, organisation_id: number, uuid: string): Promise<CalendarRecord | undefined> => calendarsIn(db, organisation_id).where('directory_calendar.uuid', '=', uuid).executeTakeFirst()

export const insertCalendar = (t: Db, row: Insertable<DirectoryTables['directory_calendar']>): Promise<CalendarRecord> =>
  directoryDb(t).insertInto('directory_calendar').values(row).returningAll().executeTakeFirstOrThrow()

export const updateCalendar = (t: Db, id: number, set: Updateable<DirectoryTables['directory_calendar']>): Promise<CalendarRecord> =>
  directoryDb(t).updateTable('directory_calendar').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export const deleteCalendar = async (t: Db, id: number): Promise<void> => void await directoryDb(t).deleteFrom('directory_calendar').where('id', '=', id).execute()

/** Id and short name of teams, also of those that were taken out. */
export async function teamRefs(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, { readonly id: string; readonly short_name: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await directoryDb(db).selectFrom('directory_team').select(['id', 'uuid', 'short_name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, uuid, short_name }) => [id, { id: uuid, short_name }]))
}

/** Organisations that have entered teams, and whether one of them is us. */
export async function organisationsWithTeams(db: Db): Promise<{ readonly organisation_id: number; readonly knows_us: boolean }[]> {
  const rows = await directoryDb(db).selectFrom('directory_team').select(['organisation_id', (one) => one.fn<boolean>('bool_or', ['own']).as('own')]).where('removed_at', 'is', null).groupBy('organisation_id').execute()
  return rows.map(({ organisation_id, own }) => ({ organisation_id, knows_us: own }))
}
