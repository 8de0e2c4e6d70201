import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { OperatorError } from '../operator-error.ts'

const run = promisify(execFile)

/** The account that PostgreSQL runs as; undefined: our own. */
export interface RunAs {
  readonly uid: number
  readonly gid: number
}

const ACCOUNT = 'postgres'

async function findAccount(): Promise<RunAs | undefined> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === ACCOUNT && uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

async function createAccount(): Promise<void> {
  try {
    await run('groupadd', ['--system', '--force', ACCOUNT])
    await run('useradd', ['--system', '--gid', ACCOUNT, '--no-create-home', '--shell', '/usr/sbin/nologin', ACCOUNT])
  } catch (error) {
    throw new OperatorError(
      `PostgreSQL refuses to run as root, and no account "${ACCOUNT}" exists or could be made: ${(error as Error).message}`,
      `Create the account "${ACCOUNT}", or start the node as another user than root, or set DATABASE_URL.`,
    )
  }
}

/** PostgreSQL refuses to run as root, so root runs it as `postgres`, made when missing. */
export async function accountForPostgres(): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const found = await findAccount()
  if (found) return found
  await createAccount()
  const made = await findAccount()
  if (!made) throw new OperatorError(`The account "${ACCOUNT}" is not in /etc/passwd.`, 'Set DATABASE_URL, or do not start as root.')
  return made
}

function ancestors(path: string): string[] {
  const list = [path]
  for (let at = path; dirname(at) !== at; at = dirname(at)) list.unshift(dirname(at))
  return list
}

/** The first part of `path` that `account` may not enter; the kernel is asked, so ACLs count. Undefined: all good. */
export function firstUnreachable(path: string, account: RunAs | undefined): string | undefined {
  if (!account) return undefined
  const asked = spawnSync('/bin/sh', ['-c', 'for p; do [ -x "$p" ] || { printf %s "$p"; exit 1; }; done', 'sh', ...ancestors(path)], {
    uid: account.uid, gid: account.gid, cwd: '/', encoding: 'utf8',
  })
  return asked.status === 0 ? undefined : asked.stdout || path
}
