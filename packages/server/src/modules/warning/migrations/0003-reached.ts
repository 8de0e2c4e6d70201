import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  // Where a message goes, whole: a subscription may send elsewhere by the time that what it sent is withdrawn.
  `alter table warning_message add column secret bytea, add column person_id uuid references person on delete set null`,
  `update warning_message m set secret = s.secret, person_id = s.person_id from warning_subscription s where s.id = m.subscription_id and s.channel = m.channel`,
  // The message that brought what is withdrawn: the withdrawal goes where that went.
  `alter table warning_delivery add column reached_by bigint references warning_message`,
  `update warning_delivery w set reached_by = r.message_id from warning_delivery r
    where w.what = 'withdrawn' and r.what = 'released' and r.subscription_id = w.subscription_id and r.object = w.object`,
  `alter table warning_delivery drop column target`,
  `create index warning_delivery_by_reached on warning_delivery (reached_by) where reached_by is not null`,
]

/** Keeps channel, key and person beside the target of what was sent. */
export const reached: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
