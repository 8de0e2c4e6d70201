import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeTemporary } from '../socket-dir.ts'

interface Postmaster {
  readonly pid: number
  readonly socket_dir: string
}

/** `postmaster.pid`: process id, data directory, start time, port, socket directory, … one per line. */
async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return Number.isSafeInteger(pid) && pid > 1 ? { pid, socket_dir: lines[4]?.trim() ?? '' } : undefined
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** Whether `pid` is a PostgreSQL on this cluster; process ids are used again, so the number alone proves nothing. */
const servesCluster = (pid: number, cluster: string) => {
  const command = commandLine(pid)
  return command.includes('postgres') && command.includes(cluster)
}

const steps = [['SIGINT', 10_000], ['SIGQUIT', 5000], ['SIGKILL', 5000]] as const

/** Sends SIGINT (fast shutdown), then SIGQUIT, then SIGKILL to `pid` until `gone()`. */
export async function endPostgres(pid: number, gone: () => boolean): Promise<void> {
  for (const [signal, patience_ms] of steps) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    for (let waited = 0; waited < patience_ms; waited += 25) {
      if (gone()) return
      await sleep(25)
    }
  }
}

/**
 * A node that was killed leaves its PostgreSQL running: ends it, so that one process serves the files. Returns the
 * process id of what was ended.
 */
export async function stopOrphan(cluster: string): Promise<number | undefined> {
  const found = await readPostmaster(cluster)
  if (!found) return undefined
  const alive = servesCluster(found.pid, cluster)
  if (alive) await endPostgres(found.pid, () => !servesCluster(found.pid, cluster))
  await removeTemporary(found.socket_dir, dirname(cluster))
  return alive ? found.pid : undefined
}
