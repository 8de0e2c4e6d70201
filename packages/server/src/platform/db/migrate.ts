import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Logger } from 'pino'
import { OperatorError } from '../operator-error.ts'
import { isAway } from './connect.ts'
import { keepTrying } from './keep-trying.ts'

/** Any fixed number: several nodes on one database wait for each other. */
const ADVISORY_LOCK = 0x48495255

export interface MigrationSet {
  /** Module or part of the platform. */
  readonly name: string
  /** By `0001_name`; run in the order of their names, each in its own transaction. */
  readonly migrations: Readonly<Record<string, Migration>>
}

async function applied(db: Kysely<unknown>): Promise<Set<string>> {
  await sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`.execute(db)
  const { rows } = await sql<{ name: string }>`select name from migration`.execute(db)
  return new Set(rows.map((row) => row.name))
}

function refuseUnknown(done: ReadonlySet<string>, known: readonly string[]): void {
  const unknown = [...done].filter((name) => !known.includes(name)).toSorted()
  if (unknown.length === 0) return
  throw new OperatorError(
    `The database was used by a newer version of the node (it has ${unknown.slice(0, 3).join(', ')}).`,
    'Start the newer version, or restore a backup that this version made.',
  )
}

/**
 * Brings the database up to what `sets` name, in their order. Recorded as `module/0001_name`; idempotent. Throws
 * OperatorError when the database knows migrations that we do not, or went away and did not come back in time.
 */
export async function migrate(db: Kysely<unknown>, sets: readonly MigrationSet[], log: Logger): Promise<void> {
  const onFailure = (error: unknown) => log.warn({ part: 'postgres', reason: (error as Error).message }, 'the database went away while it was migrated; trying again')
  try {
    // Each migration is one transaction with its record, so what was cut off has left nothing.
    await keepTrying(() => migrateOnce(db, sets, log), { again: isAway, onFailure })
  } catch (error) {
    if (!isAway(error)) throw error
    throw new OperatorError(`The database went away while it was brought up to date: ${(error as Error).message}`, 'Start the node again; its log says how the database ended.')
  }
}

async function migrateOnce(db: Kysely<unknown>, sets: readonly MigrationSet[], log: Logger): Promise<void> {
  const all = sets.flatMap(({ name, migrations }) =>
    Object.keys(migrations).toSorted().map((key) => ({ name: `${name}/${key}`, migration: migrations[key]! })),
  )
  await db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${ADVISORY_LOCK})`.execute(connection)
    try {
      const done = await applied(connection)
      refuseUnknown(done, all.map(({ name }) => name))
      for (const { name, migration } of all) {
        if (done.has(name)) continue
        await connection.transaction().execute(async (t) => {
          await migration.up(t)
          await sql`insert into migration (name) values (${name})`.execute(t)
        })
        log.info({ part: 'postgres', migration: name }, 'migrated')
      }
    } finally {
      // On a connection that broke the lock is gone already, and the reason of the break matters more.
      await sql`select pg_advisory_unlock(${ADVISORY_LOCK})`.execute(connection).catch((error: unknown) => {
        if (!isAway(error)) throw error
      })
    }
  })
}
