import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { Agent, type AgentOptions } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { childDefaults, type ChildOptions, type ReadyMessage } from './options.ts'
import { whenSilent } from './silence.ts'

type Bounds = { readonly [K in keyof typeof childDefaults]?: number }

export interface EmbeddedOptions extends Bounds {
  /** Where the data lies; the socket and the spool of request bodies go below it too. */
  readonly directory: string
  /** Default: below `directory`; a Unix socket's path may have at most 100 bytes. */
  readonly socket_path?: string
  readonly restart_backoff_ms_max?: number
  /** A child that answers no ping for so long is killed, and then started again; default `SILENCE_MS_MAX`. */
  readonly silence_ms_max?: number
  /** Told of every end that was not asked for, and of broken parts. */
  readonly report?: (event: EmbeddedEvent) => void
}

export type EmbeddedEvent =
  | { readonly kind: 'ready'; readonly version: string; readonly broken_parts: readonly string[] }
  | { readonly kind: 'silent'; readonly silence_ms: number }
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null; readonly stderr: string }

/** A running embedded ClickHouse. It is restarted when it dies or falls silent; requests under way then fail with `ECONNRESET`. */
export interface Embedded {
  readonly socket_path: string
  /** For `@clickhouse/client`: `{ url: embedded.url, http_agent: embedded.agent }`. */
  readonly url: string
  readonly agent: Agent
  /** Process id of the child now, for tests that kill it and for memory figures; undefined while it is down. */
  pid(): number | undefined
  restarts(): number
  brokenParts(): readonly string[]
  /** Asks it to end, kills it after `STOP_MS_MAX`, and resolves when it is gone. */
  stop(): Promise<void>
}

const SOCKET_PATH_BYTES_MAX = 100
const STDERR_CHARACTERS_MAX = 4_000
/** Everything acknowledged is on disk, so a child that is stuck may be cut off. */
const STOP_MS_MAX = 4_000
const SILENCE_MS_MAX = 60_000
const childFile = fileURLToPath(new URL('./child.ts', import.meta.url))

interface Run {
  readonly process: ChildProcess
  readonly ready: Promise<ReadyMessage>
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>
}

function launch(options: ChildOptions): Run {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', childFile, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // One thread per session and some for files; the addon runs statements on libuv's pool.
    env: { ...process.env, UV_THREADPOOL_SIZE: String(options.reader_sessions + options.writer_sessions + 4) },
  })
  // The pipe to stdin is only held, never written: its end tells the child that we are gone.
  child.stdin!.on('error', () => {})
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS_MAX)
  })
  const ended = new Promise<{ code: number | null; signal: string | null; stderr: string }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }))
    child.once('close', (code, signal) => resolve({ code, signal, stderr }))
  })
  const ready = new Promise<ReadyMessage>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line) as ReadyMessage))
    void ended.then((end) => reject(new Error(`embedded ClickHouse ended before it was ready: ${end.stderr || end.signal || end.code}`)))
  })
  ready.catch(() => {})
  return { process: child, ready, ended }
}

/**
 * Starts ClickHouse in a child process behind a 0600 Unix socket. Rejects when the first start fails (the directory
 * is held by another process, cannot be read, or the native library is missing on this platform).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const child = childOptions(options)
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  // `socketPath` is passed on to each request; the types know it only there.
  const agent = new Agent({ keepAlive: true, socketPath: child.socket_path, maxSockets: 32 } as AgentOptions)
  const report = options.report ?? (() => {})
  const backoff_ms_max = options.restart_backoff_ms_max ?? 5_000
  const silence_ms = options.silence_ms_max ?? SILENCE_MS_MAX
  let run = launch(child)
  let restarts = 0
  let stopping = false
  let broken: readonly string[] = []
  const onReady = (message: ReadyMessage) => {
    broken = message.broken_parts
    const watched = run
    whenSilent(child.socket_path, silence_ms, watched.ended, () => {
      report({ kind: 'silent', silence_ms })
      watched.process.kill('SIGKILL')
    })
    report({ kind: 'ready', version: message.version, broken_parts: message.broken_parts })
  }
  // A frozen child does not see that we are gone, and would keep the directory from the next start.
  const killNow = () => void run.process.kill('SIGKILL')
  process.once('exit', killNow)
  try {
    onReady(await run.ready)
  } catch (error) {
    process.off('exit', killNow)
    throw error
  }

  const supervise = async (): Promise<void> => {
    let backoff_ms = 100
    for (;;) {
      const end = await run.ended
      if (stopping) return
      report({ kind: 'ended', ...end })
      await new Promise((resolve) => setTimeout(resolve, backoff_ms))
      if (stopping) return
      restarts++
      run = launch(child)
      const message = await run.ready.catch(() => undefined)
      backoff_ms = message ? 100 : Math.min(backoff_ms * 2, backoff_ms_max)
      if (message) onReady(message)
    }
  }
  const supervised = supervise()
  return {
    socket_path: child.socket_path, url: 'http://localhost', agent,
    pid: () => (run.process.exitCode === null && run.process.signalCode === null ? run.process.pid : undefined),
    restarts: () => restarts,
    brokenParts: () => broken,
    stop: async () => {
      stopping = true
      run.process.stdin!.end()
      const cut = setTimeout(killNow, STOP_MS_MAX)
      await run.ended
      clearTimeout(cut)
      await supervised
      process.off('exit', killNow)
      agent.destroy()
    },
  }
}

function childOptions(options: EmbeddedOptions): ChildOptions {
  const socket_path = options.socket_path ?? join(options.directory, 'clickhouse.sock')
  if (Buffer.byteLength(socket_path) > SOCKET_PATH_BYTES_MAX) {
    throw new Error(`the socket's path is longer than ${SOCKET_PATH_BYTES_MAX} bytes: ${socket_path}`)
  }
  const bounds: Record<string, number> = { ...childDefaults }
  for (const name of Object.keys(childDefaults)) bounds[name] = options[name as keyof Bounds] ?? bounds[name]!
  return {
    ...(bounds as unknown as typeof childDefaults),
    directory: join(options.directory, 'data'), socket_path, spool_directory: join(options.directory, 'spool'),
  }
}
