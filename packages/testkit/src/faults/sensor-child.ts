/**
 * A sensor to be killed: reads its numbered minutes through the real agent and goes on, after a kill, behind the last
 * minute that is durable in its spool. Rows of a minute reach the spool in one batch, so a minute is there whole or not
 * at all. Interactions are numbered too: they reach the spool in their order, so that the next is the one that the spool
 * has not. `end` on standard input ends it after the minute that it reads; its last line says how many there were.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseCidr, realWorld, unwrap } from '@hirundo/base'
import type { Interaction } from '@hirundo/formats'
import { startSensor, streamSource } from '@hirundo/sensor'
import { pcapHeader } from '../traffic/pcap-writer.ts'
import { snap_bytes_max } from '../traffic/traffic.ts'
import { interactionOf, interactions_per_minute } from './numbered-interactions.ts'
import { minuteOf, type NumberedMinutes } from './numbered-minutes.ts'
import { readSpool } from './spool-audit.ts'

export interface SensorChildOptions extends NumberedMinutes {
  readonly state_directory: string
  readonly node_url: string
  /** Real time that one simulated minute takes. */
  readonly minute_ms: number
}

const DRAIN_MS = 600_000
const bounds = { batch_age_ms_max: 150, batch_rows_max: 50_000, retry_ms_max: 1_000, heartbeat_ms: 2_000 }

const ending = new AbortController()
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'end') ending.abort()
})

/** The first minute that is not in the spool, and the first interaction. Every minute before it must be there whole. */
async function next(options: SensorChildOptions): Promise<{ readonly minute: number; readonly interaction: number }> {
  const { packets, interactions } = await readSpool(options.state_directory)
  for (let index = 0; ; index++) {
    const found = packets.get(options.start_s + 60 * index)
    if (found === undefined) {
      if (packets.size !== index) throw new Error(`the spool holds ${packets.size} minutes, the first ${index} without a hole`)
      return { minute: index, interaction: interactions }
    }
  }
}

let minutes = 0
let interactions = 0

async function* read(options: SensorChildOptions, first: number): AsyncGenerator<Uint8Array> {
  yield pcapHeader(snap_bytes_max)
  for (minutes = first; !ending.signal.aborted; minutes++) {
    for (const chunk of minuteOf(options, minutes).records) yield chunk.slice()
    await sleep(options.minute_ms)
  }
}

async function* hear(options: SensorChildOptions, first: number): AsyncGenerator<Interaction> {
  for (interactions = first; !ending.signal.aborted; interactions++) {
    yield interactionOf(options, interactions)
    await sleep(options.minute_ms / interactions_per_minute)
  }
}

const options = JSON.parse(process.argv[2]!) as SensorChildOptions
const first = await next(options)
const sensor = unwrap(await startSensor({
  state_directory: options.state_directory, node_url: options.node_url, bounds, tick_ms: 50,
  source: streamSource(false, [{ name: 'numbered minutes', chunks: read(options, first.minute) }]),
  hearsay: () => hear(options, first.interaction),
  destinations: options.destinations.map((text) => unwrap(parseCidr(text))),
  onFatal: (error) => {
    process.stderr.write(`sensor ends: ${String(error)}\n`)
    process.exit(1)
  },
}, realWorld))
await sensor.read
const { batches } = sensor.stats()
const end = performance.now() + DRAIN_MS
// Not `drain`: a flipped bit in a reply may look like a revocation for a while.
while (sensor.stats().acked < sensor.stats().batches && performance.now() < end) await sleep(50)
const { acked, sender } = sensor.stats()
await sensor.stop()
process.stdout.write(`${JSON.stringify({ minutes, interactions, batches, acked, ...sender })}\n`)
process.exit(acked >= batches ? 0 : 1)
