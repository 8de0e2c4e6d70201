import { fail, ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler } from '../../../platform/module.ts'
import { bounds, type DirectoryTools } from '../tools.ts'
import { approve, claim, decide, endAgreement, withdraw } from './commands.ts'
import { overlapsAmong } from './overlaps.ts'
import { explainOwner } from './queries.ts'
import { allClaims, approvalsOf, pageOfClaims } from './store.ts'
import { claimView, overlapView } from './views.ts'

const rows_default = 100

/** The routes of constituencies, their overlaps and owners. */
export function constituencyHandlers(tools: DirectoryTools): readonly Handler[] {
  const { db } = tools
  return [
    handle(contract.listConstituencies, async ({ query }, { actor }) => {
      if (query.after !== undefined && !/^\d{1,15}$/.test(query.after)) return fail('request/invalid', { what: 'after' })
      const limit = query.limit ?? rows_default
      const asked = { team: query.team, state: query.state, kind: query.kind, below: query.after === undefined ? undefined : Number(query.after), limit: limit + 1 }
      const rows = await pageOfClaims(db, actor!.organisation_id, asked)
      return ok({ constituencies: rows.slice(0, limit).map(claimView), next: rows.length > limit ? String(rows[limit - 1]!.id) : null })
    }),
    handle(contract.claimConstituency, ({ params, body }, { actor }) => claim(tools, actor!, params.id, body)),
    handle(contract.decideConstituency, ({ params, body }, { actor }) => decide(tools, actor!, params.id, body)),
    handle(contract.withdrawConstituency, ({ params }, { actor }) => withdraw(tools, actor!, params.id)),
    handle(contract.listOverlaps, async (_, { actor }) => {
      const rows = (await allClaims(db, actor!.organisation_id)).filter(({ state }) => state !== 'rejected')
      const { pairs, more } = overlapsAmong(rows, bounds.overlaps_max)
      const approvals = await approvalsOf(db, actor!.organisation_id)
      return ok({ overlaps: pairs.map((pair) => overlapView(pair, approvals)), more })
    }),
    handle(contract.approveOverlap, ({ body }, { actor }) => approve(tools, actor!, body)),
    handle(contract.endOverlap, ({ body }, { actor }) => endAgreement(tools, actor!, body.wider, body.narrower)),
    handle(contract.constituencyOwner, ({ query }, { actor }) => explainOwner(db, actor!.organisation_id, query)),
  ]
}
