import { chown, mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MARKER, RESTORED_SNAPSHOT } from '../../platform/data-directory.ts'
import { accountForPostgres, type RunAs } from '../../platform/db/run-as.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { copyFile, listTree, syncDirectory } from './copy.ts'
import { inParallel } from './in-parallel.ts'
import { verifyBackup, type Manifest } from './manifest.ts'

/** Where a path of the backup belongs below the data directory. */
function placeOf(path: string): string {
  const [part, ...rest] = path.split('/')
  if (part === 'node' || part === 'modules') return rest.join('/')
  return part === 'clickhouse' ? [RESTORED_SNAPSHOT, ...rest].join('/') : path
}

async function refuseUsed(data_dir: string): Promise<void> {
  const entries = (await readdir(data_dir).catch(() => [])).filter((name) => name !== 'lost+found')
  if (entries.length > 0) throw new OperatorError(`${data_dir} is not empty.`, 'Restore into a directory that is empty or does not exist; nothing is ever overwritten.')
}

async function give(data_dir: string, account: RunAs | undefined): Promise<void> {
  if (!account) return
  const cluster = join(data_dir, 'postgres')
  const { directories, files } = await listTree(cluster)
  for (const path of ['', ...directories, ...files]) await chown(join(cluster, path), account.uid, account.gid)
}

async function restoreFile(from: string, data_dir: string, { path, sha256 }: Manifest['files'][number]): Promise<void> {
  const copied = await copyFile(join(from, path), join(data_dir, placeOf(path)))
  if (copied?.sha256 === sha256) return
  throw new OperatorError(`${path} changed while it was being restored.`, 'Restore again from a copy that nothing else uses.')
}

/**
 * Makes the data directory of a node from a backup, after every byte of it was checked. The mark that makes it a data
 * directory comes last: one that was cut short is refused by `start`. Throws OperatorError.
 */
export async function restoreBackup(from: string, data_dir: string): Promise<Manifest> {
  await refuseUsed(data_dir)
  const manifest = await verifyBackup(from)
  const account = manifest.postgres === 'embedded' ? await accountForPostgres() : undefined
  await mkdir(data_dir, { recursive: true, mode: 0o711 })
  for (const path of manifest.directories) {
    const place = placeOf(path)
    if (place !== '') await mkdir(join(data_dir, place), { recursive: true, mode: 0o700 })
  }
  const isMark = ({ path }: { path: string }) => path === `node/${MARKER}`
  await inParallel(manifest.files.filter((file) => !isMark(file)), (file) => restoreFile(from, data_dir, file))
  await give(data_dir, account)
  await inParallel(new Set(manifest.files.map(({ path }) => dirname(join(data_dir, placeOf(path))))), syncDirectory)
  for (const file of manifest.files.filter(isMark)) await restoreFile(from, data_dir, file)
  await syncDirectory(data_dir)
  return manifest
}
