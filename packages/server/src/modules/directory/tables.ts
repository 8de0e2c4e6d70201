import type { ContactChannel, ContactPurpose, Holiday, Hours, NodeMode, TeamField, TeamKind, Visibility } from '@hirundo/contract'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'

/** Tables of the directory, as `migrations` make them. */
export interface DirectoryTables {
  directory_team: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    name: string
    short_name: string
    kind: TeamKind
    host: string | null
    economy: string | null
    time_zone: string | null
    website: string | null
    established: string | null
    node: NodeMode
    own: boolean
    simulated: boolean
    /** Of each field that is not seen by the default. */
    visibility: JSONColumnType<Partial<Record<TeamField, Visibility>>>
    version: Generated<number>
    created_at: Date
    created_by: string
    changed_at: Date
    /** Taken out of the directory; what rests on it keeps its name. */
    removed_at: Generated<Date | null>
  }
  directory_calendar: { id: Generated<number>; uuid: string; organisation_id: number; name: string; days: JSONColumnType<readonly Holiday[]> }
  directory_contact: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    team_id: number
    purpose: ContactPurpose
    channel: ContactChannel
    value: string
    person: string | null
    /** null: around the clock. */
    hours: JSONColumnType<Hours | null>
    time_zone: string | null
    calendar_id: number | null
    visibility: Visibility
  }
}

export type TeamRecord = Selectable<DirectoryTables['directory_team']>
export type ContactRecord = Selectable<DirectoryTables['directory_contact']>
export type CalendarRecord = Selectable<DirectoryTables['directory_calendar']>

/** The same database, seen with the tables of the directory. */
export const directoryDb = (db: Kysely<unknown>): Kysely<DirectoryTables> => db as unknown as Kysely<DirectoryTables>
