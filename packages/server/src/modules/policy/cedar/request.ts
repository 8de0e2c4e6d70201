import type { CedarValueJson, EntityJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Purpose } from '@hirundo/contract'
import { communityKey, type Label, type Phase } from '../label.ts'
import type { ViewerFacts } from '../viewer.ts'

type Attributes = Readonly<Record<string, CedarValueJson>>

/** What is asked, as attributes by the names of the schema. */
export interface CedarRequest {
  readonly principal: Attributes
  readonly resource: Attributes
  readonly context: Attributes
}

const named = (type: string) => (id: string): CedarValueJson => ({ __entity: { type, id } })
const [team, community, layer, purpose_, role, tlp, circle, pap] = ['Team', 'Community', 'Layer', 'Purpose', 'Role', 'Tlp', 'Circle', 'Pap'].map(named) as
  [Named, Named, Named, Named, Named, Named, Named, Named]
type Named = ReturnType<typeof named>

export const principalOf = (facts: ViewerFacts): Attributes => ({
  own: facts.own, ...(facts.team === null ? {} : { team: team(facts.team) }), role: role(facts.role),
  layers: facts.layers.map(layer), purposes: facts.purposes.map(purpose_),
  receiving: facts.receiving.map(community), suspended: facts.suspended.map(community), carved: facts.carved.map(community),
})

export const resourceOf = (label: Label, phase: Phase): Attributes => ({
  tlp: tlp(label.tlp), layer: layer(label.layer), circle: circle(label.circle.kind),
  ...(label.circle.kind === 'community' ? { community: community(communityKey(label.circle)) } : {}),
  teams: label.circle.kind === 'teams' ? label.circle.teams.map(team) : [],
  purpose: purpose_(label.purpose), pap: pap(label.pap ?? 'none'), embargoed: phase === 'embargoed', expired: phase === 'expired',
})

export const contextOf = (purpose: Purpose): Attributes => ({ purpose: purpose_(purpose) })

export const requestOf = (facts: ViewerFacts, label: Label, phase: Phase, purpose: Purpose): CedarRequest =>
  ({ principal: principalOf(facts), resource: resourceOf(label, phase), context: contextOf(purpose) })

export const viewerUid = { type: 'Viewer', id: 'viewer' } as const
export const labelUid = { type: 'Label', id: 'label' } as const

export const entitiesOf = ({ principal, resource }: CedarRequest): EntityJson[] => [
  { uid: viewerUid, attrs: { ...principal }, parents: [] }, { uid: labelUid, attrs: { ...resource }, parents: [] },
]
