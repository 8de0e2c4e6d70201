import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunAs } from './db/run-as.ts'
import { OperatorError } from './operator-error.ts'

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, and PostgreSQL adds a lock file's suffix for itself. */
const socket_path_bytes_max = 100
const TEMPORARY_PREFIX = 'hirundo-'

/** Makes the directory when missing, for `account` (absent: us) alone. */
export async function makePrivate(path: string, account: RunAs | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  if (account) await chown(path, account.uid, account.gid)
}

const fits = (folder: string, file: string) => Buffer.byteLength(join(folder, file)) <= socket_path_bytes_max

/**
 * A directory for the Unix socket `file`: `preferred`, or a short temporary one when the path would be too long for a
 * socket. Throws OperatorError that names it when there is none.
 */
export async function socketDir(preferred: string, file: string, account: RunAs | undefined): Promise<string> {
  if (fits(preferred, file)) {
    await makePrivate(preferred, account)
    return preferred
  }
  for (const parent of new Set([tmpdir(), '/tmp'])) {
    if (!fits(join(parent, `${TEMPORARY_PREFIX}XXXXXX`), file)) continue
    const made = await mkdtemp(join(parent, TEMPORARY_PREFIX))
    await makePrivate(made, account)
    return made
  }
  throw new OperatorError(
    `The path of a Unix socket may have ${socket_path_bytes_max} bytes, and ${preferred} is longer, as is ${tmpdir()}.`,
    'Use a shorter data directory or a shorter TMPDIR.',
  )
}

/** Removes a directory that `socketDir` made for one run only; any other stays. */
export async function removeTemporary(folder: string, data_dir: string): Promise<void> {
  const name = folder.split('/').at(-1) ?? ''
  if (folder.startsWith(`${data_dir}/`) || !/^hirundo-[A-Za-z0-9]{6}$/.test(name)) return
  await rm(folder, { recursive: true, force: true })
}
