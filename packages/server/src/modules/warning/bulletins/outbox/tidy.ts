import { sql, type Kysely } from 'kysely'
import { bulletinDb } from '../tables.ts'

/** Forgets who was told of findings before `until`. Of bulletins it stays for ever: what was said, to whom and when. */
export async function tidy(db: Kysely<unknown>, until: Date): Promise<void> {
  await bulletinDb(db).deleteFrom('warning_notice').where('at', '<', until).execute()
  await bulletinDb(db).deleteFrom('warning_delivery').where('created_at', '<', until).where('state', '<>', 'waiting').where('what', 'not in', ['released', 'withdrawn']).execute()
  await sql`delete from warning_message m where m.created_at < ${until} and m.state not in ('waiting', 'sending')
    and not exists (select 1 from warning_delivery d where d.message_id = m.id or d.reached_by = m.id) and not exists (select 1 from warning_notice n where n.message_id = m.id)`.execute(db)
}
