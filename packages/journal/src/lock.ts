import { fail, ok, type Result } from '@hirundo/base'
import { open, readFile, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'

/** Held until `release`; the kernel gives it back when the process dies, however it dies. */
export interface Lock {
  release(): Promise<void>
}

/**
 * Takes the directory for this process. On Linux the lock is a listening abstract Unix socket named after the
 * directory's device, inode and path: taking it is atomic and it cannot outlive its process, so there is no stale lock to
 * judge. Elsewhere a file with the process id, taken over when that process is gone.
 * Problem: `journal/locked`.
 */
export const lockDirectory = (directory: string, identity: string): Promise<Result<Lock>> =>
  process.platform === 'linux' ? lockBySocket(directory, identity) : lockByFile(directory)

function lockBySocket(directory: string, identity: string): Promise<Result<Lock>> {
  const server = createServer((socket) => socket.destroy())
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(fail('journal/locked', { directory }))
      else reject(error)
    })
    server.listen({ path: `\0hirundo-journal-${identity}` }, () => resolve(ok({ release: () => closeServer(server) })))
  })
}

const closeServer = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

async function lockByFile(directory: string): Promise<Result<Lock>> {
  const path = join(directory, 'lock')
  const holder = Number(await readFile(path, 'utf8').catch(() => ''))
  if (holder > 0 && isAlive(holder)) return fail('journal/locked', { directory })
  if (holder > 0) await unlink(path)
  const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined
    throw error
  })
  if (!handle) return fail('journal/locked', { directory })
  await handle.writeFile(String(process.pid))
  await handle.close()
  return ok({ release: () => unlink(path) })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
