import type { ClaimRef, ConstituencyView, Overlap, Visibility } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { TeamRecord } from '../tables.ts'
import { isSeenBy } from '../teams/model.ts'
import type { Pair } from './overlaps.ts'
import { claimsOfTeam, type Approval, type ClaimRow } from './store.ts'

const teamOf = ({ team_uuid, short_name }: ClaimRow): ClaimRef['team'] => ({ id: team_uuid, short_name })

export const claimView = (row: ClaimRow): ConstituencyView => ({
  id: row.uuid, team: teamOf(row), kind: row.kind, value: row.value, state: row.state, visibility: row.visibility, claimed_at: row.claimed_at.toISOString(), claimed_by: row.claimed_by,
  decided: row.decided_at && { at: row.decided_at.toISOString(), by: row.decided_by!, how: row.decided_how!, text: row.decided_text },
})

/** Claims of one team that are for `audience`. Who looked and what they wrote is for us. */
export async function constituenciesOfTeam(db: Kysely<unknown>, team: TeamRecord, audience: Visibility): Promise<ConstituencyView[]> {
  const rows = (await claimsOfTeam(db, team.id)).filter(({ visibility }) => isSeenBy(visibility, audience))
  const views = rows.map((row) => claimView({ ...row, team_uuid: team.uuid, short_name: team.short_name }))
  return audience === 'us' ? views : views.map((view) => ({ ...view, claimed_by: '', decided: null }))
}

const refOf = (row: ClaimRow): ClaimRef => ({ id: row.uuid, team: teamOf(row), kind: row.kind, value: row.value, state: row.state })

/** Whether both teams of a pair approved it. */
export function isAgreed({ wider, narrower }: Pair<ClaimRow>, approvals: readonly Approval[]): boolean {
  const by = new Set(approvals.filter(({ wider_id, narrower_id }) => wider_id === wider.id && narrower_id === narrower.id).map(({ team_id }) => team_id))
  return by.has(wider.team_id) && by.has(narrower.team_id)
}

export function overlapView(pair: Pair<ClaimRow>, approvals: readonly Approval[]): Overlap {
  const { wider, narrower } = pair
  const own = approvals.filter((one) => one.wider_id === wider.id && one.narrower_id === narrower.id)
  return {
    wider: refOf(wider), narrower: refOf(narrower), agreed: isAgreed(pair, approvals),
    approved_by: own.map(({ team_id, at, by }) => ({ team: teamOf(team_id === wider.team_id ? wider : narrower), at: at.toISOString(), by })),
  }
}
