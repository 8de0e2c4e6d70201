import { carveOuts, labelPurposes, layers, membershipScopes, paps, purposes, tlps, workLayers, type CarveOut, type MembershipScope, type Purpose, type Viewer, type ViewerCommunity, type WorkLayer } from '@hirundo/contract'
import { uuidFromBytes } from '@hirundo/base'
import fc from 'fast-check'
import type { Circle, CommunityRef, Label } from '../label.ts'

/** Few teams and communities, so that labels and viewers meet. */
const uuid = (n: number): string => {
  const bytes = new Uint8Array(16).fill(n)
  bytes[6] = 0x40
  bytes[8] = 0x80
  return uuidFromBytes(bytes)
}
export const teams = [1, 2, 3, 4].map(uuid)
export const founders = ['abcd-efgh-ijkl-mnop-qrst', 'zzzz-yyyy-xxxx-2222-7777'] as const
export const communities = founders.flatMap((founder) => [11, 12].map((n) => ({ founder, id: uuid(n) })))
export const T0 = Date.UTC(2026, 10, 20)
const HOUR = 3_600_000

const circle: fc.Arbitrary<Circle> = fc.oneof(
  fc.constant<Circle>({ kind: 'own' }),
  fc.subarray(teams, { minLength: 1 }).map((chosen) => ({ kind: 'teams' as const, teams: chosen.toSorted() })),
  fc.constantFrom(...communities).map((one) => ({ kind: 'community' as const, ...one })),
)
const instants = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.integer({ min: -5, max: 5 }).map((n) => ({ embargo_ms: T0 + n * HOUR })),
  fc.integer({ min: -5, max: 5 }).map((n) => ({ expiry_ms: T0 + n * HOUR })),
  fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 1, max: 5 })).map(([n, more]) => ({ embargo_ms: T0 + n * HOUR, expiry_ms: T0 + (n + more) * HOUR })),
)
export const anyLabel: fc.Arbitrary<Label> = fc.record({
  tlp: fc.constantFrom(...tlps), layer: fc.constantFrom(...layers), circle, purpose: fc.constantFrom(...labelPurposes),
  pap: fc.option(fc.constantFrom(...paps), { nil: undefined }), times: instants,
}).map(({ pap, times, ...label }) => ({ ...label, ...(pap === undefined ? {} : { pap }), ...times }))

const membership = ({ founder, id }: CommunityRef): fc.Arbitrary<ViewerCommunity> => fc.tuple(
  fc.oneof(fc.constant<MembershipScope[]>([...membershipScopes]), fc.constant(membershipScopes.filter((scope) => scope !== 'receive')), fc.subarray<MembershipScope>([...membershipScopes])),
  fc.subarray<CarveOut>([...carveOuts]),
).map(([scopes, carve_outs]) => ({ founder, id, scopes, carve_outs }))
const memberships = fc.subarray(communities).chain((chosen) => fc.tuple(...chosen.map(membership)))
const work = fc.tuple(fc.subarray<WorkLayer>([...workLayers]), fc.subarray<Purpose>([...purposes]))
const member = fc.tuple(fc.constantFrom(...teams), fc.boolean(), fc.constantFrom('client', 'viewer', 'analyst', 'coordinator', 'administrator', 'node'), memberships)

export const anyViewer: fc.Arbitrary<Viewer> = fc.oneof(
  { weight: 1, arbitrary: work.map(([layers, purposes]): Viewer => ({ team: null, own: false, role: 'public', layers, purposes, communities: [] })) },
  { weight: 6, arbitrary: fc.tuple(work, member).map(([[layers, purposes], [team, own, role, communities]]): Viewer => ({ team, own, role, layers, purposes, communities })) },
)
export const anyPurpose = fc.constantFrom(...purposes)
export const anyInstant = fc.integer({ min: -11, max: 11 }).map((n) => T0 + (n * HOUR) / 2)

export interface AnyQuestion {
  readonly label: Label
  readonly viewer: Viewer
  readonly purpose: Purpose
  readonly now_ms: number
}

/** Whether it is so, mostly. */
const mostly = fc.nat({ max: 5 }).map((n) => n > 0)

/** A viewer to whom mostly nothing stands in the way but one thing: each rule then decides alone now and then. */
function nearTo(label: Label, purpose: Purpose): fc.Arbitrary<AnyQuestion> {
  const mine = label.circle.kind === 'community' ? [label.circle] : []
  return fc.record({ all_layers: mostly, all_purposes: mostly, in_time: mostly, right_purpose: mostly, named: mostly, member, communities: fc.tuple(...mine.map(membership)) })
    .map(({ all_layers, all_purposes, in_time, right_purpose, named, member: [team, own, role], communities }) => ({
      label: in_time ? { ...label, embargo_ms: T0 - HOUR, expiry_ms: T0 + HOUR } : label, now_ms: T0,
      purpose: right_purpose && label.purpose !== 'any' ? label.purpose : purpose,
      viewer: { team: named && label.circle.kind === 'teams' ? label.circle.teams[0]! : team, own, role, layers: all_layers ? [...workLayers] : [], purposes: all_purposes ? [...purposes] : [], communities },
    }))
}

/** Of whomever about whatever, half of them near to each other. */
export const anyQuestion: fc.Arbitrary<AnyQuestion> = fc.oneof(
  fc.tuple(anyLabel, anyViewer, anyPurpose, anyInstant).map(([label, viewer, purpose, now_ms]) => ({ label, viewer, purpose, now_ms })),
  fc.tuple(anyLabel, fc.boolean(), anyPurpose).chain(([label, in_public, purpose]) => nearTo(in_public ? { ...label, layer: 'public' } : label, purpose)),
)
