import type { PolicyDiff, ProposalState, Purpose } from '@hirundo/contract'
import type { Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { PlatformTables } from '../../platform/db/tables.ts'
import type { Verdict } from './cedar/engine.ts'
import type { Phase } from './label.ts'

export type PhaseVerdicts = Partial<Record<Phase, Verdict>>

/** Tables of policy, as `migrations/0001-policy.ts` makes them. */
export interface PolicyTables {
  policy_label: { id: Generated<number>; organisation_id: number; hash: Buffer; text: string }
  policy_state: { organisation_id: number; epoch: number }
  policy_epoch: {
    organisation_id: number
    epoch: number
    text: string
    since: Date
    by: string
    /** Null: it only tightened, or its proposer was alone. */
    approved_by: string | null
    alone: Generated<boolean>
    why: string
    newly_allowed: number
  }
  policy_proposal: {
    id: Generated<number>
    uuid: string
    organisation_id: number
    state: Generated<ProposalState>
    base_epoch: number
    text: string
    why: string
    diff: JSONColumnType<PolicyDiff>
    proposed_at: Date
    proposed_by: string
    proposer_id: string
    decided_at: Date | null
    decided_by: string | null
    alone: Generated<boolean>
    epoch: number | null
  }
  policy_class: { id: Generated<number>; organisation_id: number; hash: Buffer; used_at: Date }
  policy_verdict: { class_id: number; purpose: Purpose; epoch: number; label_id: number; phases: JSONColumnType<PhaseVerdicts> }
}

export type ProposalRecord = Selectable<PolicyTables['policy_proposal']>
export type EpochRecord = Selectable<PolicyTables['policy_epoch']>

/** The same database, seen with the tables of policy and the people who decide. */
export const policyDb = (db: Kysely<unknown>): Kysely<PolicyTables & Pick<PlatformTables, 'person'>> => db as unknown as Kysely<PolicyTables & Pick<PlatformTables, 'person'>>
