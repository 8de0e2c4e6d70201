import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Replaces a file as one step: after a power cut there is the old content or the new. `sync: false` skips the wait
 * for the disk, for content that may go back in time.
 */
export async function replaceFile(path: string, content: string, options: { readonly sync: boolean }): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.new`)
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    if (options.sync) await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, path)
  if (options.sync) await syncDirectory(dirname(path))
}

export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The file's text, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export const makePrivateDirectory = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true, mode: 0o700 })
}
