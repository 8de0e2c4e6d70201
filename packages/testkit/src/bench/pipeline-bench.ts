import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { queryablePackets, readStatus } from '../constellation/balance.ts'
import type { NodeProcess } from '../constellation/node-process.ts'
import { enrolAndApprove } from '../constellation/sensor-state.ts'
import { Child } from '../process/child.ts'
import { jsonLine, programs } from '../process/programs.ts'
import { benchDestinations, benchTraffic } from '../traffic/bench-input.ts'
import { writePcapFile } from '../traffic/pcap-file.ts'
import { watchMemory } from './memory-watch.ts'
import type { Line } from './report.ts'

const MiB = 1024 * 1024
const PACKETS_PER_SECOND_MIN = 500_000
const ROWS_PER_PACKET_MIN = 0.4
const NODE_RSS_MAX = 2048 * MiB
const RUN_MS_MAX = 900_000
const SUSTAINED_S = 60
const HOUR_S = 3600

export interface PipelineResult {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

/** The pinned traffic again and again, each time ten minutes later, so that every packet is a new one. */
function writeFiles(directory: string, files: number, start_s: number, say: (text: string) => void): { path: string; counted: number }[] {
  return Array.from({ length: files }, (_, i) => {
    const path = join(directory, `pipeline-${i}.pcap`)
    const { tally } = writePcapFile(path, { ...benchTraffic, start_s: start_s + i * benchTraffic.minutes * 60 })
    say(`  file ${i + 1} of ${files}: ${tally.packets.toLocaleString('en')} packets`)
    return { path, counted: tally.counted }
  })
}

/**
 * Capture files → sensor process → HTTP → journal with fsync → both stores, until the last packet is queryable. The
 * clock runs from the start of the sensor to the moment the answers have every packet.
 */
export async function pipelineBench(node: NodeProcess, directory: string, files: number, say: (text: string) => void): Promise<PipelineResult> {
  const now_s = Math.floor(Date.now() / 1000)
  const start_s = now_s - (now_s % HOUR_S) - 24 * HOUR_S
  const inputs = writeFiles(directory, files, start_s, say)
  const expected = inputs.reduce((sum, { counted }) => sum + counted, 0)
  const state_directory = join(directory, 'pipeline-sensor')
  await mkdir(state_directory, { recursive: true })
  await enrolAndApprove({ name: 'bench', state_directory, simulated: true, destinations: benchTraffic.destinations }, node.url, node.client)
  const before = await readStatus(node.client)
  const memory = watchMemory(node.child.pid)
  const started = performance.now()
  const sensor = new Child({
    name: 'hirundo-sensor', command: process.execPath,
    args: [programs.sensor, 'run', '--state', state_directory, '--read', inputs.map(({ path }) => path).join(','), '--dst', benchDestinations, '--drain-seconds', '600'],
  })
  const sensor_memory = watchMemory(sensor.pid)
  const said = sensor.waitForLine(jsonLine, RUN_MS_MAX).then(({ flows }) => ({ sensor_s: (performance.now() - started) / 1000, flows: Number(flows) }))
  said.catch(() => undefined)
  const rate = await untilQueryable(node, before.packets + expected, started)
  const elapsed_s = (performance.now() - started) / 1000
  const { sensor_s, flows } = await said
  const peak = memory.stop()
  const queryable = await queryablePackets(node.client, { from_s: start_s, to_s: start_s + 24 * HOUR_S }, ['bench'])
  for (const { path } of inputs) await rm(path, { force: true })
  if (queryable !== expected) throw new Error(`${queryable} packets are queryable, ${expected} were sent`)
  const rows_per_packet = flows / expected
  const packets_per_s = expected / elapsed_s
  return {
    lines: [
      { what: `capture to queryable, ${Math.round(elapsed_s)} s`, goal: '≥ 500,000 packets/s', reached: `${Math.round(packets_per_s).toLocaleString('en')} packets/s`, met: packets_per_s >= PACKETS_PER_SECOND_MIN && elapsed_s >= SUSTAINED_S },
      { what: '  flow rows per packet', goal: '≥ 0.4', reached: rows_per_packet.toFixed(3), met: rows_per_packet >= ROWS_PER_PACKET_MIN },
      { what: '  memory of all node processes (RSS)', goal: '≤ 2,048 MiB', reached: `${Math.round(peak.rss_bytes / MiB)} MiB`, met: peak.rss_bytes <= NODE_RSS_MAX },
    ],
    result: { packets: expected, elapsed_s, sensor_s, packets_per_s: Math.round(packets_per_s), slowest_10_s: rate, rows_per_packet, node_peak: peak, sensor_peak: sensor_memory.stop() },
  }
}

const WINDOW_S = 10

/** Polls until the node has stored `target` packets; gives the lowest rate of any ten seconds but the first and last. */
async function untilQueryable(node: NodeProcess, target: number, started: number): Promise<number> {
  const seen: { readonly at_s: number; readonly packets: number }[] = []
  for (;;) {
    const { packets, appended, projected } = await readStatus(node.client)
    const at_s = (performance.now() - started) / 1000
    seen.push({ at_s, packets })
    if (packets >= target && projected === appended) break
    if (at_s * 1000 > RUN_MS_MAX) throw new Error(`only ${packets} of ${target} packets after ${Math.round(at_s)} s`)
    await sleep(250)
  }
  const end_s = seen.at(-1)!.at_s
  const rates = seen.flatMap((from) => {
    const to = seen.find(({ at_s }) => at_s >= from.at_s + WINDOW_S)
    return to && from.at_s > WINDOW_S && to.at_s < end_s - WINDOW_S ? [(to.packets - from.packets) / (to.at_s - from.at_s)] : []
  })
  return rates.length === 0 ? 0 : Math.round(Math.min(...rates))
}
