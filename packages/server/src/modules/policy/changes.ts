import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import type { PolicyDiff } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor, Platform } from '../../platform/module.ts'
import { readPolicySet } from './cedar/policy-set.ts'
import { diffPolicies } from './diff/diff.ts'
import { beginEpoch, currentEpoch, lockEpoch, policiesOf } from './epoch-store.ts'
import { approversOf, countWaiting, decideProposal, insertProposal, lockProposal, overtakeProposals } from './proposal-store.ts'
import type { ProposalRecord } from './tables.ts'

export type ChangeTools = Pick<Platform, 'db' | 'world' | 'audit'>

/** What a change that allows something new waits for where nobody else could approve it. */
export const ALONE_MS = 24 * 3_600_000
export const waiting_max = 20

/** What the set would newly allow and refuse against the one in force. Problems: `policy/invalid`, `policy/too-wide`. */
export async function diffWithCurrent(tools: ChangeTools, organisation_id: number, text: string): Promise<Result<PolicyDiff>> {
  const after = readPolicySet(text)
  if (!after.ok) return after
  const current = await currentEpoch(tools, organisation_id)
  const diff = await diffPolicies(policiesOf(current), after.value)
  return diff.ok ? ok({ base_epoch: current.epoch, ...diff.value }) : diff
}

interface Decided {
  readonly by: Actor
  readonly alone: boolean
}

/** Puts a proposal in force, in the transaction that locked the epoch; what else waits was compared with the set before. */
async function enforce(tools: ChangeTools, t: Kysely<unknown>, proposal: ProposalRecord, { by, alone }: Decided): Promise<ProposalRecord> {
  const [at, { organisation_id, diff }] = [new Date(tools.world.now()), proposal]
  const epoch = await beginEpoch(t, {
    organisation_id, text: proposal.text, since: at, by: proposal.proposed_by, approved_by: by.person_id === proposal.proposer_id ? null : by.name, alone, why: proposal.why, newly_allowed: diff.newly_allowed,
  }, proposal.base_epoch)
  const decided = await decideProposal(t, proposal.id, { state: 'in-force', decided_at: at, decided_by: by.name, alone, epoch })
  await overtakeProposals(t, organisation_id, at)
  await tools.audit({
    organisation_id, actor: by.actor_id, action: diff.widens ? 'policy.widen' : 'policy.tighten', subject: proposal.uuid,
    detail: { epoch, why: proposal.why, newly_allowed: diff.newly_allowed, newly_refused: diff.newly_refused, proposed_by: proposal.proposed_by, ...(alone ? { alone } : {}) },
  }, t)
  return decided
}

/**
 * Proposes a policy set in the name of a person. One that allows nothing new is in force at once. Problems: `policy/no-person`,
 * `policy/invalid`, `policy/too-wide`, `policy/unchanged`, `policy/changed-meanwhile`, `policy/too-many`.
 */
export async function propose(tools: ChangeTools, actor: Actor, { text, why }: { readonly text: string, readonly why: string }): Promise<Result<ProposalRecord>> {
  const { organisation_id, person_id } = actor
  if (actor.kind !== 'person' || person_id === undefined) return fail('policy/no-person')
  const diff = await diffWithCurrent(tools, organisation_id, text)
  if (!diff.ok) return diff
  if ((await currentEpoch(tools, organisation_id)).text === text) return fail('policy/unchanged')
  return tools.db.transaction().execute(async (t): Promise<Result<ProposalRecord>> => {
    const epoch = await lockEpoch(t, organisation_id)
    if (epoch !== diff.value.base_epoch) return fail('policy/changed-meanwhile')
    if ((await countWaiting(t, organisation_id)) >= waiting_max) return fail('policy/too-many', { waiting_max })
    const proposal = await insertProposal(t, {
      uuid: uuidV4(tools.world), organisation_id, base_epoch: epoch, text, why, diff: diff.value, proposed_at: new Date(tools.world.now()), proposed_by: actor.name, proposer_id: person_id,
      decided_at: null, decided_by: null, epoch: null,
    })
    if (!diff.value.widens) return ok(await enforce(tools, t, proposal, { by: actor, alone: false }))
    await tools.audit({ organisation_id, actor: actor.actor_id, action: 'policy.propose', subject: proposal.uuid, detail: { base_epoch: epoch, why, newly_allowed: diff.value.newly_allowed, newly_refused: diff.value.newly_refused } }, t)
    return ok(proposal)
  })
}

/** Whether this person may put it in force now, and whether they do so alone. Problems: `policy/second-person`, `policy/not-yet`. */
async function mayDecide(tools: ChangeTools, t: Kysely<unknown>, proposal: ProposalRecord, person_id: string): Promise<Result<{ readonly alone: boolean }>> {
  const others = (await approversOf(t, proposal.organisation_id)).filter((id) => id !== proposal.proposer_id)
  if (others.includes(person_id)) return ok({ alone: false })
  if (others.length > 0 || person_id !== proposal.proposer_id) return fail('policy/second-person')
  const after = proposal.proposed_at.getTime() + ALONE_MS
  return tools.world.now() >= after ? ok({ alone: true }) : fail('policy/not-yet', { after: new Date(after).toISOString() })
}

/**
 * Puts what waits in force: somebody else than who proposed it, or where nobody else could, who proposed it after `ALONE_MS`.
 * Problems: `policy/no-person`, `policy/not-found`, `policy/wrong-state`, `policy/changed-meanwhile`, and those of `mayDecide`.
 */
export async function approve(tools: ChangeTools, actor: Actor, uuid: string): Promise<Result<ProposalRecord>> {
  const { organisation_id, person_id } = actor
  if (actor.kind !== 'person' || person_id === undefined) return fail('policy/no-person')
  await currentEpoch(tools, organisation_id)
  return tools.db.transaction().execute(async (t): Promise<Result<ProposalRecord>> => {
    const epoch = await lockEpoch(t, organisation_id)
    const proposal = await lockProposal(t, organisation_id, uuid)
    if (!proposal) return fail('policy/not-found')
    if (proposal.state !== 'waiting') return fail('policy/wrong-state', { state: proposal.state })
    if (proposal.base_epoch !== epoch) return fail('policy/changed-meanwhile')
    const may = await mayDecide(tools, t, proposal, person_id)
    return may.ok ? ok(await enforce(tools, t, proposal, { by: actor, alone: may.value.alone })) : may
  })
}

/** Problems: `policy/no-person`, `policy/not-found`, `policy/wrong-state`. */
export async function withdraw(tools: ChangeTools, actor: Actor, uuid: string): Promise<Result<ProposalRecord>> {
  const { organisation_id } = actor
  if (actor.kind !== 'person') return fail('policy/no-person')
  return tools.db.transaction().execute(async (t): Promise<Result<ProposalRecord>> => {
    const proposal = await lockProposal(t, organisation_id, uuid)
    if (!proposal) return fail('policy/not-found')
    if (proposal.state !== 'waiting') return fail('policy/wrong-state', { state: proposal.state })
    await tools.audit({ organisation_id, actor: actor.actor_id, action: 'policy.withdraw', subject: uuid, detail: {} }, t)
    return ok(await decideProposal(t, proposal.id, { state: 'withdrawn', decided_at: new Date(tools.world.now()), decided_by: actor.name }))
  })
}
