import { createHash } from 'node:crypto'
import { lstat, mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inParallel } from './in-parallel.ts'

const chunk_bytes = 1024 * 1024

export interface Digest {
  readonly size_bytes: number
  readonly sha256: string
}

/** What was read and written, and where it was written to. */
export interface CopiedFile extends Digest {
  readonly to: string
}

async function copyThrough(from: FileHandle, to: FileHandle | undefined): Promise<Digest> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(chunk_bytes)
  let size_bytes = 0
  for (;;) {
    const { bytesRead } = await from.read(buffer, 0, chunk_bytes)
    if (bytesRead === 0) break
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    await to?.writeFile(chunk)
    size_bytes += bytesRead
  }
  return { size_bytes, sha256: hash.digest('hex') }
}

/** Copies one file onto the disk (fsync), readable by us only. Undefined: it went away meanwhile. */
export async function copyFile(from: string, to: string): Promise<CopiedFile | undefined> {
  const source = await open(from, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!source) return undefined
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      const copied = await copyThrough(source, target)
      await target.sync()
      return { ...copied, to }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Size and SHA-256 of a file. */
export async function digestFile(path: string): Promise<Digest> {
  const file = await open(path, 'r')
  try {
    return await copyThrough(file, undefined)
  } finally {
    await file.close()
  }
}

export interface Tree {
  /** Relative paths, parents first. */
  readonly directories: readonly string[]
  readonly files: readonly string[]
}

/** What lies below `root`; anything but directories and plain files throws: a link would lead out of the tree. */
export async function listTree(root: string): Promise<Tree> {
  const directories: string[] = []
  const files: string[] = []
  const walk = async (relative: string): Promise<void> => {
    const names = await readdir(join(root, relative)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    for (const name of names.toSorted()) {
      const path = relative === '' ? name : `${relative}/${name}`
      const entry = await lstat(join(root, path)).catch(() => undefined)
      if (!entry) continue
      if (entry.isDirectory()) {
        directories.push(path)
        await walk(path)
      } else if (entry.isFile()) files.push(path)
      else if (!entry.isSocket()) throw new Error(`${path} is neither a file nor a directory`)
    }
  }
  await walk('')
  return { directories, files }
}

/** Makes a directory's entries durable. */
export async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Copies what `keep` says of `from` below `to`. Files that go away meanwhile are left out. */
export async function copyTree(from: string, to: string, keep: (path: string) => boolean, onFile: (copied: CopiedFile) => void): Promise<void> {
  const { directories, files } = await listTree(from)
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const path of directories) if (keep(`${path}/`)) await mkdir(join(to, path), { recursive: true, mode: 0o700 })
  const kept = files.filter(keep)
  await inParallel(kept, async (path) => {
    const copied = await copyFile(join(from, path), join(to, path))
    if (copied) onFile(copied)
  })
  await inParallel(new Set(['', ...kept.map((file) => dirname(file))]), (path) => syncDirectory(join(to, path)))
}
