import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RunAs } from './db/run-as.ts'
import { OperatorError } from './operator-error.ts'

/** Says that a directory is a node's, so that a wrong `--data` cannot change the rights of something else. */
export const MARKER = 'hirundo.json'
const FORMAT = 1
/** Where `restore` leaves the analytics snapshot for the next start. */
export const RESTORED_SNAPSHOT = 'clickhouse-restored'
const LOCK = 'node.lock'
const RUNNING = 'node.json'

export interface RunningNode {
  readonly pid: number
  readonly url: string
  readonly started_at: string
}

/** Writes `text` whole or not at all, readable by us only. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

async function checkMarker(data_dir: string): Promise<void> {
  const entries = (await readdir(data_dir)).filter((name) => name !== 'lost+found')
  if (entries.length === 0) {
    await writePrivate(join(data_dir, MARKER), `${JSON.stringify({ kind: 'hirundo-data', format: FORMAT })}\n`)
    return
  }
  const text = await readFile(join(data_dir, MARKER), 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new OperatorError(`${data_dir} is not empty and not a data directory of Hirundo.`, 'Choose an empty directory or one that does not exist.')
  }
  const { format } = JSON.parse(text) as { format?: unknown }
  if (format !== FORMAT) throw new OperatorError(`${data_dir} has format ${String(format)}; this version knows ${FORMAT}.`, 'Start the newer version.')
}

/** Makes the directory when missing: ours alone, and passable to PostgreSQL's account when that is another. */
export async function prepareDataDirectory(data_dir: string, account: RunAs | undefined): Promise<void> {
  await mkdir(data_dir, { recursive: true, mode: 0o711 })
  await checkMarker(data_dir)
  if (account) await chown(data_dir, process.getuid!(), account.gid)
  await chmod(data_dir, account ? 0o710 : 0o700)
}

/** Keeps locks from the garbage collector, which would close the file and so give the lock back. */
const held = new Set<DatabaseSync>()

/**
 * Locks the directory for this process. The lock is SQLite's on a file: the kernel gives it back when the process
 * ends, however it ends, so there is no stale lock to judge. Undefined: another node holds it.
 */
export function tryLock(data_dir: string): { release(): void } | undefined {
  const file = new DatabaseSync(join(data_dir, LOCK))
  try {
    file.exec('pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive')
  } catch {
    file.close()
    return undefined
  }
  held.add(file)
  return {
    release: () => {
      held.delete(file)
      file.close()
    },
  }
}

/** Like `tryLock`, but throws OperatorError naming who holds it. */
export async function lockDataDirectory(data_dir: string): Promise<{ release(): void }> {
  const lock = tryLock(data_dir)
  if (lock) return lock
  const running = await readRunning(data_dir)
  throw new OperatorError(
    `Another node uses ${data_dir}${running ? ` (process ${running.pid}, ${running.url})` : ''}.`,
    'Stop it with "hirundo stop --data DIR", or choose another directory.',
  )
}

export const recordRunning = (data_dir: string, node: RunningNode): Promise<void> =>
  writePrivate(join(data_dir, RUNNING), `${JSON.stringify(node)}\n`)

export const forgetRunning = (data_dir: string): Promise<void> => rm(join(data_dir, RUNNING), { force: true })

/** What the last node wrote when it was ready; it may have been killed since (the lock tells). */
export async function readRunning(data_dir: string): Promise<RunningNode | undefined> {
  const text = await readFile(join(data_dir, RUNNING), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as RunningNode)
}
