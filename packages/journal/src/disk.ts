import { createHash } from 'node:crypto'
import { link, mkdir, open, readdir, realpath, stat, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** The part of a file that a journal uses. Errors are those of node:fs, with their `code`. */
export interface DiskFile {
  /** Bytes read into `into`; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>
  /** Bytes written, which may be fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>
  truncate(size_bytes: number): Promise<void>
  datasync(): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/** The disk, as an argument: tests hand in one that fails. */
export interface Disk {
  makeDirectory(path: string): Promise<void>
  list(path: string): Promise<string[]>
  open(path: string, flags: 'r' | 'r+' | 'wx+'): Promise<DiskFile>
  remove(path: string): Promise<void>
  /** A second name for a file, on the same file system. */
  link(from: string, to: string): Promise<void>
  /** Makes names created or removed in the directory durable. */
  syncDirectory(path: string): Promise<void>
  /** What tells this directory from every other on this machine. */
  identity(path: string): Promise<string>
}

const fileOf = (handle: FileHandle): DiskFile => ({
  read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
  write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
  truncate: (size_bytes) => handle.truncate(size_bytes),
  datasync: () => handle.datasync(),
  size: async () => (await handle.stat()).size,
  close: () => handle.close(),
})

export const realDisk: Disk = {
  makeDirectory: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 })
  },
  list: (path) => readdir(path),
  open: async (path, flags) => fileOf(await open(path, flags, 0o600)),
  remove: (path) => unlink(path),
  link: (from, to) => link(from, to),
  syncDirectory: async (path) => {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  identity: async (path) => {
    const { dev, ino } = await stat(path)
    // The path too: inodes are reused, and a directory deleted under its journal must not lock an unrelated one.
    return `${dev}-${ino}-${createHash('sha256').update(await realpath(path)).digest('hex').slice(0, 32)}`
  },
}

/** Errors that say that there is no room; every other write error is fatal. */
export const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code))

export const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Writes all of `bytes`, however short each write comes back. */
export async function writeAll(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = await file.write(done === 0 ? bytes : bytes.subarray(done), position + done)
    // A write of nothing that is no error would loop for ever.
    if (written <= 0) throw new Error('the disk wrote nothing and gave no error')
    done += written
  }
}

/** Up to `length` bytes at `position`; fewer only at the end of the file. */
export async function readUpTo(file: DiskFile, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const read = await file.read(bytes.subarray(done), position + done)
    if (read === 0) break
    done += read
  }
  return bytes.subarray(0, done)
}
