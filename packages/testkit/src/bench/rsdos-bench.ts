import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { programs } from '../process/programs.ts'
import { benchDestinations, benchTraffic, writeBenchInput } from '../traffic/bench-input.ts'
import { writeBackscatter } from './backscatter-input.ts'
import { contestants, isInstalled } from './contestants.ts'
import { median, runOnce, type Run } from './measure.ts'
import type { Line } from './report.ts'

export interface RsdosBench {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

/** Times the packets a second of nfpcapd. */
const GOAL = 3
const BACKSCATTER_PACKETS = 5_000_000
const nfpcapd = contestants.find(({ name }) => name === 'nfpcapd')!

interface Input {
  readonly name: string
  readonly path: string
  readonly packets: number
  readonly destinations: string
}

interface Program {
  readonly name: string
  readonly command: string
  readonly args: (input: Input, scratch: string) => readonly string[]
}

const detect = (name: string, ...more: string[]): Program => ({
  name, command: process.execPath, args: ({ path, destinations }) => [programs.node, 'detect', ...more, '--dst', destinations, '--format', 'json', path],
})
const rsdosAlone = detect('hirundo detect --only rsdos', '--only', 'rsdos')
const everything = detect('hirundo detect')
const writer: Program = { name: 'nfpcapd', command: 'nfpcapd', args: ({ path }, scratch) => ['-r', path, '-w', scratch] }

/**
 * Attacks found in a capture, against nfpcapd that merely writes the flows of the same capture: one core each, in turn, medians.
 * One capture is the usual mixture, in which a sixteenth is backscatter; the other is backscatter alone.
 */
export async function rsdosBench(directory: string, rounds: number, say: (text: string) => void): Promise<RsdosBench> {
  if (!isInstalled('nfpcapd')) {
    say(`nfpcapd is not installed (Debian: apt-get install ${nfpcapd.package}): attacks in captures are not measured`)
    return { lines: [], result: {} }
  }
  const lines: Line[] = []
  const results: unknown[] = []
  for (const input of writeInputs(directory, say)) {
    const runs = new Map<string, Run[]>([rsdosAlone, everything, writer].map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const program of [rsdosAlone, everything, writer]) {
        const run = await runClean(program, input, directory)
        runs.get(program.name)!.push(run)
        say(`  ${input.name}, round ${round + 1}: ${program.name} ${run.seconds.toFixed(2)} s, ${run.cpu_s.toFixed(2)} s of processor`)
      }
    }
    rmSync(input.path)
    lines.push(...linesOf(input, runs))
    results.push({ input: input.name, packets: input.packets, tools: [...runs].map(([name, of]) => toolOf(name, of, input.packets)) })
  }
  return { lines, result: { inputs: results } }
}

function writeInputs(directory: string, say: (text: string) => void): Input[] {
  say('writing a capture of the usual mixture, and one of backscatter alone …')
  const usual = writeBenchInput(join(directory, 'rsdos-usual.pcap'))
  const backscatter = join(directory, 'rsdos-backscatter.pcap')
  writeBackscatter(backscatter, BACKSCATTER_PACKETS, 600, benchTraffic.seed)
  return [
    { name: 'usual mixture', path: usual.path, packets: usual.tally.packets, destinations: benchDestinations },
    { name: 'backscatter alone', path: backscatter, packets: BACKSCATTER_PACKETS, destinations: '198.18.0.0/16' },
  ]
}

async function runClean({ name, command, args }: Program, input: Input, directory: string): Promise<Run> {
  const scratch = join(directory, 'scratch')
  mkdirSync(scratch, { recursive: true })
  const run = await runOnce(command, args(input, scratch), 1)
  rmSync(scratch, { recursive: true, force: true })
  if (run.code !== 0) throw new Error(`${name} ended with ${run.code}: ${run.said}`)
  return run
}

function linesOf({ name }: Input, runs: ReadonlyMap<string, readonly Run[]>): Line[] {
  const of = (program: Program): number => median(runs.get(program.name)!.map(({ seconds }) => seconds))
  const cpu = (program: Program): number => median(runs.get(program.name)!.map(({ cpu_s }) => cpu_s))
  const ratio = (program: Program): string => `${(of(writer) / of(program)).toFixed(1)} × (by processor time ${(cpu(writer) / cpu(program)).toFixed(1)} ×)`
  return [
    { what: `RSDoS over a capture, against nfpcapd writing flows: ${name}`, goal: `≥ ${GOAL} ×`, reached: ratio(rsdosAlone), met: of(writer) / of(rsdosAlone) >= GOAL },
    // No goal was set for all of them; it is told.
    { what: '  all detectors over it', goal: '–', reached: ratio(everything), met: true },
  ]
}

const toolOf = (name: string, runs: readonly Run[], packets: number) => ({
  name, median_s: median(runs.map(({ seconds }) => seconds)), cpu_s: median(runs.map(({ cpu_s }) => cpu_s)), runs_s: runs.map(({ seconds }) => seconds),
  packets_per_s: Math.round(packets / median(runs.map(({ seconds }) => seconds))), peak_rss_bytes: Math.max(...runs.map(({ peak_rss_bytes }) => peak_rss_bytes)),
})
