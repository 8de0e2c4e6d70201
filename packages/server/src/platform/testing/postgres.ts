import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { connect, type Database } from '../db/connect.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../db/embedded-postgres.ts'
import { migrate } from '../db/migrate.ts'
import { platformMigrations } from '../db/platform-migrations.ts'

export const silent = pino({ level: 'silent' })

/** A directory for tests that PostgreSQL's account may pass to. */
export async function temporaryDirectory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'hirundo-test-'))
  await chmod(made, 0o711)
  return made
}

export const removeDirectory = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5 })

export interface TestPostgres extends Database {
  readonly embedded: EmbeddedPostgres
  readonly directory: string
  stop(): Promise<void>
}

/** A real embedded PostgreSQL with the platform's tables, for one test file. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const directory = await temporaryDirectory()
  const embedded = await startEmbeddedPostgres({ data_dir: directory, log: silent, onRestart: () => undefined })
  const database = connect(embedded.connection, silent)
  await migrate(database.db, [{ name: 'platform', migrations: platformMigrations }], silent)
  return {
    ...database,
    embedded,
    directory,
    async stop() {
      await database.close()
      await embedded.stop()
      await removeDirectory(directory)
    },
  }
}
