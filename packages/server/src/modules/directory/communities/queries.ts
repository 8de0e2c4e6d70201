import { carveOuts, membershipScopes, type CarveOut, type MembershipScope } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { teamRefs } from '../teams/store.ts'
import { passes, standingAt } from './model.ts'
import { communitiesOf, eventsOf, suspendedWithReview } from './store.ts'
import { factsOf } from './views.ts'

/** What a member may do in a community at an instant. */
export interface Membership {
  /** UUIDs. */
  readonly community: string
  readonly founder: string | null
  readonly team: string
  /** Open to it. */
  readonly scopes: readonly MembershipScope[]
  /** What it still receives where receiving is taken away. */
  readonly carve_outs: readonly CarveOut[]
}

/** Every membership that holds in an organisation's directory at an instant, also of members from whom everything is taken away. */
export async function membershipsAt(db: Kysely<unknown>, organisation_id: number, at_ms: number): Promise<readonly Membership[]> {
  const [communities, events] = [await communitiesOf(db, organisation_id), await eventsOf(db, { organisation_id })]
  const founders = await teamRefs(db, communities.flatMap(({ founder_id }) => founder_id ?? []))
  const by_community = Map.groupBy(events, ({ community_id }) => community_id)
  return communities.flatMap(({ id, uuid, founder_id }) => [...Map.groupBy(by_community.get(id) ?? [], ({ team_id }) => team_id).values()].flatMap((own) => {
    const standing = standingAt(own.map(factsOf), at_ms)
    if (!standing.member) return []
    return [{
      community: uuid, founder: founder_id === null ? null : founders.get(founder_id)?.id ?? null, team: own[0]!.team_uuid, scopes: membershipScopes.filter((scope) => standing.may[scope]),
      carve_outs: standing.may.receive ? [] : carveOuts.filter((one) => passes(standing, 'receive', one)),
    }]
  }))
}

/** Suspensions of all organisations that still hold and whose day of review has come: how many. */
export async function reviewsDue(db: Kysely<unknown>, at_ms: number): Promise<number> {
  const today = new Date(at_ms).toISOString().slice(0, 10)
  let count = 0
  for (const where of await suspendedWithReview(db, today)) {
    const { member, suspensions } = standingAt((await eventsOf(db, where)).map(factsOf), at_ms)
    if (member) count += suspensions.filter(({ event }) => event.row.review_on! <= today).length
  }
  return count
}
