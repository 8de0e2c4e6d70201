import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { realWorld } from '@hirundo/base'
import type { NodeProcess } from '../constellation/node-process.ts'
import { enrolAndApprove } from '../constellation/sensor-state.ts'
import { Child } from '../process/child.ts'
import { bundleSensor } from '../process/bundle.ts'
import { jsonLine } from '../process/programs.ts'
import { peakRss } from '../process/tree.ts'
import { benchDestinations, benchTraffic } from '../traffic/bench-input.ts'
import { pace } from '../traffic/pace.ts'
import { emptyTally } from '../traffic/tally.ts'
import type { Line } from './report.ts'

const MiB = 1024 * 1024
const FLOWS_PER_PACKET = 0.52

export interface Level {
  readonly flows_per_minute: number
  /** What comes of asking for 0.52 at this rate: busy minutes meet more keys again. */
  readonly flows_per_packet: number
  readonly rss_bytes_max: number
}
export const levels: readonly Level[] = [
  { flows_per_minute: 20_000, flows_per_packet: 0.526, rss_bytes_max: 80 * MiB },
  { flows_per_minute: 600_000, flows_per_packet: 0.489, rss_bytes_max: 160 * MiB },
]

/** Highest resident size of the bundled sensor that watches traffic of one level in real time and sends it. */
export async function sensorMemoryBench(node: NodeProcess, directory: string, seconds: number, level: Level): Promise<{ line: Line; result: Readonly<Record<string, unknown>> }> {
  const name = `memory-${level.flows_per_minute}`
  const state_directory = join(directory, name)
  await mkdir(state_directory, { recursive: true })
  await enrolAndApprove({ name, state_directory, simulated: true, destinations: benchTraffic.destinations }, node.url, node.client)
  const sensor = new Child({
    name, command: process.execPath, stdin: 'pipe',
    args: [bundleSensor(directory), 'run', '--state', state_directory, '--read', '-', '--dst', benchDestinations, '--drain-seconds', '60'],
  })
  const tally = emptyTally()
  const { seed, destinations } = benchTraffic
  const options = { seed, destinations, worm_began_s: 0, flows_per_packet: FLOWS_PER_PACKET, packets_per_second: level.flows_per_minute / level.flows_per_packet / 60, slice_ms: 100 }
  const said = sensor.waitForLine(jsonLine, (seconds + 120) * 1000)
  let peak = 0
  const look = setInterval(() => { peak = Math.max(peak, peakRss(sensor.pid)) }, 100)
  for await (const chunk of pace(options, realWorld, AbortSignal.timeout(seconds * 1000), tally)) {
    if (!sensor.process.stdin!.write(chunk)) await once(sensor.process.stdin!, 'drain')
  }
  sensor.process.stdin!.end()
  const { flows } = (await said) as { flows: number }
  clearInterval(look)
  const flows_per_minute = Math.round((flows / seconds) * 60)
  return {
    line: {
      what: `sensor, ${flows_per_minute.toLocaleString('en')} flows a minute`, goal: `≤ ${level.rss_bytes_max / MiB} MiB`,
      reached: `${Math.round(peak / MiB)} MiB`, met: peak <= level.rss_bytes_max,
    },
    result: { asked_flows_per_minute: level.flows_per_minute, flows_per_minute, seconds, packets: tally.packets, peak_rss_bytes: peak },
  }
}
