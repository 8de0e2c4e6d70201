import type { Kysely } from 'kysely'
import { platformDb } from '../../platform/db/tables.ts'

/** Who issues the report. */
export async function organisationName(db: Kysely<unknown>, id: number): Promise<string> {
  return (await platformDb(db).selectFrom('organisation').select('name').where('id', '=', id).executeTakeFirstOrThrow()).name
}
