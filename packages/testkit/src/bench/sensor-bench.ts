import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { benchTraffic, writeBenchInput } from '../traffic/bench-input.ts'
import { writePcapFile } from '../traffic/pcap-file.ts'
import { contestants, isInstalled, sensor, type Contestant, type Files } from './contestants.ts'
import { median, runOnce, type Run } from './measure.ts'
import type { Line } from './report.ts'

const MiB = 1024 * 1024
const SENSOR_RSS_MAX = 300 * MiB

export interface SensorBench {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

export type Input = Omit<Files, 'udp_port'> & { readonly packets: number; readonly result: Readonly<Record<string, unknown>> }

/** The pinned input, and a tenth of it for the slow ones. */
export function writeInputs(directory: string, say: (text: string) => void): Input {
  say(`writing ${benchTraffic.packets.toLocaleString('en')} packets, seed ${benchTraffic.seed} …`)
  const whole = writeBenchInput(join(directory, 'input.pcap'))
  const tenth = writePcapFile(join(directory, 'tenth.pcap'), { ...benchTraffic, minutes: 1, packets: benchTraffic.packets / 10 })
  const flows_per_packet = whole.tally.flows / whole.tally.packets
  say(`  SHA-256 ${whole.sha256}, ${benchTraffic.minutes} minutes, ${flows_per_packet.toFixed(3)} flows per packet`)
  return {
    whole: whole.path, tenth: tenth.path, directory, packets: whole.tally.packets,
    result: {
      seed: benchTraffic.seed, sha256: whole.sha256, packets: whole.tally.packets, minutes: benchTraffic.minutes,
      flows: whole.tally.flows, flows_per_packet,
    },
  }
}

async function runClean(contestant: Contestant, files: Files, cpu: number): Promise<Run> {
  const directory = join(files.directory, 'scratch')
  mkdirSync(directory, { recursive: true })
  const run = await runOnce(contestant.command, contestant.args({ ...files, directory }), cpu)
  rmSync(directory, { recursive: true, force: true })
  if (run.code !== 0) throw new Error(`${contestant.name} ended with ${run.code}: ${run.said}`)
  return run
}

/** Makers of flows on one core and one file, one after the other, as often as asked; medians. */
export async function sensorBench(input: Input, rounds: number, say: (text: string) => void): Promise<SensorBench> {
  const present = [sensor, ...contestants.filter(({ command }) => isInstalled(command))]
  for (const { command, package: debian } of contestants) {
    if (!isInstalled(command)) say(`${command} is not installed and is left out (Debian: apt-get install ${debian})`)
  }
  const sink = createSocket('udp4').on('message', () => undefined).bind(0, '127.0.0.1')
  await once(sink, 'listening')
  const files = { ...input, udp_port: sink.address().port }
  const runs = new Map<string, Run[]>(present.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contestant of present) {
      const run = await runClean(contestant, files, 1)
      runs.get(contestant.name)!.push(run)
      say(`  round ${round + 1}: ${contestant.name} ${run.seconds.toFixed(2)} s, ${run.cpu_s.toFixed(2)} s of processor`)
    }
  }
  sink.close()
  return summarise(present, runs, files.packets)
}

function summarise(present: readonly Contestant[], runs: ReadonlyMap<string, readonly Run[]>, packets: number): SensorBench {
  const timeOf = ({ name, scale }: Contestant) => median(runs.get(name)!.map(({ seconds }) => seconds)) * scale
  const cpuOf = ({ name, scale }: Contestant) => median(runs.get(name)!.map(({ cpu_s }) => cpu_s)) * scale
  const rssOf = ({ name }: Contestant) => Math.max(...runs.get(name)!.map(({ peak_rss_bytes }) => peak_rss_bytes))
  const own = timeOf(sensor)
  const lines: Line[] = present.slice(1).map((other) => ({
    what: `flows, one core, against ${other.name}`, goal: `≥ ${other.goal} ×`,
    reached: `${(timeOf(other) / own).toFixed(1)} ×`, met: timeOf(other) / own >= other.goal!,
  }))
  lines.push({ what: 'flows, resident memory', goal: '≤ 300 MiB', reached: `${Math.round(rssOf(sensor) / MiB)} MiB`, met: rssOf(sensor) <= SENSOR_RSS_MAX })
  const tools = present.map((one) => ({
    name: one.name, median_s: timeOf(one), runs_s: runs.get(one.name)!.map(({ seconds }) => seconds), scaled_by: one.scale,
    packets_per_s: Math.round(packets / timeOf(one)), peak_rss_bytes: rssOf(one), ratio: timeOf(one) / own,
    cpu_s: cpuOf(one), ratio_cpu: cpuOf(one) / cpuOf(sensor),
  }))
  return { lines, result: { tools } }
}
