import { fail, ok, parseInstant, uuidV4, type Result } from '@hirundo/base'
import { membershipScopes, type CommunityView, type EconomyNames, type MembershipView, type NewCommunity, type NewMembershipEvent } from '@hirundo/contract'
import type { Insertable, Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { plainText } from '../../../platform/notify/plain-text.ts'
import type { CommunityRecord, DirectoryTables } from '../tables.ts'
import { isDay } from '../teams/model.ts'
import { findTeam } from '../teams/store.ts'
import { alone, bounds, note, tooMany, type DirectoryTools } from '../tools.ts'
import { carveOutsIn, scopesIn, standingAt, type StandingFacts } from './model.ts'
import { communitiesOf, eventsOf, findCommunity, insertCommunity, insertEvent, updateCommunity } from './store.ts'
import { communityView, factsOf, standingView } from './views.ts'

type Db = Kysely<unknown>
const invalid = (what: string) => fail('request/invalid', { what })
const AHEAD_MS_MAX = 366 * 86_400_000

/** Names by language tags as BCP 47 writes them, each once. Problems: `request/invalid`, `directory/too-many`. */
function namesOf(names: EconomyNames): Result<EconomyNames> {
  const entries = Object.entries(names)
  if (entries.length > bounds.languages_max) return tooMany('languages', bounds.languages_max)
  const read: EconomyNames = {}
  for (const [language, own] of entries) {
    let tag: string | undefined
    try {
      tag = Intl.getCanonicalLocales(language)[0]
    } catch {
      return invalid('language')
    }
    if (tag === undefined || Object.hasOwn(read, tag)) return invalid('language')
    if (Object.keys(own).length > bounds.economy_names_max) return tooMany('names of economies', bounds.economy_names_max)
    read[tag] = Object.fromEntries(Object.entries(own).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
  return ok(read)
}

type Fields = Pick<Insertable<DirectoryTables['directory_community']>, 'name' | 'short_name' | 'founder_id' | 'description' | 'economy_names'>

/** Problems: `community/name-taken`, `team/not-found`, `request/invalid`, `directory/too-many`. */
async function fieldsOf(t: Db, organisation_id: number, body: NewCommunity, mine?: CommunityRecord): Promise<Result<Fields>> {
  const [name, short_name] = [body.name.trim(), body.short_name.trim()]
  if (name === '' || short_name === '') return invalid(name === '' ? 'name' : 'short_name')
  const names = namesOf(body.economy_names ?? {})
  if (!names.ok) return names
  const founder = body.founder == null ? null : await findTeam(t, organisation_id, body.founder)
  if (founder === undefined) return fail('team/not-found')
  const all = await communitiesOf(t, organisation_id)
  if (mine === undefined && all.length >= bounds.communities_max) return tooMany('communities', bounds.communities_max)
  if (all.some((one) => one.short_name.toLowerCase() === short_name.toLowerCase() && one.id !== mine?.id)) return fail('community/name-taken')
  return ok({ name, short_name, founder_id: founder?.id ?? null, description: body.description == null ? null : plainText(body.description, 2000), economy_names: JSON.stringify(names.value) })
}

/** Problems: those of `fieldsOf`. */
export const addCommunity = (tools: DirectoryTools, actor: Actor, body: NewCommunity): Promise<Result<CommunityView>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const fields = await fieldsOf(t, actor.organisation_id, body)
  if (!fields.ok) return fields
  const now = tools.world.now()
  const row = await insertCommunity(t, { ...fields.value, uuid: uuidV4(tools.world), organisation_id: actor.organisation_id, created_at: new Date(now), created_by: actor.name })
  await note(tools, t, actor, 'community.add', row.uuid)
  return ok(await communityView(t, row, now))
})

/** Problems: `community/not-found`, `community/changed-meanwhile`, those of `fieldsOf`. */
export const changeCommunity = (tools: DirectoryTools, actor: Actor, uuid: string, body: NewCommunity & { readonly version: number }): Promise<Result<CommunityView>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const before = await findCommunity(t, actor.organisation_id, uuid)
  if (!before) return fail('community/not-found')
  if (before.version !== body.version) return fail('community/changed-meanwhile', { version: before.version })
  const fields = await fieldsOf(t, actor.organisation_id, body, before)
  if (!fields.ok) return fields
  const row = await updateCommunity(t, before.id, { ...fields.value, version: before.version + 1 })
  await note(tools, t, actor, 'community.change', uuid)
  return ok(await communityView(t, row, tools.world.now()))
})

type Said = Pick<Insertable<DirectoryTables['directory_membership_event']>, 'kind' | 'at' | 'scopes' | 'carve_outs' | 'legal_basis' | 'decided_by' | 'review_on' | 'text'>

/** What is kept of a record: a suspension says on what basis, who decided and when it is looked at again. Problem: `request/invalid` with what is missing. */
function saidOf(body: NewMembershipEvent, now_ms: number): Result<Said> {
  const { kind, scopes, carve_outs, legal_basis, decided_by, review_on, text } = body
  const at = body.at === undefined ? ok(now_ms) : parseInstant(body.at)
  if (!at.ok || at.value > now_ms + AHEAD_MS_MAX) return invalid('at')
  const only = kind === 'suspended'
  if (only && (scopes === undefined || legal_basis === undefined || decided_by === undefined || review_on === undefined)) {
    return invalid(Object.entries({ scopes, legal_basis, decided_by, review_on }).find(([, value]) => value === undefined)![0])
  }
  if (!only && (carve_outs !== undefined || review_on !== undefined)) return invalid(carve_outs === undefined ? 'review_on' : 'carve_outs')
  if (scopes !== undefined && !only && kind !== 'reinstated') return invalid('scopes')
  if (review_on !== undefined && (!isDay(review_on) || review_on < new Date(at.value).toISOString().slice(0, 10))) return invalid('review_on')
  const about = only || kind === 'reinstated' ? scopesIn(scopes ?? membershipScopes) : []
  return ok({
    kind, at: new Date(at.value), scopes: about, carve_outs: carveOutsIn(carve_outs ?? []), legal_basis: legal_basis ?? null, decided_by: decided_by ?? null, review_on: review_on ?? null,
    text: text === undefined ? null : plainText(text, 1000),
  })
}

/** Whether what is said can have happened to such a membership. */
function isPossible({ kind, scopes }: Said, { member, suspensions }: StandingFacts): boolean {
  if (kind === 'joined') return !member
  if (kind === 'reinstated') return suspensions.some((one) => one.scopes.some((scope) => scopes.includes(scope)))
  return member
}

/** Adds to what happened; nothing that was recorded before is touched. Problems: `community/not-found`, `team/not-found`, `membership/wrong-state`, `request/invalid`, `directory/too-many`. */
export const record = (tools: DirectoryTools, actor: Actor, community_uuid: string, body: NewMembershipEvent): Promise<Result<MembershipView>> => tools.db.transaction().execute(async (t) => {
  const { organisation_id } = actor
  await alone(t, organisation_id)
  const community = await findCommunity(t, organisation_id, community_uuid)
  if (!community) return fail('community/not-found')
  const team = await findTeam(t, organisation_id, body.team)
  if (!team) return fail('team/not-found')
  const now = tools.world.now()
  const said = saidOf(body, now)
  if (!said.ok) return said
  const where = { organisation_id, community_id: community.id, team_id: team.id }
  const before = await eventsOf(t, where)
  if (before.length >= bounds.membership_events_of_team_max) return tooMany('membership events', bounds.membership_events_of_team_max)
  if (!isPossible(said.value, standingAt(before.map(factsOf), (said.value.at as Date).getTime()))) return fail('membership/wrong-state', { kind: body.kind })
  const row = await insertEvent(t, { ...said.value, ...where, uuid: uuidV4(tools.world), recorded_at: new Date(now), recorded_by: actor.name })
  await note(tools, t, actor, `membership.${body.kind}`, team.uuid, { community: community.uuid, event: row.uuid, at: row.at.toISOString(), scopes: row.scopes, carve_outs: row.carve_outs })
  return ok({ community: { id: community.uuid, short_name: community.short_name }, team: { id: team.uuid, short_name: team.short_name }, standing: standingView(standingAt((await eventsOf(t, where)).map(factsOf), now), now) })
})
