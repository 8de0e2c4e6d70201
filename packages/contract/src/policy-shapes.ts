import { Type, type Static } from 'typebox'
import { languages, type Language } from './messages/index.ts'
import { maybe } from './people-shapes.ts'
import { Instant, UuidText } from './shapes.ts'

const oneOf = <const T extends readonly string[]>(names: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...names], ...(description === undefined ? {} : { description }) })

/** For whose work a thing is made. A thing of one layer reaches another only as a derived one. */
export const layers = ['operations', 'law-enforcement', 'policy', 'diplomatic', 'research', 'public'] as const
export type Layer = (typeof layers)[number]
/** What a person or team can work for; everybody reads what is `public`. */
export const workLayers = ['operations', 'law-enforcement', 'policy', 'diplomatic', 'research'] as const
export type WorkLayer = (typeof workLayers)[number]

/** What something is asked for. */
export const purposes = ['defence', 'response', 'clean-up', 'investigation', 'statistics', 'research', 'exercise'] as const
export type Purpose = (typeof purposes)[number]
/** What something may be used for: one purpose, or any. */
export const labelPurposes = ['any', ...purposes] as const
export type LabelPurpose = (typeof labelPurposes)[number]

/** Permissible Actions Protocol: what a receiver may do with it. Strictest last. */
export const paps = ['PAP:CLEAR', 'PAP:GREEN', 'PAP:AMBER', 'PAP:RED'] as const
export type Pap = (typeof paps)[number]

/** Who looks: somebody of no team, a client of a team, people of a team by what they may there, or a team's node. */
export const viewerRoles = ['public', 'client', 'viewer', 'analyst', 'coordinator', 'administrator', 'node'] as const
export type ViewerRole = (typeof viewerRoles)[number]

/** What a member of a community may do; a suspension takes some of them away. */
export const membershipScopes = ['receive', 'send', 'list', 'vote', 'drill', 'hotline'] as const
export type MembershipScope = (typeof membershipScopes)[number]
/** What a suspension leaves open all the same. */
export const carveOuts = ['public-advisories'] as const
export type CarveOut = (typeof carveOuts)[number]

export const LABEL_CHARS_MAX = 4096
export const TEAMS_OF_CIRCLE_MAX = 100
export const COMMUNITIES_OF_VIEWER_MAX = 200
export const POLICY_CHARS_MAX = 65_536

export const LabelText = Type.String({
  minLength: 1, maxLength: LABEL_CHARS_MAX,
  description: 'Canonical text of a label: TLP:AMBER+STRICT;layer=operations;circle=own;purpose=any, then pap=, embargo=, expiry= where there are such',
})
export const PurposeName = oneOf(purposes)
export const Fingerprint = Type.String({ pattern: '^[a-z2-7]{4}(-[a-z2-7]{4}){4}$', description: 'Of a node key: five groups of four' })

export const ViewerCommunity = Type.Object({
  founder: Fingerprint, id: UuidText,
  scopes: Type.Array(oneOf(membershipScopes), { maxItems: membershipScopes.length, uniqueItems: true, description: 'What is open to the member now; without receive it is suspended from receiving' }),
  carve_outs: Type.Array(oneOf(carveOuts), { maxItems: carveOuts.length, uniqueItems: true, description: 'What it receives in spite of a suspension' }),
}, { additionalProperties: false })
export type ViewerCommunity = Static<typeof ViewerCommunity>

export const ViewerShape = Type.Object({
  team: maybe(UuidText), own: Type.Boolean({ description: 'Of the team whose node this is' }), role: oneOf(viewerRoles),
  layers: Type.Array(oneOf(workLayers), { maxItems: workLayers.length, uniqueItems: true }),
  purposes: Type.Array(PurposeName, { maxItems: purposes.length, uniqueItems: true, description: 'What the team has agreed to use things for' }),
  communities: Type.Array(ViewerCommunity, { maxItems: COMMUNITIES_OF_VIEWER_MAX }),
}, { additionalProperties: false, description: 'Whoever looks, as plain facts' })
/** Whoever looks: a person, a client or a node of a team, or the public. */
export type Viewer = Static<typeof ViewerShape>

export const PolicyText = Type.String({ minLength: 1, maxLength: POLICY_CHARS_MAX, description: 'Policies in the Cedar language, each with an @id' })
export const PolicyWords = Type.Object({
  id: Type.String({ description: '@id of the policy; no-permit where none lets it through' }),
  says: Type.Object(Object.fromEntries(languages.map((language) => [language, Type.String()])) as Record<Language, ReturnType<typeof Type.String>>, { description: 'The reason in words, in every language' }),
})
export const PolicyRow = Type.Object({ id: Type.String(), effect: oneOf(['permit', 'forbid']) })

/** One way in which two policy sets differ: everything that a policy can see, as names. */
export const Tuple = Type.Object({
  tlp: Type.String(), layer: Type.String(), viewer_layers: Type.String(), circle: Type.String({ description: 'How the viewer stands to the circle' }),
  role: Type.String(), purpose: Type.String(), time: Type.String(), pap: Type.String(),
})
export type Tuple = Static<typeof Tuple>
export const PolicyDiff = Type.Object({
  base_epoch: Type.Integer(), combinations: Type.Integer({ description: 'That were compared' }),
  newly_allowed: Type.Integer(), newly_refused: Type.Integer(),
  allowed: Type.Array(Tuple, { description: 'The first of those newly allowed' }), refused: Type.Array(Tuple),
  widens: Type.Boolean({ description: 'It allows something that is refused now: a second person decides' }),
})
export type PolicyDiff = Static<typeof PolicyDiff>

export const proposalStates = ['waiting', 'in-force', 'withdrawn', 'overtaken'] as const
export type ProposalState = (typeof proposalStates)[number]
export const ProposalView = Type.Object({
  id: UuidText, state: oneOf(proposalStates), why: Type.String(), proposed_by: Type.String(), proposed_at: Instant,
  decided_by: maybe(Type.String()), decided_at: maybe(Instant), alone: Type.Boolean({ description: 'Nobody else could decide: it took the delay instead of a second person' }),
  alone_after: Instant, epoch: maybe(Type.Integer({ description: 'That it began' })), text: PolicyText, diff: PolicyDiff,
})
export type ProposalView = Static<typeof ProposalView>
