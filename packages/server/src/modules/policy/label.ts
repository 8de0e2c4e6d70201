import type { LabelPurpose, Layer, Pap, Tlp } from '@hirundo/contract'
import { paps, tlps } from '@hirundo/contract'

/** A community by its founder's key and its UUID: two founders may give the same number, or a hostile one may try to. */
export interface CommunityRef {
  /** `fingerprintText` of the founder's node key. */
  readonly founder: string
  readonly id: string
}

/** Whom something is for: our own team alone, teams that are named, or a community. */
export type Circle =
  | { readonly kind: 'own' }
  | { readonly kind: 'teams', readonly teams: readonly string[] }
  | ({ readonly kind: 'community' } & CommunityRef)

/** What every shareable thing carries. */
export interface Label {
  readonly tlp: Tlp
  readonly layer: Layer
  readonly circle: Circle
  readonly purpose: LabelPurpose
  readonly pap?: Pap
  /** Before this instant nobody but our own team has it. Milliseconds since 1970. */
  readonly embargo_ms?: number
  /** From this instant nobody has it, and after the embargo. */
  readonly expiry_ms?: number
}

/** The instant as a label sees it. */
export type Phase = 'embargoed' | 'open' | 'expired'

export const phaseAt = ({ embargo_ms, expiry_ms }: Pick<Label, 'embargo_ms' | 'expiry_ms'>, now_ms: number): Phase => {
  if (expiry_ms !== undefined && now_ms >= expiry_ms) return 'expired'
  return embargo_ms !== undefined && now_ms < embargo_ms ? 'embargoed' : 'open'
}

/** The phases that a label goes through. */
export const phasesOf = ({ embargo_ms, expiry_ms }: Pick<Label, 'embargo_ms' | 'expiry_ms'>): readonly Phase[] => [
  ...(embargo_ms === undefined ? [] : ['embargoed' as const]), 'open', ...(expiry_ms === undefined ? [] : ['expired' as const]),
]

/** What a community gives to things that come without a label: never more than its members' own organisations. */
export interface LabelDefault {
  readonly layer?: Layer
  readonly circle: Circle
}

/** The label itself, or what stands for a missing one: TLP:AMBER+STRICT in the community's circle. */
export const labelOr = (label: Label | undefined, { layer = 'operations', circle }: LabelDefault): Label =>
  label ?? { tlp: 'TLP:AMBER+STRICT', layer, circle, purpose: 'any' }

export const communityKey = ({ founder, id }: CommunityRef): string => `${founder}/${id}`

function circleWidens(from: Circle, to: Circle): boolean {
  if (to.kind === 'own') return false
  if (from.kind === 'teams' && to.kind === 'teams') return to.teams.some((team) => !from.teams.includes(team))
  if (from.kind === 'community' && to.kind === 'community') return communityKey(from) !== communityKey(to)
  // Whether named teams are of a community is not known here.
  return true
}

/** Of PAP no mark is the loosest: it says nothing. */
const papRank = (pap: Pap | undefined): number => (pap === undefined ? -1 : paps.indexOf(pap))

/**
 * Whether somebody may see or do under `to` what they may not under `from`. It errs to yes: where it says no, no viewer,
 * purpose and instant gains anything under the default policies.
 */
export function widens(from: Label, to: Label): boolean {
  return tlps.indexOf(to.tlp) < tlps.indexOf(from.tlp)
    || (to.layer !== from.layer && from.layer !== 'public')
    || circleWidens(from.circle, to.circle)
    || (to.purpose !== from.purpose && from.purpose !== 'any')
    || papRank(to.pap) < papRank(from.pap)
    || (from.embargo_ms !== undefined && (to.embargo_ms === undefined || to.embargo_ms < from.embargo_ms))
    || (from.expiry_ms !== undefined && (to.expiry_ms === undefined || to.expiry_ms > from.expiry_ms))
}
