import { Type, type Static } from 'typebox'
import { oneWordOf, Prose, TeamRef } from './directory-shapes.ts'
import { maybe } from './people-shapes.ts'
import { PurposeName, purposes } from './policy-shapes.ts'
import { route } from './route.ts'
import { Instant, Name, Next, NOT_IN_NAMES, pageQuery, UuidText } from './shapes.ts'

export const agreementStates = ['draft', 'in-force', 'expired', 'ended'] as const
export type AgreementState = (typeof agreementStates)[number]

const id = Type.Object({ id: UuidText })
const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: `^[^${NOT_IN_NAMES}]+$` })
const RecordKind = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'As records that cross a border are named: finding, observation-digest, constituency-sources …' })

const fields = {
  title: Line(200), purposes: Type.Array(PurposeName, { minItems: 1, maxItems: purposes.length, description: 'What each party may use what it gets for' }), legal_basis: Line(500),
  kinds: Type.Array(RecordKind, { minItems: 1, maxItems: 30, description: 'Kinds of record for which lanes open' }),
  retention_days: maybe(Type.Integer({ minimum: 1, maximum: 36_600, description: 'null: as long as the receiver’s own' })), expires_at: Instant,
  parties: Type.Array(Type.Object({ team: UuidText, discloses: Prose(2000) }), { minItems: 2, maxItems: 20, description: 'With what each has to tell the others: laws that bind it, requests that it may have to grant' }),
}
export const NewAgreement = Type.Object(fields)
export type NewAgreement = Static<typeof NewAgreement>

export const AgreementView = Type.Object({
  id: UuidText, title: Type.String(), purposes: fields.purposes, legal_basis: Type.String(), kinds: Type.Array(Type.String()), retention_days: fields.retention_days, expires_at: Instant,
  state: oneWordOf(agreementStates), in_force_since: maybe(Instant), expires_soon: Type.Boolean({ description: 'In force, and ends within 30 days' }),
  open_kinds: Type.Array(Type.String(), { description: 'For which its lanes are open now' }),
  parties: Type.Array(Type.Object({ team: TeamRef, discloses: Type.String(), approved: maybe(Type.Object({ at: Instant, by: Type.String() })) })),
  ended: maybe(Type.Object({ at: Instant, by: Type.String(), why: Type.String() })),
  version: Type.Integer({ description: 'A change, and each approval, names the one it saw' }), created_at: Instant, created_by: Type.String(),
})
export type AgreementView = Static<typeof AgreementView>

export const listAgreements = route({
  id: 'agreements.list', method: 'GET', path: '/agreements', needs: 'directory:read', summary: 'What partners agreed, newest first',
  query: Type.Object({ team: Type.Optional(UuidText), state: Type.Optional(oneWordOf(agreementStates)), ...pageQuery }), output: Type.Object({ agreements: Type.Array(AgreementView), next: Next }), errors: ['request/invalid'],
})
export const getAgreement = route({
  id: 'agreements.get', method: 'GET', path: '/agreements/:id', needs: 'directory:read', summary: 'One agreement', params: id, output: AgreementView, errors: ['agreement/not-found'],
})
export const addAgreement = route({
  id: 'agreements.add', method: 'POST', path: '/agreements', needs: 'directory:write', summary: 'Drafts an agreement; it opens nothing until every party approved it', body: NewAgreement, output: AgreementView,
  errors: ['team/not-found', 'request/invalid', 'directory/too-many'],
})
export const changeAgreement = route({
  id: 'agreements.change', method: 'PUT', path: '/agreements/:id', needs: 'directory:write', summary: 'Replaces a draft; who approved it before has to approve again', params: id,
  body: Type.Object({ version: Type.Integer(), ...fields }), output: AgreementView, errors: ['agreement/not-found', 'agreement/wrong-state', 'agreement/changed-meanwhile', 'team/not-found', 'request/invalid'],
})
export const approveAgreement = route({
  id: 'agreements.approve', method: 'POST', path: '/agreements/:id/approvals', needs: 'directory:write', step_up: true, summary: 'Records that a party approves the text of this version; with the last one it is in force', params: id,
  body: Type.Object({ team: UuidText, by: Name, version: Type.Integer() }), output: AgreementView, errors: ['agreement/not-found', 'agreement/wrong-state', 'agreement/changed-meanwhile', 'team/not-found'],
})
export const endAgreement = route({
  id: 'agreements.end', method: 'POST', path: '/agreements/:id/end', needs: 'directory:write', summary: 'Ends an agreement at once, for all parties', params: id,
  body: Type.Object({ by: Name, why: Line(500) }), output: AgreementView, errors: ['agreement/not-found', 'agreement/wrong-state'],
})

export const agreementRoutes = [listAgreements, getAgreement, addAgreement, changeAgreement, approveAgreement, endAgreement] as const
