import type { Logger } from 'pino'
import { connect, type Database } from '../platform/db/connect.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../platform/db/embedded-postgres.ts'
import type { Metrics } from '../platform/module.ts'
import { OperatorError } from '../platform/operator-error.ts'
import type { NodeConfig } from './config.ts'

export interface PostgresStore extends Database {
  /** Undefined: the operator's own. */
  readonly embedded: EmbeddedPostgres | undefined
}

const VERSION_MIN = 170_000

async function checkVersion(database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ server_version_num: string }>('show server_version_num')
  const number = Number(rows[0]!.server_version_num)
  if (number >= VERSION_MIN) return
  throw new OperatorError(`The PostgreSQL of DATABASE_URL is version ${Math.floor(number / 10_000)}.`, 'Hirundo needs 17 or later.')
}

/** Starts or reaches PostgreSQL. Throws OperatorError when that fails. */
export async function openPostgres(config: NodeConfig, data_dir: string, log: Logger, metrics: Metrics): Promise<PostgresStore> {
  if (config.database_url === undefined) {
    const restarts = metrics.counter('hirundo_postgres_restarts_total', 'How often the embedded PostgreSQL ended unasked')
    const embedded = await startEmbeddedPostgres({ data_dir, log, onRestart: () => restarts.inc() })
    return { ...connect(embedded.connection, log), embedded }
  }
  const database = connect({ connectionString: config.database_url }, log)
  try {
    await checkVersion(database)
  } catch (error) {
    await database.close()
    if (error instanceof OperatorError) throw error
    throw new OperatorError(`The PostgreSQL of DATABASE_URL does not answer: ${(error as Error).message}`, 'Check the address, the password and that it runs.')
  }
  return { ...database, embedded: undefined }
}
