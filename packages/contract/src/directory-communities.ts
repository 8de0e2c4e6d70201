import { Type, type Static } from 'typebox'
import { Day, EconomyCode, oneWordOf, Prose, TeamRef } from './directory-shapes.ts'
import { maybe } from './people-shapes.ts'
import { carveOuts, membershipScopes, type MembershipScope } from './policy-shapes.ts'
import { route } from './route.ts'
import { Instant, Name, Next, NOT_IN_NAMES, pageQuery, UuidText } from './shapes.ts'

export const membershipKinds = ['joined', 'suspended', 'reinstated', 'left'] as const
export type MembershipKind = (typeof membershipKinds)[number]
const id = Type.Object({ id: UuidText })
const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: `^[^${NOT_IN_NAMES}]+$` })
const Language = Type.String({ minLength: 2, maxLength: 35, pattern: '^[A-Za-z0-9-]+$', description: 'BCP 47' })
export const EconomyNames = Type.Record(Language, Type.Record(EconomyCode, Line(100), { additionalProperties: false }), { additionalProperties: false, description: 'By language and code, as the community itself writes them; never derived from the code' })
export type EconomyNames = Static<typeof EconomyNames>

const fields = { name: Line(200), short_name: Line(60), founder: Type.Optional(maybe(UuidText)), description: Type.Optional(maybe(Prose(2000))), economy_names: Type.Optional(EconomyNames) }
export const NewCommunity = Type.Object(fields)
export type NewCommunity = Static<typeof NewCommunity>

export const CommunityRef = Type.Object({ id: UuidText, short_name: Type.String() })
export const Standing = Type.Object({
  member: Type.Boolean(), since: maybe(Instant),
  may: Type.Object(Object.fromEntries(membershipScopes.map((scope) => [scope, Type.Boolean()])) as Record<MembershipScope, ReturnType<typeof Type.Boolean>>),
  suspensions: Type.Array(Type.Object({
    since: Instant, scopes: Type.Array(oneWordOf(membershipScopes), { description: 'Still taken away by it' }), carve_outs: Type.Array(oneWordOf(carveOuts)),
    legal_basis: Type.String(), decided_by: Type.String(), review_on: Day, review_due: Type.Boolean(),
  })),
})
export type Standing = Static<typeof Standing>
export const MembershipView = Type.Object({ community: CommunityRef, team: TeamRef, standing: Standing })
export type MembershipView = Static<typeof MembershipView>

export const CommunityRow = Type.Object({ id: UuidText, name: Type.String(), short_name: Type.String(), founder: maybe(TeamRef), members: Type.Integer(), suspended: Type.Integer({ description: 'Members from whom something is taken away' }) })
export type CommunityRow = Static<typeof CommunityRow>
export const CommunityView = Type.Object({
  ...CommunityRow.properties, description: maybe(Type.String()), economy_names: EconomyNames, version: Type.Integer(),
  memberships: Type.Array(MembershipView, { description: 'Of all that ever were members, by short name' }),
})
export type CommunityView = Static<typeof CommunityView>

export const NewMembershipEvent = Type.Object({
  team: UuidText, kind: oneWordOf(membershipKinds), at: Type.Optional(Instant),
  scopes: Type.Optional(Type.Array(oneWordOf(membershipScopes), { minItems: 1, maxItems: 6, description: 'Taken away, or given back: all when absent' })),
  carve_outs: Type.Optional(Type.Array(oneWordOf(carveOuts), { maxItems: carveOuts.length })),
  legal_basis: Type.Optional(Line(500)), decided_by: Type.Optional(Name), review_on: Type.Optional(Day), text: Type.Optional(Prose(1000)),
})
export type NewMembershipEvent = Static<typeof NewMembershipEvent>
export const MembershipEvent = Type.Object({
  id: UuidText, team: TeamRef, kind: oneWordOf(membershipKinds), at: Instant, recorded_at: Instant, recorded_by: Type.String(),
  scopes: Type.Array(oneWordOf(membershipScopes)), carve_outs: Type.Array(oneWordOf(carveOuts)), legal_basis: maybe(Type.String()), decided_by: maybe(Type.String()), review_on: maybe(Day), text: maybe(Type.String()),
})
export type MembershipEvent = Static<typeof MembershipEvent>

export const listCommunities = route({
  id: 'communities.list', method: 'GET', path: '/communities', needs: 'directory:read', summary: 'Communities (forums) that teams are members of', output: Type.Object({ communities: Type.Array(CommunityRow) }), errors: [],
})
export const getCommunity = route({
  id: 'communities.get', method: 'GET', path: '/communities/:id', needs: 'directory:read', summary: 'One community: its members, what each may do now, and its own names of economies', params: id, output: CommunityView, errors: ['community/not-found'],
})
export const addCommunity = route({
  id: 'communities.add', method: 'POST', path: '/communities', needs: 'directory:write', summary: 'Enters a community', body: NewCommunity, output: CommunityView,
  errors: ['community/name-taken', 'team/not-found', 'request/invalid', 'directory/too-many'],
})
export const changeCommunity = route({
  id: 'communities.change', method: 'PUT', path: '/communities/:id', needs: 'directory:write', summary: 'Replaces what is entered of a community; the version that was seen must still be the newest',
  params: id, body: Type.Object({ version: Type.Integer(), ...fields }), output: CommunityView, errors: ['community/not-found', 'community/name-taken', 'community/changed-meanwhile', 'team/not-found', 'request/invalid'],
})
export const listMembershipEvents = route({
  id: 'communities.events', method: 'GET', path: '/communities/:id/events', needs: 'directory:read', summary: 'What happened to memberships, as it was recorded, newest record first; nothing of it is changed or removed',
  params: id, query: Type.Object({ team: Type.Optional(UuidText), ...pageQuery }), output: Type.Object({ events: Type.Array(MembershipEvent), next: Next }), errors: ['community/not-found', 'request/invalid'],
})
export const recordMembership = route({
  id: 'communities.record', method: 'POST', path: '/communities/:id/events', needs: 'directory:write',
  summary: 'Records that a team joined, was suspended (what is taken away, legal basis, who decided, when it is reviewed), was reinstated, or left. It is about this community and nothing else',
  params: id, body: NewMembershipEvent, output: MembershipView, errors: ['community/not-found', 'team/not-found', 'membership/wrong-state', 'request/invalid', 'directory/too-many'],
})

export const communityRoutes = [listCommunities, getCommunity, addCommunity, changeCommunity, listMembershipEvents, recordMembership] as const
