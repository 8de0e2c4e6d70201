import { fail, ok, parseInstant, uuidV4, type Result } from '@hirundo/base'
import type { approveOverlap as approveRoute, claimConstituency as claimRoute, ConstituencyView, decideConstituency as decideRoute, Input, Overlap } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../../../platform/module.ts'
import { oneLine } from '../../../platform/notify/plain-text.ts'
import type { ConstituencyRecord, TeamRecord } from '../tables.ts'
import { findTeam } from '../teams/store.ts'
import { alone, bounds, note, tooMany, type DirectoryTools } from '../tools.ts'
import { readValue } from './model.ts'
import { overlapsOf, type Pair } from './overlaps.ts'
import { allClaims, approvalsOf, claimsOfTeam, countClaims, deleteApprovals, deleteClaim, findClaim, insertApproval, insertClaim, updateClaim, type ClaimRow } from './store.ts'
import { claimView, isAgreed, overlapView } from './views.ts'

type Db = Kysely<unknown>

/** Enters a claim within a transaction that is `alone`. Problems: `constituency/exists`, `request/invalid`, `directory/too-many`. */
export async function insertNewClaim(tools: DirectoryTools, t: Db, actor: Actor, team: TeamRecord, { kind, value, visibility = 'partners' }: Input<typeof claimRoute>['body']): Promise<Result<ConstituencyRecord>> {
  const { organisation_id } = actor
  const read = readValue(kind, value)
  if (!read.ok) return read
  if ((await countClaims(t, { organisation_id, team_id: team.id })) >= bounds.constituencies_of_team_max) return tooMany('constituencies of a team', bounds.constituencies_of_team_max)
  if ((await countClaims(t, { organisation_id })) >= bounds.constituencies_max) return tooMany('constituencies', bounds.constituencies_max)
  if ((await claimsOfTeam(t, team.id)).some((one) => one.kind === kind && one.value === read.value)) return fail('constituency/exists')
  const row = await insertClaim(t, { uuid: uuidV4(tools.world), organisation_id, team_id: team.id, kind, value: read.value, visibility, claimed_at: new Date(tools.world.now()), claimed_by: actor.name })
  await note(tools, t, actor, 'constituency.claim', row.uuid, { team: team.uuid, kind, value: row.value })
  return ok(row)
}

/** Problems: `team/not-found`, those of `insertNewClaim`. */
export const claim = (tools: DirectoryTools, actor: Actor, team_uuid: string, body: Input<typeof claimRoute>['body']): Promise<Result<ConstituencyView>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const team = await findTeam(t, actor.organisation_id, team_uuid)
  if (!team) return fail('team/not-found')
  const made = await insertNewClaim(tools, t, actor, team, body)
  return made.ok ? ok(claimView({ ...made.value, team_uuid: team.uuid, short_name: team.short_name })) : made
})

/** What stands in the way of a claim: a verified one of another team, to which not both agreed. */
async function inTheWay(t: Db, organisation_id: number, row: ClaimRow): Promise<ClaimRow | undefined> {
  const [rows, approvals] = [await allClaims(t, organisation_id), await approvalsOf(t, organisation_id)]
  const verified = rows.filter(({ state }) => state === 'verified')
  const pair = overlapsOf(row, verified).find((one) => !isAgreed(one, approvals))
  return pair && (pair.wider.id === row.id ? pair.narrower : pair.wider)
}

/** Problems: `constituency/not-found`, `constituency/overlaps` with whose, `request/invalid`. */
export const decide = (tools: DirectoryTools, actor: Actor, uuid: string, { state, how, by, at, text }: Input<typeof decideRoute>['body']): Promise<Result<ConstituencyView>> => tools.db.transaction().execute(async (t) => {
  // Two that overlap, verified at the same moment, must see each other.
  await alone(t, actor.organisation_id)
  const row = await findClaim(t, actor.organisation_id, uuid)
  if (!row) return fail('constituency/not-found')
  const when = at === undefined ? ok(tools.world.now()) : parseInstant(at)
  if (!when.ok || when.value > tools.world.now()) return fail('request/invalid', { what: 'at' })
  const other = state === 'verified' ? await inTheWay(t, actor.organisation_id, row) : undefined
  if (other) return fail('constituency/overlaps', { team: other.short_name, constituency: other.value })
  await updateClaim(t, row.id, { state, decided_at: new Date(when.value), decided_by: by ?? actor.name, decided_how: how, decided_text: text === undefined ? null : oneLine(text, 500) })
  await note(tools, t, actor, 'constituency.decide', uuid, { from: row.state, to: state, how, kind: row.kind, value: row.value })
  return ok(claimView((await findClaim(t, actor.organisation_id, uuid))!))
})

/** Problem: `constituency/not-found`. */
export const withdraw = (tools: DirectoryTools, actor: Actor, uuid: string): Promise<Result<object>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const row = await findClaim(t, actor.organisation_id, uuid)
  if (!row) return fail('constituency/not-found')
  await deleteClaim(t, row.id)
  await note(tools, t, actor, 'constituency.withdraw', uuid, { state: row.state, kind: row.kind, value: row.value })
  return ok({})
})

/** The pair of two claims, whichever is said to be the wider. Problem: `overlap/not-found`. */
async function pairOf(t: Db, organisation_id: number, one: string, other: string): Promise<Result<Pair<ClaimRow>>> {
  const [a, b] = [await findClaim(t, organisation_id, one), await findClaim(t, organisation_id, other)]
  const pair = a && b ? overlapsOf(a, [b])[0] : undefined
  return pair ? ok(pair) : fail('overlap/not-found')
}

/** Problems: `overlap/not-found`; `team/not-found`: the team is neither of the two. */
export const approve = (tools: DirectoryTools, actor: Actor, { wider, narrower, team, by }: Input<typeof approveRoute>['body']): Promise<Result<Overlap>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const pair = await pairOf(t, actor.organisation_id, wider, narrower)
  if (!pair.ok) return pair
  const own = [pair.value.wider, pair.value.narrower].find(({ team_uuid }) => team_uuid === team)
  if (!own) return fail('team/not-found')
  await insertApproval(t, { wider_id: pair.value.wider.id, narrower_id: pair.value.narrower.id, team_id: own.team_id, organisation_id: actor.organisation_id, at: new Date(tools.world.now()), by })
  await note(tools, t, actor, 'overlap.approve', pair.value.narrower.uuid, { wider: pair.value.wider.uuid, team })
  return ok(overlapView(pair.value, await approvalsOf(t, actor.organisation_id)))
})

/** Of two that are verified the later is claimed only again: it stood by the agreement. Problem: `overlap/not-found`. */
export const endAgreement = (tools: DirectoryTools, actor: Actor, wider: string, narrower: string): Promise<Result<Overlap>> => tools.db.transaction().execute(async (t) => {
  await alone(t, actor.organisation_id)
  const pair = await pairOf(t, actor.organisation_id, wider, narrower)
  if (!pair.ok) return pair
  const both = [pair.value.wider, pair.value.narrower]
  await deleteApprovals(t, both[0]!.id, both[1]!.id)
  if (both.every(({ state }) => state === 'verified')) {
    const later = both.toSorted((a, b) => b.decided_at!.getTime() - a.decided_at!.getTime() || b.id - a.id)[0]!
    await updateClaim(t, later.id, { state: 'claimed', decided_at: null, decided_by: null, decided_how: null, decided_text: null })
  }
  await note(tools, t, actor, 'overlap.end', both[1]!.uuid, { wider: both[0]!.uuid })
  const now = await pairOf(t, actor.organisation_id, wider, narrower)
  return now.ok ? ok(overlapView(now.value, [])) : now
})
