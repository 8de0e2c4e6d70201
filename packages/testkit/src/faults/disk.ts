import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A file system of our own that can be filled to the last byte. */
export interface SmallDisk {
  readonly directory: string
  fill(): void
  free(): void
  unmount(): void
}

const CHUNK = new Uint8Array(1 << 20)

/** A tmpfs of the given size; undefined where that is not allowed (it takes root). */
export async function mountSmallDisk(directory: string, size_bytes: number): Promise<SmallDisk | undefined> {
  await mkdir(directory, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size_bytes},mode=0711`, 'hirundo-faults', directory])
  if (mounted.status !== 0) return undefined
  const ballast = join(directory, 'ballast')
  return {
    directory,
    fill: () => fillWith(ballast),
    free: () => rmSync(ballast, { force: true }),
    unmount: () => void spawnSync('umount', ['--lazy', directory]),
  }
}

/** Writes until nothing more fits: first in large pieces, then in single pages. */
function fillWith(path: string): void {
  const file = openSync(path, 'a')
  try {
    for (const bytes of [CHUNK.length, 4096]) {
      for (let full = false; !full;) {
        try {
          full = writeSync(file, CHUNK, 0, bytes) < bytes
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
          full = true
        }
      }
    }
  } finally {
    closeSync(file)
  }
}
