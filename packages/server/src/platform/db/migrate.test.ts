import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { OperatorError } from '../operator-error.ts'
import { silent, startTestPostgres, type TestPostgres } from '../testing/postgres.ts'
import { migrate } from './migrate.ts'
import { platformMigrations } from './platform-migrations.ts'

let postgres: TestPostgres
before(async () => {
  postgres = await startTestPostgres()
})
after(() => postgres.stop())

const platform = { name: 'platform', migrations: platformMigrations }
const names = async () => (await sql<{ name: string }>`select name from migration order by applied_at, name`.execute(postgres.db)).rows.map(({ name }) => name)
const statement = (text: string): Migration => ({ up: async (db) => void (await sql.raw(text).execute(db)) })

test('runs what is new in the order of names, once, and records it', async () => {
  const birds = { name: 'birds', migrations: { '0002_b': statement('alter table bird add column name text'), '0001_a': statement('create table bird (n int)') } }
  await migrate(postgres.db, [platform, birds], silent)
  await migrate(postgres.db, [platform, birds], silent)
  assert.deepEqual((await names()).slice(-2), ['birds/0001_a', 'birds/0002_b'])
})

test('one that fails leaves nothing, not even its record', async () => {
  const bad = { '0001_a': statement('create table bird (n int)'), '0002_b': statement('alter table bird add column name text') }
  const half: Migration = { up: async (db) => {
    await sql`create table half (n int)`.execute(db)
    await sql`select 1/0`.execute(db)
  } }
  const sets = [platform, { name: 'birds', migrations: { ...bad, '0003_half': half } }]
  await assert.rejects(migrate(postgres.db, sets, silent))
  assert.ok(!(await names()).includes('birds/0003_half'))
  await assert.rejects(sql`select * from half`.execute(postgres.db))
})

test('several nodes at once run each of them once', async () => {
  const many = { name: 'many', migrations: { '0001_a': statement('create table many (n int)'), '0002_b': statement('insert into many values (1)') } }
  const birds = { name: 'birds', migrations: { '0001_a': statement('select 1'), '0002_b': statement('select 1') } }
  await Promise.all(Array.from({ length: 4 }, () => migrate(postgres.db, [platform, birds, many], silent)))
  assert.deepEqual((await sql`select n from many`.execute(postgres.db)).rows, [{ n: 1 }])
})

test('a database of a newer version is refused by name', async () => {
  await sql`insert into migration (name) values ('a_future/0001_x')`.execute(postgres.db)
  await assert.rejects(migrate(postgres.db, [platform], silent), (error) => error instanceof OperatorError && error.message.includes('a_future/0001_x'))
})

test('goes on after PostgreSQL was killed in the middle of a migration', { timeout: 60_000 }, async () => {
  await sql`delete from migration where name not like 'platform/%'`.execute(postgres.db)
  let runs = 0
  const cut: Migration = { up: async (db) => {
    await sql`create table cut (n int)`.execute(db)
    if (++runs > 1) return
    process.kill(postgres.embedded.pid()!, 'SIGKILL')
    await sql`select pg_sleep(20)`.execute(db)
  } }
  await migrate(postgres.db, [platform, { name: 'cut', migrations: { '0001_cut': cut } }], silent)
  assert.equal(runs, 2)
  assert.ok((await names()).includes('cut/0001_cut'))
})

test('audit entries cannot be changed, removed or emptied', async () => {
  await sql`insert into audit (organisation_id, at, actor, action, subject, detail) values (1, now(), 'system', 'a.b', 's', '{}')`.execute(postgres.db)
  for (const text of ['update audit set actor = $$x$$', 'delete from audit', 'truncate audit']) {
    await assert.rejects(sql.raw(text).execute(postgres.db), /never changed/)
  }
})
