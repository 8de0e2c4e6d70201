import type { World } from '@hirundo/base'
import { listAudit } from '@hirundo/contract'
import { fail, ok } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { platformDb } from './db/tables.ts'
import { handle, type AuditEntry, type Handler } from './module.ts'

const rows_default = 100

/** Writes the entry with `db`: give the transaction of the change, so that both stand or neither does. */
export async function writeAudit(db: Kysely<unknown>, world: World, entry: AuditEntry): Promise<void> {
  await platformDb(db).insertInto('audit')
    .values({ ...entry, at: new Date(world.now()), detail: JSON.stringify(entry.detail) })
    .execute()
}

export function auditHandlers(db: Kysely<unknown>): readonly Handler[] {
  return [
    handle(listAudit, async ({ query }, { actor }) => {
      const limit = query.limit ?? rows_default
      const after = query.after === undefined ? undefined : Number(query.after)
      if (after !== undefined && !Number.isSafeInteger(after)) return fail('request/invalid', { what: 'after' })
      let rows = platformDb(db).selectFrom('audit').selectAll().where('organisation_id', '=', actor!.organisation_id)
        .orderBy('id', 'desc').limit(limit + 1)
      if (after !== undefined) rows = rows.where('id', '<', after)
      if (query.action !== undefined) rows = rows.where('action', '=', query.action)
      const found = await rows.execute()
      const page = found.slice(0, limit)
      return ok({
        entries: page.map((row) => ({ ...row, at: row.at.toISOString() })),
        next: found.length > limit ? String(page.at(-1)!.id) : null,
      })
    }),
  ]
}
