import { fail } from '@hirundo/base'
import { sql, type Kysely } from 'kysely'
import type { Actor, Platform } from '../../platform/module.ts'

/** What the directory needs of the node. */
export type DirectoryTools = Pick<Platform, 'db' | 'world' | 'audit'>

/** Bounds of one organisation; what is beyond is refused. */
export const bounds = {
  teams_max: 5000,
  contacts_of_team_max: 50,
  calendars_max: 300,
  keys_of_team_max: 50,
  constituencies_of_team_max: 2000,
  constituencies_max: 20_000,
  communities_max: 200,
  agreements_max: 2000,
  membership_events_of_team_max: 500,
  languages_max: 30,
  economy_names_max: 300,
  /** Teams of one list that is imported. */
  imported_teams_max: 5000,
  /** Fields that a report of an import names. */
  unread_max: 200,
  /** Overlaps that are listed. */
  overlaps_max: 1000,
} as const

/** Any fixed number with the organisation: who counts, compares and then writes does so alone. */
const DIRECTORY_LOCK = 0x48495249

/** Writes of one organisation's directory one after the other, until the transaction ends. */
export const alone = async (t: Kysely<unknown>, organisation_id: number): Promise<void> =>
  void await sql`select pg_advisory_xact_lock(${DIRECTORY_LOCK}, ${organisation_id})`.execute(t)

export const tooMany = (what: string, max: number) => fail('directory/too-many', { what, max })

/** The entry of the audit, in the transaction of the change. It is never cleared: no text of people, no address stands in it. */
export const note = ({ audit }: DirectoryTools, t: Kysely<unknown>, actor: Actor, action: string, subject: string, detail: Readonly<Record<string, unknown>> = {}): Promise<void> =>
  audit({ organisation_id: actor.organisation_id, actor: actor.actor_id, action, subject, detail }, t)
