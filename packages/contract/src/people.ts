import { Type } from 'typebox'
import { meRoutes } from './people-me.ts'
import { Link, PersonView, Profile, RoleName, Sessions, SignInName } from './people-shapes.ts'
import { signInRoutes } from './people-sign-in.ts'
import { route } from './route.ts'
import { Next, pageQuery, UuidText } from './shapes.ts'

export {
  nodeScope, personStates, PersonSessionView, PersonView, roles, scopesOfRole, signInMethods, SignInName, type PersonState, type Role, type SignInMethod,
} from './people-shapes.ts'
export * from './people-me.ts'
export * from './people-sign-in.ts'

const personId = Type.Object({ id: UuidText })
const Invited = Type.Object({ person: PersonView, invitation: Link })

export const listPersons = route({
  id: 'persons.list', method: 'GET', path: '/persons', needs: 'people:write', summary: 'Persons of the organisation, newest first',
  query: Type.Object(pageQuery),
  output: Type.Object({ persons: Type.Array(PersonView), next: Next }),
  errors: ['request/invalid'],
})

export const invitePerson = route({
  id: 'persons.invite', method: 'POST', path: '/persons', needs: 'people:write', step_up: true,
  summary: 'Adds a person with at most the scopes of the one that asks, and makes a one-time link for them',
  body: Type.Object({ sign_in_name: SignInName, role: RoleName, ...Profile }),
  output: Invited,
  errors: ['person/name-taken', 'auth/forbidden'],
})

export const reinvitePerson = route({
  id: 'persons.reinvite', method: 'POST', path: '/persons/:id/invitation', needs: 'people:write', step_up: true,
  summary: 'Removes all factors and sessions of a person and makes a new link: for who lost their device',
  params: personId,
  output: Invited,
  errors: ['person/not-found', 'person/wrong-state', 'person/last-administrator', 'auth/forbidden'],
})

export const setPersonRole = route({
  id: 'persons.set-role', method: 'PUT', path: '/persons/:id/role', needs: 'people:write', step_up: true, summary: 'Changes what a person may do',
  params: personId,
  body: Type.Object({ role: RoleName }),
  output: PersonView,
  errors: ['person/not-found', 'person/wrong-state', 'person/last-administrator', 'auth/forbidden'],
})

export const setPersonState = route({
  id: 'persons.set-state', method: 'PUT', path: '/persons/:id/state', needs: 'people:write', step_up: true,
  summary: 'Disables a person, whose sessions and tokens then do nothing, or enables them again',
  params: personId,
  body: Type.Object({ state: Type.Union([Type.Literal('active'), Type.Literal('disabled')]) }),
  output: PersonView,
  errors: ['person/not-found', 'person/wrong-state', 'person/last-administrator', 'auth/forbidden'],
})

export const listPersonSessions = route({
  id: 'persons.sessions', method: 'GET', path: '/persons/:id/sessions', needs: 'people:write', summary: 'Sessions of a person, newest first',
  params: personId,
  output: Sessions,
  errors: ['person/not-found'],
})

export const endPersonSession = route({
  id: 'persons.end-session', method: 'DELETE', path: '/persons/:id/sessions/:session_id', needs: 'people:write', summary: 'Ends a session of a person',
  params: Type.Object({ id: UuidText, session_id: UuidText }),
  output: Sessions,
  errors: ['person/not-found', 'session/not-found', 'auth/forbidden'],
})

export const endPersonSessions = route({
  id: 'persons.end-sessions', method: 'DELETE', path: '/persons/:id/sessions', needs: 'people:write', summary: 'Ends all sessions of a person',
  params: personId,
  output: Sessions,
  errors: ['person/not-found', 'auth/forbidden'],
})

export const renewBreakGlass = route({
  id: 'persons.break-glass', method: 'POST', path: '/persons/break-glass', needs: 'people:write', step_up: true,
  summary: 'Makes the emergency account or gives it a new password, shown only in this answer',
  output: Type.Object({ person: PersonView, password: Type.String() }),
  errors: ['auth/forbidden'],
})

/** Routes of persons, their sessions and factors. */
export const peopleRoutes = [
  ...signInRoutes, ...meRoutes,
  listPersons, invitePerson, reinvitePerson, setPersonRole, setPersonState, listPersonSessions, endPersonSession, endPersonSessions, renewBreakGlass,
] as const
