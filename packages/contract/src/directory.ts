import { Type, type Static } from 'typebox'
import { agreementRoutes, AgreementView } from './directory-agreements.ts'
import { communityRoutes, MembershipView } from './directory-communities.ts'
import { ConstituencyView, constituencyRoutes } from './directory-constituencies.ts'
import { exchangeRoutes } from './directory-exchange.ts'
import { KeyView, keyRoutes } from './directory-keys.ts'
import { CalendarView, ContactView, EconomyCode, NewCalendar, NewContact, NewTeam, TeamRow, TeamVisibility, VisibilityName } from './directory-shapes.ts'
import { route } from './route.ts'
import { Instant, Next, Nothing, pageQuery, UuidText } from './shapes.ts'

/** A team with all that the directory knows of it, as an audience may see it. */
export const TeamView = Type.Object({
  ...TeamRow.properties,
  visibility: TeamVisibility, version: Type.Integer({ description: 'A change names the one it saw' }),
  changed_at: Instant, contacts: Type.Array(ContactView), keys: Type.Array(KeyView), constituencies: Type.Array(ConstituencyView),
  agreements: Type.Array(AgreementView, { description: 'That it is a party of; for us only' }),
  memberships: Type.Array(MembershipView, { description: 'For us only: a forum says itself who is in it' }),
})
export type TeamView = Static<typeof TeamView>

const id = Type.Object({ id: UuidText })
const audience = Type.Optional(VisibilityName)

export const listTeams = route({
  id: 'teams.list', method: 'GET', path: '/teams', needs: 'directory:read', summary: 'Teams of the directory by short name; `as` shows what an audience may see',
  query: Type.Object({ economy: Type.Optional(EconomyCode), name: Type.Optional(Type.String({ maxLength: 200, description: 'Id, name or short name, in full' })), as: audience, ...pageQuery }),
  output: Type.Object({ teams: Type.Array(TeamRow), next: Next }), errors: ['request/invalid'],
})
export const getTeam = route({
  id: 'teams.get', method: 'GET', path: '/teams/:id', needs: 'directory:read', summary: 'One team with its points of contact; `as` shows what an audience may see',
  params: id, query: Type.Object({ as: audience }), output: TeamView, errors: ['team/not-found'],
})
export const addTeam = route({
  id: 'teams.add', method: 'POST', path: '/teams', needs: 'directory:write', summary: 'Enters a team', body: NewTeam, output: TeamView,
  errors: ['request/invalid', 'team/name-taken', 'team/own-exists', 'directory/too-many'],
})
export const changeTeam = route({
  id: 'teams.change', method: 'PUT', path: '/teams/:id', needs: 'directory:write', summary: 'Replaces what is entered of a team; the version that was seen must still be the newest',
  params: id, body: Type.Object({ version: Type.Integer(), ...NewTeam.properties }), output: TeamView,
  errors: ['team/not-found', 'team/name-taken', 'team/own-exists', 'team/changed-meanwhile', 'request/invalid'],
})
export const removeTeam = route({
  id: 'teams.remove', method: 'DELETE', path: '/teams/:id', needs: 'directory:write', summary: 'Takes a team out of the directory, with its points of contact; not our own',
  params: id, output: Nothing, errors: ['team/not-found', 'team/in-use'],
})
export const addContact = route({
  id: 'contacts.add', method: 'POST', path: '/teams/:id/contacts', needs: 'directory:write', summary: 'Adds a point of contact: around the clock, or with hours and holidays; for partners unless said otherwise',
  params: id, body: NewContact, output: ContactView, errors: ['team/not-found', 'calendar/not-found', 'request/invalid', 'directory/too-many'],
})
export const removeContact = route({
  id: 'contacts.remove', method: 'DELETE', path: '/contacts/:id', needs: 'directory:write', summary: 'Removes a point of contact', params: id, output: Nothing, errors: ['contact/not-found'],
})
export const listCalendars = route({
  id: 'calendars.list', method: 'GET', path: '/calendars', needs: 'directory:read', summary: 'Calendars of holidays', output: Type.Object({ calendars: Type.Array(CalendarView) }), errors: [],
})
export const addCalendar = route({
  id: 'calendars.add', method: 'POST', path: '/calendars', needs: 'directory:write', summary: 'Adds a calendar of holidays: dates with names', body: NewCalendar, output: CalendarView,
  errors: ['request/invalid', 'calendar/name-taken', 'directory/too-many'],
})
export const changeCalendar = route({
  id: 'calendars.change', method: 'PUT', path: '/calendars/:id', needs: 'directory:write', summary: 'Replaces a calendar', params: id, body: NewCalendar, output: CalendarView,
  errors: ['request/invalid', 'calendar/not-found', 'calendar/name-taken'],
})
export const removeCalendar = route({
  id: 'calendars.remove', method: 'DELETE', path: '/calendars/:id', needs: 'directory:write', summary: 'Removes a calendar that no point of contact uses', params: id, output: Nothing,
  errors: ['calendar/not-found', 'calendar/in-use'],
})

export const teamRoutes = [
  listTeams, getTeam, addTeam, changeTeam, removeTeam, addContact, removeContact, listCalendars, addCalendar, changeCalendar, removeCalendar,
] as const

export const directoryRoutes = [...teamRoutes, ...keyRoutes, ...constituencyRoutes, ...communityRoutes, ...agreementRoutes, ...exchangeRoutes] as const
