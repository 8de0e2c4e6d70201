import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { cpuSeconds, descendants, peakRss } from '../process/tree.ts'

export interface Run {
  readonly seconds: number
  /** Processor time: what the wall time would be with the core to itself and a disk that never waits. */
  readonly cpu_s: number
  readonly peak_rss_bytes: number
  readonly code: number | null
  /** Last lines of stderr. */
  readonly said: string
}

const POLL_MS = 20
const SAID_MAX = 4000
const RUN_MS_MAX = 900_000

/** Runs a program on one core with its output thrown away; wall time and the highest resident size of its processes. */
export async function runOnce(command: string, args: readonly string[], cpu: number): Promise<Run> {
  const sink = openSync('/dev/null', 'w')
  const started = performance.now()
  const child = spawn('taskset', ['-c', String(cpu), command, ...args], { stdio: ['ignore', sink, 'pipe'], timeout: RUN_MS_MAX })
  closeSync(sink)
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_MAX)
  })
  let peak_rss_bytes = 0
  let cpu_s = 0
  const look = (): void => {
    const pids = [child.pid!, ...descendants(child.pid!).map(({ pid }) => pid)]
    peak_rss_bytes = Math.max(peak_rss_bytes, pids.reduce((sum, pid) => sum + peakRss(pid), 0))
    cpu_s = Math.max(cpu_s, pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0))
  }
  const timer = setInterval(look, POLL_MS)
  const [code] = (await once(child, 'exit')) as [number | null]
  const seconds = (performance.now() - started) / 1000
  clearInterval(timer)
  return { seconds, cpu_s, peak_rss_bytes, code, said }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value that this share of the values does not exceed; of few values the highest. */
export const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!
