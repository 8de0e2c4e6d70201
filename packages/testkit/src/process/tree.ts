import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  /** Arguments joined by blanks; empty for a zombie. */
  readonly command: string
  /** When it started, in clock ticks since boot: with the pid it names a process for good. */
  readonly started: number
}

/** Fields behind the name, which may hold blanks and parentheses itself (proc_pid_stat(5)). */
function readRow(pid: number): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { pid, parent: Number(fields[1]), command, started: Number(fields[19]) }
  } catch {
    return undefined
  }
}

/** All living processes of the machine, by Linux's /proc; elsewhere none. */
export function processes(): ProcessRow[] {
  let names: string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return []
  }
  return names.filter((name) => /^\d+$/.test(name)).flatMap((name) => readRow(Number(name)) ?? [])
}

/** The processes below `pid`, parents before children; `pid` itself is not among them. */
export function descendants(pid: number): ProcessRow[] {
  const all = processes()
  const found: ProcessRow[] = []
  const parents = [pid]
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    for (const row of all) {
      if (row.parent !== parent) continue
      found.push(row)
      parents.push(row.pid)
    }
  }
  return found
}

/** Whether the very same process still lives; a pid that another process has got since does not count. */
export const isAlive = (row: Pick<ProcessRow, 'pid' | 'started'>): boolean => readRow(row.pid)?.started === row.started

export interface Memory {
  /** Resident, pages that are shared counted in each process. */
  readonly rss_bytes: number
  /** Resident, shared pages divided among those that share them. */
  readonly pss_bytes: number
}

function kibOf(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024
}

/** Memory of one process; zero when it is gone. PSS needs the same user or root. */
export function memoryOf(pid: number): Memory {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return { rss_bytes: kibOf(rollup, 'Rss'), pss_bytes: kibOf(rollup, 'Pss') }
  } catch {
    return { rss_bytes: 0, pss_bytes: 0 }
  }
}

/** Highest resident size that one living process ever had. */
export function peakRss(pid: number): number {
  try {
    return kibOf(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmHWM')
  } catch {
    return 0
  }
}

const CLOCK_TICKS_PER_S = 100

/** Processor time that a living process has used, in seconds (USER_HZ is 100 on every Linux that runs Node). */
export function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_S
  } catch {
    return 0
  }
}

/** Sum over a process and all below it. */
export function memoryOfTree(pid: number): Memory {
  return [pid, ...descendants(pid).map((row) => row.pid)].map(memoryOf).reduce(
    (sum, one) => ({ rss_bytes: sum.rss_bytes + one.rss_bytes, pss_bytes: sum.pss_bytes + one.pss_bytes }),
    { rss_bytes: 0, pss_bytes: 0 },
  )
}
