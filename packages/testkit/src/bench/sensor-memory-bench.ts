import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { realWorld } from '@hirundo/base'
import type { NodeProcess } from '../constellation/node-process.ts'
import { enrolAndApprove } from '../constellation/sensor-state.ts'
import { Child } from '../process/child.ts'
import { bundleSensor } from '../process/bundle.ts'
import { jsonLine } from '../process/programs.ts'
import { memoryOf, peakRss } from '../process/tree.ts'
import { benchDestinations, benchTraffic } from '../traffic/bench-input.ts'
import { pace } from '../traffic/pace.ts'
import { emptyTally } from '../traffic/tally.ts'
import type { Line } from './report.ts'
import { growth_max, plateauOf, shownCurve, type ResidentCurve } from './resident-curve.ts'

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

const LOOK_MS = 1_000
const DRAIN_S = 60

/**
 * Resident size of the bundled sensor that watches traffic of one level in real time and sends it: its peak, and whether
 * it levels off. The packets come through a pipe, which holds a little more than a live capture: minutes stay open for 50 s
 * of the packets' time and not for 3 s. The first minutes fill the tables that later ones use: give them a third of the run.
 */
export async function sensorMemoryBench(node: NodeProcess, directory: string, seconds: number, level: Level): Promise<{ lines: Line[]; result: Readonly<Record<string, unknown>> }> {
  const name = `memory-${level.flows_per_minute}`
  const state_directory = join(directory, name)
  await mkdir(state_directory, { recursive: true })
  await enrolAndApprove({ name, state_directory, simulated: true, destinations: benchTraffic.destinations }, node.url, node.client)
  const sensor = new Child({
    name, command: process.execPath, stdin: 'pipe',
    args: [bundleSensor(state_directory), 'run', '--state', state_directory, '--read', '-', '--dst', benchDestinations, '--drain-seconds', String(DRAIN_S)],
  })
  const said = sensor.waitForLine(jsonLine, (seconds + 2 * DRAIN_S) * 1000)
  let peak_bytes = 0
  const curve: number[] = []
  const looks = [
    setInterval(() => { peak_bytes = Math.max(peak_bytes, peakRss(sensor.pid)) }, LOOK_MS / 10),
    setInterval(() => { curve.push(memoryOf(sensor.pid).rss_bytes) }, LOOK_MS),
  ]
  const packets = await feed(sensor, level, seconds)
  clearInterval(looks[1])
  sensor.process.stdin!.end()
  const { flows } = (await said) as { flows: number }
  clearInterval(looks[0])
  return report(level, { seconds, packets, flows, peak_bytes, curve })
}

async function feed(sensor: Child, level: Level, seconds: number): Promise<number> {
  const tally = emptyTally()
  const { seed, destinations } = benchTraffic
  const options = { seed, destinations, worm_began_s: 0, flows_per_packet: FLOWS_PER_PACKET, packets_per_second: level.flows_per_minute / level.flows_per_packet / 60, slice_ms: 100 }
  for await (const chunk of pace(options, realWorld, AbortSignal.timeout(seconds * 1000), tally)) {
    if (!sensor.process.stdin!.write(chunk)) await once(sensor.process.stdin!, 'drain')
  }
  return tally.packets
}

interface Seen {
  readonly seconds: number
  readonly packets: number
  readonly flows: number
  readonly peak_bytes: number
  readonly curve: ResidentCurve
}

function report(level: Level, { seconds, packets, flows, peak_bytes, curve }: Seen): { lines: Line[]; result: Readonly<Record<string, unknown>> } {
  const flows_per_minute = Math.round((flows / seconds) * 60)
  const { middle_bytes, last_bytes, growth } = plateauOf(curve)
  const what = `sensor, ${flows_per_minute.toLocaleString('en')} flows a minute`
  const curve_mib = shownCurve(curve)
  return {
    lines: [
      { what, goal: `≤ ${level.rss_bytes_max / MiB} MiB`, reached: `${Math.round(peak_bytes / MiB)} MiB`, met: peak_bytes <= level.rss_bytes_max },
      {
        what: `${what}, last third of ${seconds} s against the middle`, goal: `≤ ${growth_max} ×`,
        reached: `${growth.toFixed(2)} × (MiB: ${curve_mib.join(' ')})`, met: growth <= growth_max,
      },
    ],
    result: {
      asked_flows_per_minute: level.flows_per_minute, flows_per_minute, seconds, packets, peak_rss_bytes: peak_bytes,
      middle_third_rss_bytes: middle_bytes, last_third_rss_bytes: last_bytes, curve_mib,
    },
  }
}
