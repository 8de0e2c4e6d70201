import { statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { programs } from '../process/programs.ts'
import { isInstalled } from './contestants.ts'
import { writeEve } from './eve-input.ts'
import { median, runOnce, type Run } from './measure.ts'
import type { Line } from './report.ts'

const MiB = 1024 * 1024
const SEED = 20_261_120
const LINES = 1_000_000
const RATE_MIN = 100_000
const RSS_MAX = 400 * MiB
/** The node works on the other one meanwhile. */
const CPU = 1

export interface ImportersBench {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

async function clean(command: string, args: readonly string[]): Promise<Run> {
  const run = await runOnce(command, args, CPU)
  if (run.code !== 0) throw new Error(`${command} ended with ${run.code}: ${run.said}`)
  return run
}

/**
 * `hirundo import --kind eve` on one core into a node that runs (`data_dir`), and `jq -c .` on the same file, one
 * after the other, each time as another sensor. Compared is time of the processor: an import also waits until all is
 * queryable.
 */
export async function importersBench(data_dir: string, directory: string, rounds: number, say: (text: string) => void): Promise<ImportersBench> {
  const path = join(directory, 'eve.json')
  const input = { seed: SEED, ...writeEve(path, LINES, SEED), bytes: statSync(path).size }
  say(`  ${input.lines.toLocaleString('en')} lines of ${input.flows.toLocaleString('en')} flows, ${Math.round(input.bytes / MiB)} MiB, seed ${SEED}`)
  const with_jq = isInstalled('jq')
  if (!with_jq) say('jq is not installed and is left out (Debian: apt-get install jq)')
  const imports: Run[] = []
  const others: Run[] = []
  for (let round = 1; round <= rounds; round++) {
    imports.push(await clean(process.execPath, [programs.node, 'import', '--kind', 'eve', '--sensor', `bench-${round}`, '--simulated', '--format', 'json', '--data', data_dir, path]))
    if (with_jq) others.push(await clean('jq', ['-c', '.', path]))
    say(`  round ${round}: import ${said(imports.at(-1)!)}${with_jq ? `, jq ${said(others.at(-1)!)}` : ''}`)
  }
  await rm(path)
  return summarise(input, imports, others)
}

const said = ({ cpu_s, seconds }: Run): string => `${cpu_s.toFixed(2)} s of processor (${seconds.toFixed(2)} s)`

function summarise(input: { readonly lines: number }, imports: readonly Run[], others: readonly Run[]): ImportersBench {
  const cpu_s = median(imports.map((run) => run.cpu_s))
  const wall_s = median(imports.map(({ seconds }) => seconds))
  const jq_cpu_s = others.length === 0 ? undefined : median(others.map((run) => run.cpu_s))
  const rate = input.lines / cpu_s
  const peak_rss_bytes = Math.max(...imports.map((run) => run.peak_rss_bytes))
  const ratio = jq_cpu_s === undefined ? '' : `; ${(jq_cpu_s / cpu_s).toFixed(2)} times as fast as jq -c .`
  return {
    lines: [
      { what: 'import of eve.json on one core', goal: `≥ ${RATE_MIN.toLocaleString('en')} lines/s`, reached: `${Math.round(rate).toLocaleString('en')} lines/s${ratio}`, met: rate >= RATE_MIN },
      { what: 'memory of that import', goal: `≤ ${RSS_MAX / MiB} MiB`, reached: `${Math.round(peak_rss_bytes / MiB)} MiB`, met: peak_rss_bytes <= RSS_MAX },
    ],
    result: { input, cpu_s, wall_s, jq_cpu_s, lines_per_s: rate, ratio_to_jq: jq_cpu_s === undefined ? undefined : jq_cpu_s / cpu_s, peak_rss_bytes },
  }
}
