import { fail, ok, uuidV4, type World } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { writeAudit } from '../audit.ts'
import { platformDb } from '../db/tables.ts'
import { handle, type Handler } from '../module.ts'
import { lineOf } from './token-line.ts'
import { createToken, revokeToken, selectTokens, viewToken } from './tokens.ts'

const rows_default = 100

function organisationHandlers(db: Kysely<unknown>, world: World): readonly Handler[] {
  const view = (row: { uuid: string; name: string; created_at: Date }) =>
    ({ id: row.uuid, name: row.name, created_at: row.created_at.toISOString() })
  return [
    handle(contract.listOrganisations, async () => {
      const rows = await platformDb(db).selectFrom('organisation').selectAll().orderBy('id').execute()
      return ok({ organisations: rows.map(view) })
    }),
    handle(contract.createOrganisation, ({ body }, { actor }) => db.transaction().execute(async (t) => {
      const made = await platformDb(t).insertInto('organisation')
        .values({ uuid: uuidV4(world), name: body.name, created_at: new Date(world.now()) })
        .onConflict((conflict) => conflict.column('name').doNothing()).returningAll().executeTakeFirst()
      if (!made) return fail('organisation/name-taken')
      await writeAudit(t, world, {
        organisation_id: actor!.organisation_id, actor: actor!.actor_id, action: 'organisation.create', subject: made.uuid, detail: { name: made.name },
      })
      return ok(view(made))
    })),
  ]
}

/** Tokens and organisations. */
export function authHandlers(db: Kysely<unknown>, world: World): readonly Handler[] {
  return [
    handle(contract.listTokens, async ({ query }, { actor }) => {
      const limit = query.limit ?? rows_default
      const after = query.after === undefined ? undefined : Number(query.after)
      if (after !== undefined && !Number.isSafeInteger(after)) return fail('request/invalid', { what: 'after' })
      let rows = selectTokens(db).where('organisation_id', '=', actor!.organisation_id).orderBy('number', 'desc').limit(limit + 1)
      if (after !== undefined) rows = rows.where('number', '<', after)
      const found = await rows.execute()
      const page = found.slice(0, limit)
      const lines = await lineOf(db, new Date(world.now()), page.map(({ id }) => id))
      return ok({ tokens: page.map((row) => viewToken(row, lines.get(row.id))), next: found.length > limit ? String(page.at(-1)!.number) : null })
    }),
    handle(contract.createToken, ({ body }, { actor }) => createToken(db, world, actor!, body)),
    handle(contract.revokeToken, ({ params }, { actor }) => revokeToken(db, world, actor!, params.id)),
    ...organisationHandlers(db, world),
  ]
}
