import { sql, type Kysely } from 'kysely'
import { lockFindings } from './write.ts'

const rows_batch_max = 1000

/**
 * Removes records that ended before an instant and that nobody touched: alarms and whatever people worked with stay.
 * Gives how many findings went; a part at a time, each its own transaction.
 */
export async function forgetRecords(db: Kysely<unknown>, organisation_id: number, before: Date): Promise<number> {
  for (let all = 0; ; ) {
    const gone = await db.transaction().execute(async (t) => {
      await lockFindings(t, organisation_id)
      const { rows } = await sql<{ id: number }>`select id from finding where organisation_id = ${organisation_id} and severity = 0 and state = 'new' and not touched
        and merged_into is null and end_at < ${before} order by id limit ${rows_batch_max} for update`.execute(t)
      const ids = rows.map(({ id }) => id)
      if (ids.length === 0) return 0
      await sql`delete from detection where finding_id = any(${ids}::bigint[])`.execute(t)
      await sql`delete from finding where merged_into = any(${ids}::bigint[])`.execute(t)
      await sql`delete from finding where id = any(${ids}::bigint[])`.execute(t)
      return ids.length
    })
    all += gone
    if (gone < rows_batch_max) return all
  }
}
