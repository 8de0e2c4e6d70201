import { carveOuts, membershipScopes, type CarveOut, type EconomyNames, type MembershipKind, type MembershipScope } from '@hirundo/contract'

/** What happened to one team's membership of one community. */
export interface Event {
  readonly kind: MembershipKind
  /** From when on it holds; milliseconds. When it was heard of plays no part. */
  readonly at_ms: number
  /** Of a suspension: what it takes away; of a reinstatement: what it gives back. */
  readonly scopes: readonly MembershipScope[]
  /** Of a suspension: what passes all the same. */
  readonly carve_outs: readonly CarveOut[]
}

/** What a membership is worth at an instant. */
export interface StandingFacts<E extends Event = Event> {
  readonly member: boolean
  /** When the membership began that holds; null: there is none. */
  readonly since_ms: number | null
  readonly may: Readonly<Record<MembershipScope, boolean>>
  /** Suspensions of which something still holds, and what of them. */
  readonly suspensions: readonly { readonly event: E; readonly scopes: readonly MembershipScope[] }[]
}

const latest = (events: readonly Event[]): number => events.reduce((last, { at_ms }) => Math.max(last, at_ms), Number.NEGATIVE_INFINITY)
const perScope = <T>(value: (scope: MembershipScope) => T): Record<MembershipScope, T> =>
  Object.fromEntries(membershipScopes.map((scope) => [scope, value(scope)])) as Record<MembershipScope, T>

/**
 * What a membership is worth at `at_ms`, by all that is known to have happened until then, in whatever order it was heard of.
 * Who joined and has not left since is a member. What a suspension takes away stays away until a reinstatement after it gives
 * it back; neither leaving nor joining again does. Of two at the same instant the one that takes away counts. So one more
 * suspension or leaving never allows anything, and one more joining or reinstatement never forbids anything.
 */
export function standingAt<E extends Event>(events: readonly E[], at_ms: number): StandingFacts<E> {
  const past = events.filter((event) => event.at_ms <= at_ms)
  const of = (kind: MembershipKind): E[] => past.filter((event) => event.kind === kind)
  const [joined, left] = [of('joined'), latest(of('left'))]
  const member = latest(joined) > left
  const given_back = perScope((scope) => latest(of('reinstated').filter(({ scopes }) => scopes.includes(scope))))
  const suspensions = of('suspended').map((event) => ({ event, scopes: event.scopes.filter((scope) => event.at_ms >= given_back[scope]) }))
    .filter(({ scopes }) => scopes.length > 0).toSorted((a, b) => a.event.at_ms - b.event.at_ms)
  const since = joined.filter((event) => event.at_ms > left).reduce((first, event) => Math.min(first, event.at_ms), Number.POSITIVE_INFINITY)
  return {
    member, since_ms: member ? since : null, suspensions,
    may: perScope((scope) => member && !suspensions.some(({ scopes }) => scopes.includes(scope))),
  }
}

/** Whether something passes: the member may, or every suspension that takes the scope away lets just this pass. */
export const passes = ({ member, suspensions }: StandingFacts, scope: MembershipScope, as: CarveOut | null): boolean =>
  member && suspensions.every(({ event, scopes }) => !scopes.includes(scope) || (as !== null && event.carve_outs.includes(as)))

/** In the order of the contract, each once. */
export const scopesIn = (given: readonly MembershipScope[]): MembershipScope[] => membershipScopes.filter((scope) => given.includes(scope))
export const carveOutsIn = (given: readonly CarveOut[]): CarveOut[] => carveOuts.filter((one) => given.includes(one))

/**
 * How a community writes the name of an economy: in the language, or in what the language's tag says less of (`ja` for `ja-JP`).
 * Where it has no name the code stands: a name from elsewhere may be one that a member does not go by.
 */
export function economyName(names: EconomyNames, code: string, language: string): string {
  for (let tag = language; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const own = Object.entries(names).find(([one]) => one.toLowerCase() === tag.toLowerCase())?.[1]
    if (own && Object.hasOwn(own, code)) return own[code]!
  }
  return code
}
