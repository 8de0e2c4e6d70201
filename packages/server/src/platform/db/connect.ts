import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types as defaultTypes, type CustomTypesConfig, type PoolConfig } from 'pg'
import type { Logger } from 'pino'

const INT8_OID = 20
const connections_max = 10
const statement_ms_max = 30_000

function int8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a 64-bit value of the database is above 2^53')
  return value
}

/** 64-bit counters are numbers here, and a value that a number cannot hold is a bug and throws. */
const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID && format !== 'binary' ? int8 : defaultTypes.getTypeParser(oid, format as 'text')) as typeof defaultTypes.getTypeParser,
}

export interface Database {
  readonly db: Kysely<unknown>
  readonly pool: Pool
  /** Resolves when the database answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Kysely over a pool that survives the database's restarts: connections that broke are dropped and made anew, and a
 * question asked meanwhile rejects.
 */
export function connect(where: PoolConfig, log: Logger): Database {
  const pool = new Pool({
    ...where, types, max: connections_max, connectionTimeoutMillis: 5000, idleTimeoutMillis: 30_000,
    statement_timeout: statement_ms_max, application_name: 'hirundo', options: '-c TimeZone=UTC',
  })
  pool.on('error', (error) => log.warn({ part: 'postgres', reason: error.message }, 'a database connection broke'))
  // The pool listens only to idle connections: one that breaks between two statements of a transaction would end the
  // process. Whoever holds it learns of it from the next statement.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    async ping() {
      await pool.query('select 1')
    },
    close: () => db.destroy(),
  }
}

/** Whether the database was away (restarting, unreachable, out of connections), so that the same later may succeed. */
export function isAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && /^(08...|57P0.|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/.test(code)) return true
  return typeof message === 'string' && /^(Connection terminated|Client has encountered a connection error|Postgres connection has been discarded|timeout exceeded when trying to connect)/.test(message)
}
