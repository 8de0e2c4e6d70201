/**
 * The embedded ClickHouse: a process of its own, so that a crash of the native engine cannot take the node down.
 * It ends by itself when its parent does: stdin is a pipe that the parent holds open.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { HttpSurface } from './http-surface.ts'
import type { ChildOptions, ReadyMessage } from './options.ts'
import { serverConfig } from './server-config.ts'
import { SessionPool } from './session-pool.ts'

/** Parameters travel in the URL; ClickHouse's own bound (http_max_uri_size). */
const URL_BYTES_MAX = 1024 * 1024
/** The engine prints its reason (code 76) to stderr; the error that reaches us says only this. */
const LOCKED = /Failed to create connection/

async function openPools(options: ChildOptions, config_file: string): Promise<{ writer: SessionPool; readers: SessionPool }> {
  const give_up = performance.now() + options.lock_wait_ms_max
  for (;;) {
    try {
      const writer = new SessionPool(options, true, config_file)
      const readers = new SessionPool(options, false, config_file)
      await writer.prepare()
      await readers.prepare()
      return { writer, readers }
    } catch (error) {
      // An orphan of a killed parent may still hold the directory for a moment.
      if (!LOCKED.test(String(error)) || performance.now() > give_up) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

const plain = (sql: string) => ({ sql, format: 'TabSeparatedRaw', settings: new Map(), parameters: new Map(), gone: () => false })

async function readyMessage(readers: SessionPool): Promise<ReadyMessage> {
  const text = async (sql: string) => Buffer.from((await readers.run(plain(sql))).bytes).toString('utf8').trim()
  const broken = await text(`SELECT concat(table, '/', name, ': ', reason) FROM system.detached_parts WHERE reason LIKE '%broken%'`)
  return { ready: true, version: await text('SELECT version()'), broken_parts: broken === '' ? [] : broken.split('\n') }
}

const closers: (() => void)[] = []
let stopping = false

function stop(): void {
  if (stopping) return
  stopping = true
  // Everything acknowledged is on disk: an engine that does not close in time may be cut off.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5_000).unref()
  for (const close of closers) close()
  process.exit(0)
}

async function main(options: ChildOptions): Promise<void> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  await rm(options.spool_directory, { recursive: true, force: true })
  await mkdir(options.spool_directory, { recursive: true, mode: 0o700 })
  const config_file = join(options.spool_directory, 'server.xml')
  await writeFile(config_file, serverConfig(options), { mode: 0o600 })
  const { writer, readers } = await openPools(options, config_file)
  const surface = new HttpSurface(options, writer, readers)
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, maxHeaderSize: URL_BYTES_MAX }, (request, response) => void surface.handle(request, response))
  closers.push(() => server.close(), () => readers.close(), () => writer.close())
  await rm(options.socket_path, { force: true })
  process.umask(0o177)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.socket_path, resolve))
  process.umask(0o077)
  await chmod(options.socket_path, 0o600)
  process.stdout.write(`${JSON.stringify(await readyMessage(readers))}\n`)
}

process.stdin.resume()
process.stdin.on('end', stop)
process.stdin.on('error', stop)
process.on('SIGTERM', stop)
// A terminal sends its interrupt to the whole group; the parent decides when we end.
process.on('SIGINT', () => {})
main(JSON.parse(process.argv[2]!) as ChildOptions).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
