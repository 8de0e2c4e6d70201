import { createWriteStream, type WriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Readable, Transform } from 'node:stream'
import { admit, Refused, withBodyFile } from './guard.ts'
import type { ChildOptions } from './options.ts'
import type { QueryRequest, QueryResult, SessionPool } from './session-pool.ts'

const SQL_BYTES_MAX = 2 * 1024 * 1024
const notSettings = new Set([
  'query', 'query_id', 'database', 'default_format', 'session_id', 'session_timeout', 'session_check', 'user', 'password', 'role',
  'wait_end_of_query', 'send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'cancel_http_readonly_queries_on_client_close',
  'compress', 'decompress', 'enable_http_compression', 'quota_key', 'stacktrace', 'buffer_size', 'readonly',
])
const settingName = /^[a-z][a-z0-9_]*$/

/** Answers ClickHouse's HTTP interface, the subset that README.md lists. */
export class HttpSurface {
  readonly #options: ChildOptions
  readonly #writer: SessionPool
  readonly #readers: SessionPool
  #bodies = 0

  constructor(options: ChildOptions, writer: SessionPool, readers: SessionPool) {
    this.#options = options
    this.#writer = writer
    this.#readers = readers
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'GET' && url.pathname === '/ping') {
      response.end('Ok.\n')
      return
    }
    try {
      await this.#query(request, response, url)
    } catch (error) {
      request.resume()
      if (!response.headersSent) sendError(response, error)
      else response.destroy()
    }
  }

  async #query(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname !== '/' || (request.method !== 'POST' && request.method !== 'GET')) throw new Refused(73, 'UNKNOWN_FORMAT', 'no such address')
    if (request.headers['content-encoding']) throw new Refused(48, 'NOT_IMPLEMENTED', 'compressed bodies are not in the subset')
    const sqlInUrl = url.searchParams.get('query')
    const sql = sqlInUrl ?? (await readSql(request))
    const { settings, parameters } = splitParameters(url)
    const admitted = admit(sql, new Set(parameters.keys()))
    const format = url.searchParams.get('default_format') ?? 'TabSeparated'
    const gone = () => response.destroyed
    const base: QueryRequest = { sql, format, settings, parameters, gone }
    const pool = admitted.writer ? this.#writer : this.#readers
    const takesBody = admitted.scan.calls.some((call) => call.name === 'input')
    const result = takesBody
      ? await this.#withBody(request, (path) => pool.run({ ...base, sql: withBodyFile(sql, admitted.scan, path) }))
      : await pool.run(base)
    if (result.bytes.length > this.#options.result_bytes_max) {
      throw new Refused(396, 'TOO_MANY_ROWS_OR_BYTES', `the result is larger than ${this.#options.result_bytes_max} bytes`)
    }
    await sendResult(response, result, url.searchParams.get('query_id') ?? '', format)
  }

  async #withBody(request: IncomingMessage, use: (path: string) => Promise<QueryResult>): Promise<QueryResult> {
    const path = join(this.#options.spool_directory, `body-${this.#bodies++}`)
    try {
      await pipeline(request, bounded(this.#options.body_bytes_max), bodyFile(path))
      return await use(path)
    } finally {
      await rm(path, { force: true })
    }
  }
}

const bodyFile = (path: string): WriteStream => createWriteStream(path, { mode: 0o600, highWaterMark: 1024 * 1024 })

function bounded(bytes_max: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > bytes_max) done(new Refused(1002, 'BODY_TOO_LARGE', `the body is larger than ${bytes_max} bytes`))
      else done(null, chunk)
    },
  })
}

async function readSql(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > SQL_BYTES_MAX) throw new Refused(62, 'SYNTAX_ERROR', `the statement is larger than ${SQL_BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function splitParameters(url: URL): { settings: Map<string, string>; parameters: Map<string, string> } {
  const settings = new Map<string, string>()
  const parameters = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) parameters.set(name.slice(6), value)
    else if (!notSettings.has(name)) settings.set(name, value)
  }
  const bad = [...settings.keys(), ...parameters.keys()].find((name) => !settingName.test(name))
  if (bad !== undefined) throw new Refused(115, 'UNKNOWN_SETTING', `not a setting: ${bad.slice(0, 64)}`)
  return { settings, parameters }
}

async function sendResult(response: ServerResponse, result: QueryResult, query_id: string, format: string): Promise<void> {
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Query-Id', query_id.replaceAll(/[^\x21-\x7e]/g, ''))
  response.setHeader('X-ClickHouse-Format', format)
  response.setHeader('X-ClickHouse-Server-Display-Name', 'embedded')
  response.setHeader('X-ClickHouse-Summary', JSON.stringify({
    read_rows: String(result.read_rows), read_bytes: String(result.read_bytes), elapsed_ns: String(Math.round(result.elapsed_s * 1e9)),
  }))
  await pipeline(Readable.from(slices(result.bytes)), response)
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  const step = 1024 * 1024
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

const statusOf: Record<number, number> = { 60: 404, 81: 404, 62: 400, 115: 400, 456: 400, 48: 501, 497: 403, 164: 403, 202: 503, 1002: 413 }

/** `Code: N. DB::Exception: text. (NAME)`, as ClickHouse writes it and its clients parse it. */
function sendError(response: ServerResponse, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  const message = error instanceof Refused ? `Code: ${error.code}. DB::Exception: ${text}. (${error.kind})` : text
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? 1001)
  response.statusCode = statusOf[code] ?? 500
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Exception-Code', String(code))
  response.setHeader('Connection', 'close')
  response.end(`${message}\n`)
}
