import { fail, ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler } from '../../../platform/module.ts'
import type { DirectoryTools } from '../tools.ts'
import { addCommunity, changeCommunity, record } from './commands.ts'
import { findCommunity, pageOfEvents } from './store.ts'
import { communityRows, communityView, eventView } from './views.ts'

const rows_default = 100

/** The routes of communities and memberships. */
export function communityHandlers(tools: DirectoryTools): readonly Handler[] {
  const { db, world } = tools
  return [
    handle(contract.listCommunities, async (_, { actor }) => ok({ communities: await communityRows(db, actor!.organisation_id, world.now()) })),
    handle(contract.getCommunity, async ({ params }, { actor }) => {
      const community = await findCommunity(db, actor!.organisation_id, params.id)
      return community ? ok(await communityView(db, community, world.now())) : fail('community/not-found')
    }),
    handle(contract.addCommunity, ({ body }, { actor }) => addCommunity(tools, actor!, body)),
    handle(contract.changeCommunity, ({ params, body }, { actor }) => changeCommunity(tools, actor!, params.id, body)),
    handle(contract.listMembershipEvents, async ({ params, query }, { actor }) => {
      if (query.after !== undefined && !/^\d{1,15}$/.test(query.after)) return fail('request/invalid', { what: 'after' })
      const community = await findCommunity(db, actor!.organisation_id, params.id)
      if (!community) return fail('community/not-found')
      const limit = query.limit ?? rows_default
      const rows = await pageOfEvents(db, community.id, { team: query.team, below: query.after === undefined ? undefined : Number(query.after), limit: limit + 1 })
      return ok({ events: rows.slice(0, limit).map(eventView), next: rows.length > limit ? String(rows[limit - 1]!.id) : null })
    }),
    handle(contract.recordMembership, ({ params, body }, { actor }) => record(tools, actor!, params.id, body)),
  ]
}
