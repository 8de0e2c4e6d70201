import { fail, isTimeZone, ok, uuidV4, type Result } from '@hirundo/base'
import { teamFields, type NewContact, type NewTeam } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import type { ContactRecord, TeamRecord } from '../tables.ts'
import { alone, bounds, note, tooMany, type DirectoryTools } from '../tools.ts'
import { contactVisibility, isHours, isPartOfDate } from './model.ts'
import {
  contactsOf, countTeams, deleteContact, deleteContactsOf, findCalendar, insertContact, insertTeam, lockTeam, ownTeam, teamOfShortName, updateTeam,
} from './store.ts'

type Db = Kysely<unknown>

const invalid = (what: string) => fail('request/invalid', { what })

/** An http(s) URL without user and password, as it is written by the standard; undefined: it is none. */
function webAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined
}

type Fields = Pick<TeamRecord, 'name' | 'short_name' | 'kind' | 'host' | 'economy' | 'time_zone' | 'website' | 'established' | 'node' | 'own' | 'simulated'> & { readonly visibility: string }

/** What is kept of a request. Problem: `request/invalid` with the field. */
export function fieldsOf(body: NewTeam): Result<Fields> {
  const [name, short_name] = [body.name.trim(), body.short_name.trim()]
  if (name === '' || short_name === '') return invalid(name === '' ? 'name' : 'short_name')
  if (body.time_zone != null && !isTimeZone(body.time_zone)) return invalid('time_zone')
  if (body.established != null && !isPartOfDate(body.established)) return invalid('established')
  const website = body.website == null ? null : webAddress(body.website)
  if (website === undefined) return invalid('website')
  const visibility = Object.fromEntries(teamFields.flatMap((field) => (body.visibility?.[field] === undefined ? [] : [[field, body.visibility[field]]])))
  return ok({
    name, short_name, kind: body.kind, host: body.host ?? null, economy: body.economy ?? null, time_zone: body.time_zone ?? null, website, established: body.established ?? null,
    node: body.node ?? 'mail-only', own: body.own ?? false, simulated: body.simulated ?? false, visibility: JSON.stringify(visibility),
  })
}

/** Problems: `team/name-taken`, `team/own-exists`. */
async function roomFor(t: Db, organisation_id: number, { short_name, own }: Fields, mine?: number): Promise<Result<undefined>> {
  const same = await teamOfShortName(t, organisation_id, short_name)
  if (same && same.id !== mine) return fail('team/name-taken')
  const us = own ? await ownTeam(t, organisation_id) : undefined
  return us && us.id !== mine ? fail('team/own-exists', { own: us.short_name }) : ok(undefined)
}

/** Enters a team within a transaction that is `alone`. Problems: those of `addTeam`. */
export async function insertNewTeam(tools: DirectoryTools, t: Db, actor: Actor, body: NewTeam): Promise<Result<TeamRecord>> {
  const fields = fieldsOf(body)
  if (!fields.ok) return fields
  if ((await countTeams(t, actor.organisation_id)) >= bounds.teams_max) return tooMany('teams', bounds.teams_max)
  const room = await roomFor(t, actor.organisation_id, fields.value)
  if (!room.ok) return room
  const now = new Date(tools.world.now())
  const row = await insertTeam(t, { ...fields.value, uuid: uuidV4(tools.world), organisation_id: actor.organisation_id, created_at: now, created_by: actor.name, changed_at: now })
  await note(tools, t, actor, 'team.add', row.uuid, { own: row.own, simulated: row.simulated })
  return ok(row)
}

/** Problems: `request/invalid`, `team/name-taken`, `team/own-exists`, `directory/too-many`. */
export const addTeam = (tools: DirectoryTools, actor: Actor, body: NewTeam): Promise<Result<TeamRecord>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  return insertNewTeam(tools, t, actor, body)
})

/** Problems: `team/not-found`, `team/changed-meanwhile`, `team/name-taken`, `team/own-exists`, `request/invalid`. */
export const changeTeam = (tools: DirectoryTools, actor: Actor, uuid: string, body: NewTeam & { readonly version: number }): Promise<Result<TeamRecord>> =>
  tools.db.transaction().execute(async (t) => {
    await alone(t, actor.organisation_id)
    const team = await lockTeam(t, actor.organisation_id, uuid)
    if (!team) return fail('team/not-found')
    if (team.version !== body.version) return fail('team/changed-meanwhile', { version: team.version })
    const fields = fieldsOf(body)
    if (!fields.ok) return fields
    const room = await roomFor(t, actor.organisation_id, fields.value, team.id)
    if (!room.ok) return room
    const row = await updateTeam(t, team.id, { ...fields.value, version: team.version + 1, changed_at: new Date(tools.world.now()) })
    const changed = Object.keys(fields.value).filter((name) => JSON.stringify(row[name as keyof TeamRecord]) !== JSON.stringify(team[name as keyof TeamRecord]))
    await note(tools, t, actor, 'team.change', row.uuid, { fields: changed })
    return ok(row)
  })

/** What keeps a team from being taken out of the directory, in one word; undefined: nothing. */
export type Rest = (t: Db, team: TeamRecord) => Promise<string | undefined>

/** Problems: `team/not-found`, `team/in-use` with what rests on it. */
export const removeTeam = (tools: DirectoryTools, actor: Actor, uuid: string, rests: readonly Rest[] = []): Promise<Result<object>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const team = await lockTeam(t, actor.organisation_id, uuid)
  if (!team) return fail('team/not-found')
  if (team.own) return fail('team/in-use', { by: 'us' })
  for (const rest of rests) {
    const by = await rest(t, team)
    if (by !== undefined) return fail('team/in-use', { by })
  }
  await deleteContactsOf(t, team.id)
  await updateTeam(t, team.id, { removed_at: new Date(tools.world.now()) })
  await note(tools, t, actor, 'team.remove', team.uuid)
  return ok({})
})

/** Problems: `team/not-found`, `calendar/not-found`, `request/invalid`, `directory/too-many`. */
export const addContact = (tools: DirectoryTools, actor: Actor, uuid: string, body: NewContact): Promise<Result<{ readonly team: TeamRecord; readonly contact: ContactRecord }>> =>
  tools.db.transaction().execute(async (t) => {
    const team = await lockTeam(t, actor.organisation_id, uuid)
    if (!team) return fail('team/not-found')
    if ((await contactsOf(t, [team.id])).get(team.id)!.length >= bounds.contacts_of_team_max) return tooMany('contacts', bounds.contacts_of_team_max)
    if (body.hours != null && !isHours(body.hours)) return invalid('hours')
    if (body.time_zone != null && !isTimeZone(body.time_zone)) return invalid('time_zone')
    // Hours and holidays mean nothing where no wall is named.
    if ((body.hours != null || body.calendar != null) && body.time_zone == null && team.time_zone === null) return invalid('time_zone')
    const calendar = body.calendar == null ? undefined : await findCalendar(t, actor.organisation_id, body.calendar)
    if (body.calendar != null && !calendar) return fail('calendar/not-found')
    const contact = await insertContact(t, {
      uuid: uuidV4(tools.world), organisation_id: actor.organisation_id, team_id: team.id, purpose: body.purpose, channel: body.channel, value: body.value.trim(), person: body.person ?? null,
      hours: JSON.stringify(body.hours ?? null), time_zone: body.time_zone ?? null, calendar_id: calendar?.id ?? null, visibility: body.visibility ?? contactVisibility,
    })
    await note(tools, t, actor, 'contact.add', contact.uuid, { team: team.uuid, purpose: contact.purpose, channel: contact.channel, visibility: contact.visibility })
    return ok({ team, contact })
  })

/** Problem: `contact/not-found`. */
export const removeContact = (tools: DirectoryTools, actor: Actor, uuid: string): Promise<Result<object>> => tools.db.transaction().execute(async (t) => {
  const gone = await deleteContact(t, actor.organisation_id, uuid)
  if (!gone) return fail('contact/not-found')
  await note(tools, t, actor, 'contact.remove', gone.uuid, { purpose: gone.purpose, channel: gone.channel })
  return ok({})
})
