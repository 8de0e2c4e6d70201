import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migrate } from '../../../platform/db/migrate.ts'
import { platformMigrations } from '../../../platform/db/platform-migrations.ts'
import { silent, startTestPostgres, type TestPostgres } from '../../../platform/testing/postgres.ts'
import { migrations } from './index.ts'

let postgres: TestPostgres
before(async () => {
  postgres = await startTestPostgres()
})
after(() => postgres?.stop())

const upTo = (last: string) =>
  migrate(postgres.db, [{ name: 'platform', migrations: platformMigrations }, { name: 'warning', migrations: Object.fromEntries(Object.entries(migrations).filter(([name]) => name <= last)) }], silent)

test('what an older version sent keeps its key, and a withdrawal that waits goes where the bulletin went', async () => {
  await upTo('0002_bulletins')
  const { pool } = postgres
  const [sent_by, sent_since] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
  const subscription = (uuid: string, channel: string, secret: Buffer | null) => pool.query(`insert into warning_subscription
    (uuid, organisation_id, name, channel, target, subject, language, kinds, ports, economies, asns, severity_min, tlp_max, digest, secret, active, created_at, created_by)
    values ($1, 1, 'x', $2, 't', 'bulletins', 'en', '{}', '{}', '{}', '{}', 'notice', 'TLP:RED', 'at-once', $3, true, now(), 'x')`, [uuid, channel, secret])
  await subscription(sent_by, 'webhook', Buffer.from('key'))
  await subscription(sent_since, 'mail', null)
  await pool.query(`insert into warning_message (uuid, organisation_id, subscription_id, channel, target, language, joined, state, due_at, created_at)
    select gen_random_uuid(), 1, id, 'webhook', 't', 'en', false, 'sent', now(), now() from warning_subscription`)
  await pool.query(`insert into warning_delivery (uuid, organisation_id, subscription_id, object, what, about, severity, target, state, due_at, created_at, message_id)
    select gen_random_uuid(), 1, m.subscription_id, '00000000-0000-4000-8000-00000000000a', w.what, '', 'notice', w.target, w.state, now(), now(), case when w.what = 'released' then m.id end
    from warning_message m, (values ('released', null, 'sent'), ('withdrawn', 't', 'waiting')) w (what, target, state)`)
  await upTo('0003_reached')
  const { rows } = await pool.query<{ what: string, uuid: string, key: string | null, same: boolean | null }>(`select d.what, s.uuid, encode(r.secret, 'escape') as key, r.subscription_id = d.subscription_id as same
    from warning_delivery d join warning_subscription s on s.id = d.subscription_id left join warning_message r on r.id = d.reached_by order by d.what, s.uuid`)
  assert.deepEqual(rows, [
    { what: 'released', uuid: sent_by, key: null, same: null }, { what: 'released', uuid: sent_since, key: null, same: null },
    // The key of a webhook that became a mailbox was not kept.
    { what: 'withdrawn', uuid: sent_by, key: 'key', same: true }, { what: 'withdrawn', uuid: sent_since, key: null, same: true },
  ])
})
