import type { Kysely } from 'kysely'
import { pageOfKeys } from './store.ts'
import { keyViews } from './views.ts'

/** A node's key that somebody made sure of. */
export interface NodeIdentity {
  /** UUID. */
  readonly team: string
  readonly fingerprint: string
  /** 32 bytes of Ed25519; null: only the fingerprint is known. */
  readonly public_key: Uint8Array | null
}

const ROWS = 1000

/** Keys of nodes that are verified at an instant: no other is to be relied on. */
export async function verifiedNodeKeys(db: Kysely<unknown>, organisation_id: number, at_ms: number): Promise<readonly NodeIdentity[]> {
  const found: NodeIdentity[] = []
  let below: number | undefined
  for (;;) {
    const rows = await pageOfKeys(db, organisation_id, { below, limit: ROWS })
    const nodes = rows.filter(({ kind }) => kind === 'node')
    const views = await keyViews(db, nodes.map((key) => ({ key, team: { id: key.team_uuid, short_name: key.short_name } })), at_ms)
    found.push(...views.flatMap(({ team, fingerprint, standing }, i) => (standing === 'verified' ? [{ team: team.id, fingerprint, public_key: nodes[i]!.public_key }] : [])))
    if (rows.length < ROWS) return found
    below = rows.at(-1)!.id
  }
}
