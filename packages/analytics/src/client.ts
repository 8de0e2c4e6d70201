import { createClient, ClickHouseLogLevel, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client'
import type { Agent } from 'node:http'
import { Readable } from 'node:stream'
import { Bindings } from './sql.ts'
import { StoreError, toStoreError } from './store-error.ts'

export interface ClientOptions {
  /** `http://user:password@host:8123/database`, or the embedded child's. */
  readonly url: string
  readonly agent?: Agent
  readonly query_seconds_max?: number
  readonly query_memory_bytes_max?: number
  /** How long after `query_seconds_max` an answer is given up; default `ANSWER_GRACE_MS`. */
  readonly answer_grace_ms?: number
}

/** One server, one protocol: everything the package asks of ClickHouse goes through these calls. */
export interface Database {
  /**
   * Rows of a question; `bindings` holds the values of its placeholders. Problem: `node/unavailable` when nothing
   * answers `ANSWER_GRACE_MS` after the time in which the server itself should have given up.
   */
  rows<T>(sql: string, bindings?: Bindings): Promise<T[]>
  /** The answer to a question that names its own FORMAT, as it came, in memory that nobody else has. Problems as those of `rows`. */
  bytes(sql: string, bindings?: Bindings): Promise<Uint8Array>
  /** A statement without rows. */
  command(sql: string, bindings?: Bindings, settings?: ClickHouseSettings): Promise<void>
  /** `INSERT … SELECT … FROM input('…') FORMAT …` with its body. */
  insert(sql: string, body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, bindings?: Bindings, settings?: ClickHouseSettings): Promise<void>
  ping(): Promise<void>
  close(): Promise<void>
}

const MiB = 1024 * 1024
const INSERT_TIMEOUT_MS = 600_000
const QUERY_SECONDS_MAX = 20
/** What a question may wait in the server's queue and on the way, beyond the time it may run. */
const ANSWER_GRACE_MS = 10_000

function readSettings(options: ClientOptions): ClickHouseSettings {
  return {
    max_execution_time: options.query_seconds_max ?? QUERY_SECONDS_MAX,
    max_memory_usage: String(options.query_memory_bytes_max ?? 500 * MiB),
    output_format_json_quote_64bit_integers: 0,
    use_query_condition_cache: 0,
  }
}

/** Rejects as `node/unavailable` when `work` takes longer; `work` is then told by its signal to let go. */
async function withinDeadline<T>(deadline_ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StoreError('node/unavailable', { reason: 'no answer in time' }))
      abort.abort()
    }, deadline_ms)
  })
  try {
    return await Promise.race([work(abort.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

/** In memory of its own, which may be given away. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

export function openDatabase(options: ClientOptions): Database {
  const client: ClickHouseClient = createClient({
    url: options.url, request_timeout: INSERT_TIMEOUT_MS, log: { level: ClickHouseLogLevel.OFF },
    // The client's timer for idle sockets was seen to end a socket that was in use again. Our own child keeps sockets
    // open; a server elsewhere gets a new one each time, so that none is used that it is about to close.
    keep_alive: { enabled: options.agent !== undefined, idle_socket_ttl: 0 },
    ...(options.agent ? { http_agent: options.agent } : { max_open_connections: 16 }),
  })
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => work().catch((error: unknown) => Promise.reject(toStoreError(error)))
  const settings = readSettings(options)
  const deadline_ms = (options.query_seconds_max ?? QUERY_SECONDS_MAX) * 1000 + (options.answer_grace_ms ?? ANSWER_GRACE_MS)
  return {
    rows: <T>(sql: string, bindings = new Bindings()) =>
      guarded(() =>
        withinDeadline(deadline_ms, async (abort_signal) => {
          const result = await client.query({ query: sql, query_params: bindings.values, format: 'JSONEachRow', clickhouse_settings: settings, abort_signal })
          return result.json<T>()
        })),
    bytes: (sql, bindings = new Bindings()) =>
      guarded(() =>
        withinDeadline(deadline_ms, async (abort_signal) => {
          // The whole answer before its first byte: an error in the middle would look like rows.
          const whole = { ...settings, wait_end_of_query: 1 as const }
          const { stream } = await client.exec({ query: sql, query_params: bindings.values, clickhouse_settings: whole, abort_signal })
          const chunks: Uint8Array[] = []
          for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk)
          return joined(chunks)
        })),
    command: (sql, bindings = new Bindings(), own = {}) =>
      guarded(async () => {
        await client.command({ query: sql, query_params: bindings.values, clickhouse_settings: own })
      }),
    insert: (sql, body, bindings = new Bindings(), own = {}) =>
      guarded(async () => {
        const values = Readable.from(body, { objectMode: false, highWaterMark: MiB })
        const result = await client.exec({ query: sql, query_params: bindings.values, values, clickhouse_settings: own })
        result.stream.resume()
      }),
    ping: () =>
      guarded(async () => {
        const pong = await client.ping()
        if (!pong.success) throw pong.error
      }),
    close: () => client.close(),
  }
}
