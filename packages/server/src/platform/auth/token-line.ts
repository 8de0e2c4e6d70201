import type { World } from '@hirundo/base'
import { sql, type Kysely, type Transaction } from 'kysely'
import { writeAudit } from '../audit.ts'
import type { Actor } from '../module.ts'

/** Shown of one token's line; all of it is revoked. */
const SHOWN_MAX = 100

export interface MadeToken {
  readonly id: string
  readonly name: string
}

/** The tokens in force that each of `ids` made, and that those made, oldest first. `created_by` of a token's work is its id. */
export async function lineOf(db: Kysely<unknown>, now: Date, ids: readonly string[]): Promise<ReadonlyMap<string, readonly MadeToken[]>> {
  const { rows } = await sql<MadeToken & { root: string }>`
    with recursive line (root, id) as (
      select id, id from api_token where id = any(${[...ids]}::uuid[])
      union all select line.root, child.id from line join api_token child on child.created_by = line.id::text
    ) select line.root, token.id, token.name from line join api_token token on token.id = line.id
    where line.id <> line.root and token.revoked_at is null and (token.expires_at is null or token.expires_at > ${now}) order by token.number`.execute(db)
  const lines = new Map<string, MadeToken[]>()
  for (const { root, id, name } of rows) {
    const line = lines.get(root) ?? []
    lines.set(root, line)
    if (line.length < SHOWN_MAX) line.push({ id, name })
  }
  return lines
}

/**
 * Ends every token of a revoked token's line, each with an audit entry in its own organisation: who stole the first may
 * have made the others. Again until none is left: one of them may have been making another at that moment.
 */
export async function revokeLine(t: Transaction<unknown>, world: World, actor: Actor, root: string): Promise<void> {
  for (;;) {
    const { rows } = await sql<MadeToken & { organisation_id: number }>`
      with recursive line (id) as (
        select id from api_token where created_by = ${root}
        union all select child.id from line join api_token child on child.created_by = line.id::text
      ) update api_token set revoked_at = ${new Date(world.now())} where id in (select id from line) and revoked_at is null
      returning id, name, organisation_id`.execute(t)
    if (rows.length === 0) return
    for (const { id, name, organisation_id } of rows) {
      await writeAudit(t, world, { organisation_id, actor: actor.actor_id, action: 'token.revoke', subject: id, detail: { name, with: root } })
    }
  }
}
