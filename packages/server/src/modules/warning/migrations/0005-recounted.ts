import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `alter table finding_change drop constraint finding_change_what_check,
    add constraint finding_change_what_check check (what in ('state', 'owner', 'comment', 'label', 'bulletin', 'recounted'))`,
  // The node writes of findings that nobody touched: when they go, so does what it wrote.
  `alter table finding_change drop constraint finding_change_finding_id_fkey, add constraint finding_change_finding_id_fkey foreign key (finding_id) references finding on delete cascade`,
]

/** Lets the history of a finding tell that the node counted again. */
export const recounted: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
