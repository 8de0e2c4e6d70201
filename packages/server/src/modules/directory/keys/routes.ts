import { fail, ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler } from '../../../platform/module.ts'
import type { DirectoryTools } from '../tools.ts'
import { addKey, revokeKey, verifyKey } from './commands.ts'
import { pageOfKeys } from './store.ts'
import { keyViews } from './views.ts'

const rows_default = 100

/** The routes of keys. */
export function keyHandlers(tools: DirectoryTools): readonly Handler[] {
  return [
    handle(contract.listKeys, async ({ query }, { actor }) => {
      if (query.after !== undefined && !/^\d{1,15}$/.test(query.after)) return fail('request/invalid', { what: 'after' })
      const limit = query.limit ?? rows_default
      const rows = await pageOfKeys(tools.db, actor!.organisation_id, { below: query.after === undefined ? undefined : Number(query.after), limit: limit + 1 })
      const keys = await keyViews(tools.db, rows.slice(0, limit).map((key) => ({ key, team: { id: key.team_uuid, short_name: key.short_name } })), tools.world.now())
      return ok({ keys: keys.filter(({ standing }) => query.standing === undefined || standing === query.standing), next: rows.length > limit ? String(rows[limit - 1]!.id) : null })
    }),
    handle(contract.addKey, ({ params, body }, { actor }) => addKey(tools, actor!, params.id, body)),
    handle(contract.verifyKey, ({ params, body }, { actor }) => verifyKey(tools, actor!, params.id, body)),
    handle(contract.revokeKey, ({ params, body }, { actor }) => revokeKey(tools, actor!, params.id, body.why)),
  ]
}
