import { Type, type Static } from 'typebox'
import { oneWordOf, VisibilityName } from './directory-shapes.ts'
import { maybe } from './people-shapes.ts'
import { route } from './route.ts'
import { UuidText } from './shapes.ts'

/** Why a field was not taken over: nobody knows what it is; what it says was not understood; the directory has no place for it; only part of a list came. */
export const unreadReasons = ['unknown-field', 'not-understood', 'no-place', 'partial'] as const
export type UnreadReason = (typeof unreadReasons)[number]
export const Unread = Type.Object({ field: Type.String(), why: oneWordOf(unreadReasons), times: Type.Integer(), example: Type.String({ description: 'Where it stood first' }) })
export type Unread = Static<typeof Unread>
const Value = maybe(Type.String())
const Change = Type.Object({ team: Type.String(), field: Type.String(), from: Value, to: Value })

export const ImportReport = Type.Object({
  dry_run: Type.Boolean({ description: 'Nothing was changed' }),
  created: Type.Array(Type.String(), { description: 'Short names of new teams' }),
  changed: Type.Array(Change), kept: Type.Array(Change, { description: 'People changed these here since the last import: they stay; `to` is what the list says' }),
  conflicts: Type.Array(Type.Object({ team: Type.String(), why: Type.String() }), { description: 'Not taken over' }),
  added: Type.Object({ contacts: Type.Integer(), keys: Type.Integer(), constituencies: Type.Integer(), sections: Type.Integer() }, { description: 'All unverified' }),
  same: Type.Integer({ description: 'Teams that were so already' }), unread: Type.Array(Unread),
})
export type ImportReport = Static<typeof ImportReport>

const dry_run = Type.Optional(Type.Boolean({ description: 'Say what would change, and change nothing' }))
const id = Type.Object({ id: UuidText })
export const importFirst = route({
  id: 'imports.first', method: 'POST', path: '/directory/imports/first', needs: 'directory:write', raw_body: 'text/plain',
  summary: 'Takes over a list of the FIRST teams API (JSON). Nothing of it counts as verified, and what is not understood is named by field',
  query: Type.Object({ dry_run }), output: ImportReport, errors: ['import/unreadable', 'request/invalid', 'directory/too-many'],
})
export const importProfile = route({
  id: 'profiles.import', method: 'PUT', path: '/teams/:id/profile', needs: 'directory:write', raw_body: 'text/plain',
  summary: 'Takes over a team’s RFC 2350 profile: its sections as they are, addresses and fingerprints unverified', params: id, query: Type.Object({ dry_run }), output: ImportReport,
  errors: ['team/not-found', 'import/unreadable', 'directory/too-many'],
})
export const exportProfile = route({
  id: 'profiles.export', method: 'GET', path: '/teams/:id/profile', needs: 'directory:read', summary: 'A team’s profile in the form of RFC 2350, as an audience may see it; as everybody may when nothing is said',
  params: id, query: Type.Object({ as: Type.Optional(VisibilityName) }), output: Type.Object({ text: Type.String() }), errors: ['team/not-found'],
})

export const exchangeRoutes = [importFirst, importProfile, exportProfile] as const
