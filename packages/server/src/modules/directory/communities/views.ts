import type { CommunityRow, CommunityView, MembershipEvent, MembershipView, Standing } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { CommunityRecord, TeamRecord } from '../tables.ts'
import { teamRefs } from '../teams/store.ts'
import { standingAt, type Event, type StandingFacts } from './model.ts'
import { communitiesOf, eventsOf, type EventRow } from './store.ts'

type Db = Kysely<unknown>

export type FactsOfRow = Event & { readonly row: EventRow }
export const factsOf = (row: EventRow): FactsOfRow => ({ kind: row.kind, at_ms: row.at.getTime(), scopes: row.scopes, carve_outs: row.carve_outs, row })

export const standingView = ({ member, since_ms, may, suspensions }: StandingFacts<FactsOfRow>, now_ms: number): Standing => ({
  member, since: since_ms === null ? null : new Date(since_ms).toISOString(), may,
  suspensions: suspensions.map(({ event, scopes }) => ({
    since: new Date(event.at_ms).toISOString(), scopes: [...scopes], carve_outs: [...event.carve_outs], legal_basis: event.row.legal_basis!, decided_by: event.row.decided_by!, review_on: event.row.review_on!,
    review_due: new Date(now_ms).toISOString().slice(0, 10) >= event.row.review_on!,
  })),
})

const refOf = ({ uuid, short_name }: CommunityRecord) => ({ id: uuid, short_name })

/** Memberships by team, of the events of one community. */
function membershipsIn(community: CommunityRecord, rows: readonly EventRow[], now_ms: number): MembershipView[] {
  const by_team = Map.groupBy(rows, ({ team_id }) => team_id)
  return [...by_team.values()].map((events) => ({
    community: refOf(community), team: { id: events[0]!.team_uuid, short_name: events[0]!.team_short_name }, standing: standingView(standingAt(events.map(factsOf), now_ms), now_ms),
  })).toSorted((a, b) => a.team.short_name.localeCompare(b.team.short_name, 'en'))
}

const isMember = ({ standing }: MembershipView): boolean => standing.member

function rowOf(community: CommunityRecord, memberships: readonly MembershipView[], founders: Awaited<ReturnType<typeof teamRefs>>): CommunityRow {
  const members = memberships.filter(isMember)
  return {
    ...refOf(community), name: community.name, founder: community.founder_id === null ? null : founders.get(community.founder_id) ?? null,
    members: members.length, suspended: members.filter(({ standing }) => standing.suspensions.length > 0).length,
  }
}

export async function communityRows(db: Db, organisation_id: number, now_ms: number): Promise<CommunityRow[]> {
  const [communities, events] = [await communitiesOf(db, organisation_id), await eventsOf(db, { organisation_id })]
  const founders = await teamRefs(db, communities.flatMap(({ founder_id }) => founder_id ?? []))
  const by_community = Map.groupBy(events, ({ community_id }) => community_id)
  return communities.map((one) => rowOf(one, membershipsIn(one, by_community.get(one.id) ?? [], now_ms), founders))
}

export async function communityView(db: Db, community: CommunityRecord, now_ms: number): Promise<CommunityView> {
  const memberships = membershipsIn(community, await eventsOf(db, { organisation_id: community.organisation_id, community_id: community.id }), now_ms)
  const founders = await teamRefs(db, community.founder_id === null ? [] : [community.founder_id])
  return { ...rowOf(community, memberships, founders), description: community.description, economy_names: community.economy_names, version: community.version, memberships }
}

/** What a team is in each community that it ever was in. */
export async function membershipsOfTeam(db: Db, team: TeamRecord, now_ms: number): Promise<MembershipView[]> {
  const { organisation_id, id } = team
  const by_community = Map.groupBy(await eventsOf(db, { organisation_id, team_id: id }), ({ community_id }) => community_id)
  return (await communitiesOf(db, organisation_id)).flatMap((one) => membershipsIn(one, by_community.get(one.id) ?? [], now_ms))
}

/** A member is not taken out of the directory: it leaves first. */
export const restsOnMembership = async (db: Db, team: TeamRecord, now_ms: number): Promise<string | undefined> => (await membershipsOfTeam(db, team, now_ms)).find(isMember)?.community.short_name

export const eventView = (row: EventRow): MembershipEvent => ({
  id: row.uuid, team: { id: row.team_uuid, short_name: row.team_short_name }, kind: row.kind, at: row.at.toISOString(), recorded_at: row.recorded_at.toISOString(), recorded_by: row.recorded_by,
  scopes: row.scopes, carve_outs: row.carve_outs, legal_basis: row.legal_basis, decided_by: row.decided_by, review_on: row.review_on, text: row.text,
})
