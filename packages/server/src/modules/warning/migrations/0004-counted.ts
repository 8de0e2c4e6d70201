import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `alter table finding add column counted_at timestamptz`,
  // As closely as it is known of older ones: where they ended when they were found long after.
  `update finding set counted_at = end_at + interval '1 hour' where found_at > end_at + interval '1 hour'`,
]

/** When a finding counts that was found in what was stored before: its end moves when it goes on. */
export const counted: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
