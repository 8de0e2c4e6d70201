import { wallOf } from '@hirundo/base'
import type { ContactView, TeamField, TeamRow, TeamView, Visibility } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { TeamRecord } from '../tables.ts'
import { fieldVisibility, isOpen, isSeenBy } from './model.ts'
import type { ContactWithCalendar } from './store.ts'

/** What other parts of the directory know of a team. */
export type TeamParts = Pick<TeamView, 'keys' | 'constituencies' | 'memberships' | 'agreements'>
export type PartsOf = (db: Kysely<unknown>, team: TeamRecord, audience: Visibility) => Promise<TeamParts>

/** A team as `audience` may see it: what it may not is null, as what is not known. */
export function teamRow(team: TeamRecord, audience: Visibility): TeamRow {
  const seen = <F extends TeamField>(field: F): TeamRecord[F] | null => (isSeenBy(team.visibility[field] ?? fieldVisibility, audience) ? team[field] : null)
  return {
    id: team.uuid, name: team.name, short_name: team.short_name, own: team.own, simulated: team.simulated,
    kind: seen('kind'), host: seen('host'), economy: seen('economy'), time_zone: seen('time_zone'), website: seen('website'), established: seen('established'), node: seen('node'),
  }
}

export function contactView(team: TeamRecord, contact: ContactWithCalendar, now_ms: number): ContactView {
  const { uuid, purpose, channel, value, person, hours, calendar, visibility } = contact
  const time_zone = contact.time_zone ?? team.time_zone
  const wall = wallOf(now_ms, time_zone ?? 'UTC')
  return {
    id: uuid, purpose, channel, value, person, hours, visibility,
    // A zone of the team's that is not for everybody does not show through the hours of a contact that is.
    time_zone: contact.time_zone ?? (hours === null ? null : team.time_zone), calendar: calendar && { id: calendar.uuid, name: calendar.name },
    open: isOpen(hours, new Set(calendar?.days.map(({ date }) => date)), wall),
    holiday: calendar?.days.find(({ date }) => date === wall.date)?.name ?? null,
  }
}

/** One team with those of its contacts that are for `audience`. */
export const teamView = (team: TeamRecord, contacts: readonly ContactWithCalendar[], audience: Visibility, now_ms: number): Omit<TeamView, keyof TeamParts> => ({
  ...teamRow(team, audience),
  // Who sees what is itself for us.
  visibility: audience === 'us' ? team.visibility : {}, version: team.version, changed_at: team.changed_at.toISOString(),
  contacts: contacts.filter(({ visibility }) => isSeenBy(visibility, audience)).map((contact) => contactView(team, contact, now_ms)),
})
