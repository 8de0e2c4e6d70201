import { createHash } from 'node:crypto'
import { fail, ok, unwrap, type Result } from '@hirundo/base'
import type { Kysely } from 'kysely'
import { formatLabel, parseLabel } from './label-codec.ts'
import type { Label } from './label.ts'
import { policyDb } from './tables.ts'

/** Of one organisation: each new viewer is asked about all of them. */
export const labels_max = 10_000
const tries_max = 3

export interface InternedLabel {
  readonly id: number
  readonly text: string
  readonly label: Label
}

const known = (db: Kysely<unknown>, organisation_id: number, hash: Buffer) =>
  policyDb(db).selectFrom('policy_label').select('id').where('organisation_id', '=', organisation_id).where('hash', '=', hash).executeTakeFirst()

/**
 * The node's number of a label, the same for the same label whoever asks, also at the same time and in a transaction.
 * Problem: `label/too-many`.
 */
export async function internLabel(db: Kysely<unknown>, organisation_id: number, label: Label): Promise<Result<number>> {
  const text = formatLabel(label)
  // What cannot be read back must not be stored.
  unwrap(parseLabel(text))
  const hash = createHash('sha256').update(text).digest()
  for (let tried = 0; tried < tries_max; tried++) {
    const found = await known(db, organisation_id, hash)
    if (found) return ok(found.id)
    if ((await countLabels(db, organisation_id)) >= labels_max) return fail('label/too-many', { labels_max })
    // Another who does the same is waited for; if that one gives up, this one inserts.
    const made = await policyDb(db).insertInto('policy_label').values({ organisation_id, hash, text })
      .onConflict((conflict) => conflict.columns(['organisation_id', 'hash']).doNothing()).returning('id').executeTakeFirst()
    if (made) return ok(made.id)
  }
  throw new Error('a label is neither there nor can it be stored: the transaction sees too old a state')
}

export async function countLabels(db: Kysely<unknown>, organisation_id: number): Promise<number> {
  const { count } = await policyDb(db).selectFrom('policy_label').select(({ fn }) => fn.countAll<number>().as('count')).where('organisation_id', '=', organisation_id).executeTakeFirstOrThrow()
  return count
}

const interned = ({ id, text }: { readonly id: number, readonly text: string }): InternedLabel => ({ id, text, label: unwrap(parseLabel(text)) })

/** All of the organisation, in the order of their numbers. */
export async function labelsOf(db: Kysely<unknown>, organisation_id: number): Promise<readonly InternedLabel[]> {
  const rows = await policyDb(db).selectFrom('policy_label').select(['id', 'text']).where('organisation_id', '=', organisation_id).orderBy('id').execute()
  return rows.map(interned)
}
