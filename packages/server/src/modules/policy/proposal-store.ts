import { roles, scopesOfRole, type PolicyDiff } from '@hirundo/contract'
import type { Insertable, Kysely, Updateable } from 'kysely'
import { policyDb, type PolicyTables, type ProposalRecord } from './tables.ts'

type Db = Kysely<unknown>

export const insertProposal = (t: Db, row: Omit<Insertable<PolicyTables['policy_proposal']>, 'diff'> & { readonly diff: PolicyDiff }): Promise<ProposalRecord> =>
  policyDb(t).insertInto('policy_proposal').values({ ...row, diff: JSON.stringify(row.diff) }).returningAll().executeTakeFirstOrThrow()

export const lockProposal = (t: Db, organisation_id: number, uuid: string): Promise<ProposalRecord | undefined> =>
  policyDb(t).selectFrom('policy_proposal').selectAll().where('organisation_id', '=', organisation_id).where('uuid', '=', uuid).forUpdate().executeTakeFirst()

export const decideProposal = (t: Db, id: number, change: Updateable<PolicyTables['policy_proposal']>): Promise<ProposalRecord> =>
  policyDb(t).updateTable('policy_proposal').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** What was compared with the set before holds no more. */
export const overtakeProposals = async (t: Db, organisation_id: number, decided_at: Date): Promise<void> => {
  await policyDb(t).updateTable('policy_proposal').set({ state: 'overtaken', decided_at }).where('organisation_id', '=', organisation_id).where('state', '=', 'waiting').execute()
}

export const proposalsOf = (db: Db, organisation_id: number, limit: number): Promise<ProposalRecord[]> =>
  policyDb(db).selectFrom('policy_proposal').selectAll().where('organisation_id', '=', organisation_id).orderBy('id', 'desc').limit(limit).execute()

export async function countWaiting(t: Db, organisation_id: number): Promise<number> {
  const { count } = await policyDb(t).selectFrom('policy_proposal').select(({ fn }) => fn.countAll<number>().as('count')).where('organisation_id', '=', organisation_id).where('state', '=', 'waiting').executeTakeFirstOrThrow()
  return count
}

const decidingRoles = roles.filter((role) => scopesOfRole[role].includes('policy:write'))

/** People of the organisation who may decide; the account for emergencies is nobody's second person. */
export async function approversOf(t: Db, organisation_id: number): Promise<readonly string[]> {
  const rows = await policyDb(t).selectFrom('person').select('id').where('organisation_id', '=', organisation_id).where('state', '=', 'active').where('break_glass', '=', false)
    .where('role', 'in', decidingRoles).execute()
  return rows.map(({ id }) => id)
}
