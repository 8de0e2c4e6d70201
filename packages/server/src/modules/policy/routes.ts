import { fail, ok, parseInstant, type Result } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import type { ProposalView } from '@hirundo/contract'
import { handle, type Handler } from '../../platform/module.ts'
import { defaultPolicyText, readPolicySet, type PolicySet } from './cedar/policy-set.ts'
import { ALONE_MS, approve, diffWithCurrent, propose, withdraw, type ChangeTools } from './changes.ts'
import { currentEpoch, epochsOf, policiesOf } from './epoch-store.ts'
import { explain } from './explain.ts'
import { preview, type LabelledThings } from './preview.ts'
import { proposalsOf } from './proposal-store.ts'
import type { ProposalRecord } from './tables.ts'
import type { Verdicts } from './verdicts/verdicts.ts'

const shown_max = 100
/** Comparisons of policy sets under way on this process, each some seconds of Cedar. */
const diffs_max = 2

const rowsOf = ({ policies }: PolicySet) => policies.map(({ id, effect }) => ({ id, effect }))

const proposalView = (row: ProposalRecord): ProposalView => ({
  id: row.uuid, state: row.state, why: row.why, proposed_by: row.proposed_by, proposed_at: row.proposed_at.toISOString(), decided_by: row.decided_by,
  decided_at: row.decided_at?.toISOString() ?? null, alone: row.alone, alone_after: new Date(row.proposed_at.getTime() + ALONE_MS).toISOString(), epoch: row.epoch, text: row.text, diff: row.diff,
})
const viewOf = (result: Result<ProposalRecord>): Result<ProposalView> => (result.ok ? ok(proposalView(result.value)) : result)

/** At most so many at once. Problem: `request/rate-limited`. */
function bounded(max: number): <T>(work: () => Promise<Result<T>>) => Promise<Result<T>> {
  let under_way = 0
  return async (work) => {
    if (under_way >= max) return fail('request/rate-limited')
    under_way++
    try {
      return await work()
    } finally {
      under_way--
    }
  }
}

export interface RouteTools extends ChangeTools {
  readonly verdicts: Verdicts
  readonly things: readonly LabelledThings[]
}

export function policyHandlers(tools: RouteTools): readonly Handler[] {
  const { db, world } = tools
  const compared = bounded(diffs_max)
  return [
    handle(contract.getPolicy, async (_, { actor }) => {
      const row = await currentEpoch(tools, actor!.organisation_id)
      return ok({ epoch: row.epoch, since: row.since.toISOString(), by: row.by, text: row.text, policies: rowsOf(policiesOf(row)), is_default: row.text === defaultPolicyText })
    }),
    handle(contract.listPolicyEpochs, async (_, { actor }) => {
      const rows = await epochsOf(db, actor!.organisation_id, shown_max)
      return ok({ epochs: rows.map(({ epoch, since, by, approved_by, alone, why, newly_allowed }) => ({ epoch, since: since.toISOString(), by, approved_by, alone, why, newly_allowed })) })
    }),
    handle(contract.explainPolicy, async ({ body }, { actor }) => {
      const at = body.at === undefined ? ok(world.now()) : parseInstant(body.at)
      return at.ok ? explain(tools, actor!.organisation_id, { ...body, at_ms: at.value }) : at
    }),
    handle(contract.previewPolicy, async ({ body }, { actor }) => preview(tools, actor!.organisation_id, body.viewer, body.purpose)),
    handle(contract.checkPolicy, async ({ body }) => {
      const set = readPolicySet(body.text)
      return set.ok ? ok({ policies: rowsOf(set.value) }) : set
    }),
    handle(contract.diffPolicy, async ({ body }, { actor }) => compared(() => diffWithCurrent(tools, actor!.organisation_id, body.text))),
    handle(contract.listPolicyProposals, async (_, { actor }) => ok({ proposals: (await proposalsOf(db, actor!.organisation_id, shown_max)).map(proposalView) })),
    handle(contract.proposePolicy, async ({ body }, { actor }) => compared(async () => viewOf(await propose(tools, actor!, body)))),
    handle(contract.approvePolicy, async ({ params }, { actor }) => viewOf(await approve(tools, actor!, params.id))),
    handle(contract.withdrawPolicy, async ({ params }, { actor }) => viewOf(await withdraw(tools, actor!, params.id))),
  ]
}
