import { constants, createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Running } from './service.ts'

/**
 * Copies the journal as it is on disk now: whole segments, and of the one being written what is durable. It may be
 * ahead of the databases of the backup: what they lack is made queryable from it after a restore.
 * Gives the last number that the copy holds.
 */
export async function backupInbox(directory: string, { journal }: Running, to: string): Promise<bigint> {
  await copyFile(join(directory, 'inbox.json'), join(to, 'inbox.json'))
  await mkdir(join(to, 'inbox'), { mode: 0o700 })
  const { last, segments } = journal
  for (const { name, bytes } of segments.map((segment) => ({ name: segment.name, bytes: segment.bytes }))) {
    const [from, target] = [join(directory, 'inbox', name), join(to, 'inbox', name)]
    if (name !== segments.at(-1)?.name) await copyFile(from, target, constants.COPYFILE_FICLONE)
    else if (bytes > 0) await pipeline(createReadStream(from, { end: bytes - 1 }), createWriteStream(target, { mode: 0o600, flush: true }))
  }
  return last
}
