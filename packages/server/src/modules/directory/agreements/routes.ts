import { fail, ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler } from '../../../platform/module.ts'
import type { DirectoryTools } from '../tools.ts'
import { addAgreement, approveAgreement, changeAgreement, endAgreement } from './commands.ts'
import { findAgreement, pageOfAgreements } from './store.ts'
import { agreementView } from './views.ts'

const rows_default = 100

/** The routes of agreements. */
export function agreementHandlers(tools: DirectoryTools): readonly Handler[] {
  const { db, world } = tools
  return [
    handle(contract.listAgreements, async ({ query }, { actor }) => {
      if (query.after !== undefined && !/^\d{1,15}$/.test(query.after)) return fail('request/invalid', { what: 'after' })
      const limit = query.limit ?? rows_default
      const rows = await pageOfAgreements(db, actor!.organisation_id, { team: query.team, below: query.after === undefined ? undefined : Number(query.after), limit: limit + 1 })
      const shown = rows.slice(0, limit).map((row) => agreementView(row, world.now())).filter(({ state }) => query.state === undefined || state === query.state)
      return ok({ agreements: shown, next: rows.length > limit ? String(rows[limit - 1]!.id) : null })
    }),
    handle(contract.getAgreement, async ({ params }, { actor }) => {
      const row = await findAgreement(db, actor!.organisation_id, params.id)
      return row ? ok(agreementView(row, world.now())) : fail('agreement/not-found')
    }),
    handle(contract.addAgreement, ({ body }, { actor }) => addAgreement(tools, actor!, body)),
    handle(contract.changeAgreement, ({ params, body }, { actor }) => changeAgreement(tools, actor!, params.id, body)),
    handle(contract.approveAgreement, ({ params, body }, { actor }) => approveAgreement(tools, actor!, params.id, body)),
    handle(contract.endAgreement, ({ params, body }, { actor }) => endAgreement(tools, actor!, params.id, body)),
  ]
}
