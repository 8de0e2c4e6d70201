import { Type, type Static } from 'typebox'
import { EconomyCode, oneWordOf, Prose, TeamRef, VisibilityName } from './directory-shapes.ts'
import { maybe } from './people-shapes.ts'
import { route } from './route.ts'
import { Instant, Name, Next, Nothing, pageQuery, UuidText } from './shapes.ts'

export const constituencyKinds = ['cidr', 'asn', 'domain', 'economy'] as const
export type ConstituencyKind = (typeof constituencyKinds)[number]
export const constituencyStates = ['claimed', 'verified', 'rejected'] as const
export type ConstituencyState = (typeof constituencyStates)[number]
/** What a decision rests on: a registry of addresses or names, what is routed, the DNS, a mandate by law, a contract. */
export const constituencyProofs = ['registry', 'routing', 'dns', 'law', 'contract', 'other'] as const
export type ConstituencyProof = (typeof constituencyProofs)[number]

const id = Type.Object({ id: UuidText })
const Value = Type.String({ minLength: 1, maxLength: 253, description: '203.0.113.0/24, AS64500, csirt.example, XA' })

export const ConstituencyView = Type.Object({
  id: UuidText, team: TeamRef, kind: oneWordOf(constituencyKinds), value: Type.String(), state: oneWordOf(constituencyStates), visibility: VisibilityName,
  claimed_at: Instant, claimed_by: Type.String(),
  decided: maybe(Type.Object({ at: Instant, by: Type.String(), how: oneWordOf(constituencyProofs), text: maybe(Type.String()) })),
})
export type ConstituencyView = Static<typeof ConstituencyView>
const ClaimRef = Type.Object({ id: UuidText, team: TeamRef, kind: oneWordOf(constituencyKinds), value: Type.String(), state: oneWordOf(constituencyStates) })
export type ClaimRef = Static<typeof ClaimRef>
export const Overlap = Type.Object({
  wider: ClaimRef, narrower: ClaimRef,
  approved_by: Type.Array(Type.Object({ team: TeamRef, at: Instant, by: Type.String() })),
  agreed: Type.Boolean({ description: 'Both teams approved: it may stand' }),
})
export type Overlap = Static<typeof Overlap>

export const listConstituencies = route({
  id: 'constituencies.list', method: 'GET', path: '/constituencies', needs: 'directory:read', summary: 'Who claims which addresses, networks, domains and economies, newest first',
  query: Type.Object({ team: Type.Optional(UuidText), state: Type.Optional(oneWordOf(constituencyStates)), kind: Type.Optional(oneWordOf(constituencyKinds)), ...pageQuery }),
  output: Type.Object({ constituencies: Type.Array(ConstituencyView), next: Next }), errors: ['request/invalid'],
})
export const claimConstituency = route({
  id: 'constituencies.claim', method: 'POST', path: '/teams/:id/constituencies', needs: 'directory:write', summary: 'Enters what a team says it answers for; nothing is routed by it until it is verified',
  params: id, body: Type.Object({ kind: oneWordOf(constituencyKinds), value: Value, visibility: Type.Optional(VisibilityName) }), output: ConstituencyView,
  errors: ['team/not-found', 'constituency/exists', 'request/invalid', 'directory/too-many'],
})
export const decideConstituency = route({
  id: 'constituencies.decide', method: 'POST', path: '/constituencies/:id/decision', needs: 'directory:write',
  summary: 'Verifies or rejects a claim: who looked, when, by what. What overlaps another team’s verified constituency needs the agreement of both first',
  params: id,
  body: Type.Object({ state: oneWordOf(['verified', 'rejected'] as const), how: oneWordOf(constituencyProofs), by: Type.Optional(Name), at: Type.Optional(Instant), text: Type.Optional(Prose(500)) }),
  output: ConstituencyView, errors: ['constituency/not-found', 'constituency/overlaps', 'request/invalid'],
})
export const withdrawConstituency = route({
  id: 'constituencies.withdraw', method: 'DELETE', path: '/constituencies/:id', needs: 'directory:write', summary: 'Takes a claim back; from then on nothing is routed by it', params: id, output: Nothing,
  errors: ['constituency/not-found'],
})
export const listOverlaps = route({
  id: 'constituencies.overlaps', method: 'GET', path: '/constituencies/overlaps', needs: 'directory:read', summary: 'Claims of different teams that hold the same addresses, domains or economy, and who approved that',
  output: Type.Object({ overlaps: Type.Array(Overlap), more: Type.Boolean({ description: 'There are more than 1000' }) }), errors: [],
})
const Pair = { wider: UuidText, narrower: UuidText }
export const approveOverlap = route({
  id: 'constituencies.approve-overlap', method: 'POST', path: '/constituencies/overlaps', needs: 'directory:write', summary: 'Records that one of the two teams agrees to an overlap',
  body: Type.Object({ ...Pair, team: UuidText, by: Name }), output: Overlap, errors: ['overlap/not-found', 'team/not-found'],
})
export const endOverlap = route({
  id: 'constituencies.end-overlap', method: 'POST', path: '/constituencies/overlaps/end', needs: 'directory:write', summary: 'Ends what was agreed about an overlap; of two that are verified the later is claimed only again',
  body: Type.Object(Pair), output: Overlap, errors: ['overlap/not-found'],
})
export const constituencyOwner = route({
  id: 'constituencies.owner', method: 'GET', path: '/constituencies/owner', needs: 'directory:read', summary: 'Whose verified constituency an address is in, most specific first; an economy alone is nobody’s',
  query: Type.Object({ address: Type.String({ maxLength: 45 }), asn: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_294_967_294 })), economy: Type.Optional(EconomyCode) }),
  output: Type.Object({
    owners: Type.Array(Type.Object({ team: TeamRef, kind: oneWordOf(['cidr', 'asn'] as const), value: Type.String() })),
    not_routed: Type.Array(Type.Object({ team: TeamRef, kind: oneWordOf(constituencyKinds), value: Type.String(), why: oneWordOf(['unverified', 'economy-alone'] as const) }), { description: 'Who would hold it otherwise, and why nothing goes there' }),
  }),
  errors: ['request/invalid'],
})

export const constituencyRoutes = [
  listConstituencies, claimConstituency, decideConstituency, withdrawConstituency, listOverlaps, approveOverlap, endOverlap, constituencyOwner,
] as const
