import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseAddress, realWorld, unwrap } from '@hirundo/base'
import { listFindings, putSetting } from '@hirundo/contract'
import { backscatterLayout, batchKinds, flowLayout, sensorMinuteLayout, type RowLayout } from '@hirundo/formats'
import { answerOf, startNodeProcess, type NodeProcess } from '../constellation/node-process.ts'
import { Random } from '../traffic/random.ts'
import type { Line } from './report.ts'
import { SendingSensor, type Rows } from './sending-sensor.ts'

const SENSORS = 12
const MINUTES = 6
const ATTACKS_A_MINUTE = 5
const OWN_A_MINUTE = 4
/** Of a sensor that still lives and delivers nothing in time: beyond the node's grace for a minute. */
const SILENT_S = 55
const POLL_MS = 250
const DELAY_S_MAX = 90
/** How long after the last event findings are waited for. */
const WAIT_S = 180

export interface WarningLiveResult {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

type Cells = Readonly<Record<string, number | string>>

/** Rows of a layout; what a row does not name is 0. */
function rowsOf(kind: number, layout: RowLayout, all: readonly Cells[]): Rows {
  const body = new Uint8Array(all.length * layout.row_bytes)
  const view = new DataView(body.buffer)
  all.forEach((cells, i) => {
    for (const { name, type } of layout.columns) {
      const at = i * layout.row_bytes + layout.offset[name]!
      const value = cells[name] ?? (type === 'IPv6' ? '::' : 0)
      if (typeof value === 'string') body.set(unwrap(parseAddress(value)), at)
      else if (type === 'UInt64') view.setBigUint64(at, BigInt(value), true)
      else if (type === 'UInt8') view.setUint8(at, value)
      else if (type === 'UInt16' || type === 'Int16') view.setInt16(at, value, true)
      else view.setInt32(at, value, true)
    }
  })
  return { kind, rows: all.length, body }
}

const flow = (minute: number, src: string, dst_port: number, packets: number): Cells => ({
  minute, src, dst_net: '198.51.100.0', dst_port, icmp_type: -1, icmp_code: -1, protocol: 6, packets, bytes: 44 * packets, dsts: 1, src_ports: 1, src_port_common: 40_000,
  ttl_common: 50, syn_window: 1024, scan: packets,
})
const bins = (minute: number, victim: string): Cells[] =>
  Array.from({ length: 6 }, (_, i) => ({ bin: minute + 10 * i, victim, protocol: 6, ports: 1, port_common: 80, packets: 9, bytes: 396, dsts: 1 }))

/** Something that must be found: its subject, when the batch that decides it was acknowledged, and when it was seen on the API. */
interface Event {
  readonly subject: string
  readonly kind: 'rsdos' | 'own-network'
  readonly sensor: number
  /** Minutes in which it is sent; the last one decides. */
  readonly minutes: readonly number[]
  readonly all_delivered: boolean
  stored_ms?: number
  found_ms?: number
}

/** In every second minute one sensor is late; it has no part in the events. */
const isSilent = (minute: number): boolean => minute % 2 === 1

/** Repeatable numbers in [0, 1). */
function stream(seed: number): () => number {
  const random = new Random(seed)
  return () => random.unit()
}

function plan(): Event[] {
  const random = stream(5)
  const sensor = (): number => 1 + Math.floor(random() * (SENSORS - 1))
  return Array.from({ length: MINUTES }, (_, i) => [
    ...Array.from({ length: ATTACKS_A_MINUTE }, (_, k): Event => ({ kind: 'rsdos', subject: `240.1.${i}.${k + 1}`, sensor: sensor(), minutes: [i, i + 1], all_delivered: !isSilent(i + 1) })),
    ...Array.from({ length: OWN_A_MINUTE }, (_, k): Event => ({ kind: 'own-network', subject: `240.9.${i}.${k + 1}`, sensor: sensor(), minutes: [i], all_delivered: !isSilent(i) })),
  ]).flat()
}

async function sendMinute(sensor: SendingSensor, number: number, start: number, i: number, events: readonly Event[], random: () => number): Promise<void> {
  await sleep((isSilent(i) && number === 0 ? SILENT_S : 3 + 5 * random()) * 1000)
  const own = events.filter((one) => one.sensor === number && one.minutes.includes(i))
  const attacks = own.filter(({ kind }) => kind === 'rsdos').flatMap(({ subject }) => bins(start, subject))
  const noise = Array.from({ length: 200 }, () => flow(start, `240.2.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`, Math.floor(random() * 1000), 1))
  const machines = own.filter(({ kind }) => kind === 'own-network').map(({ subject }) => flow(start, subject, 23, 5))
  await sensor.send([
    rowsOf(batchKinds.flow, flowLayout, [...noise, ...machines]), ...(attacks.length > 0 ? [rowsOf(batchKinds.backscatter, backscatterLayout, attacks)] : []),
    rowsOf(batchKinds.sensor_minute, sensorMinuteLayout, [{ minute: start, observed_s: 60, packets: 200, counted: 200 }]),
  ])
  for (const one of own) if (one.minutes.at(-1) === i) one.stored_ms = realWorld.now()
}

/** Looks at the board until all was found or nothing more is to be waited for. */
async function watchBoard({ client }: NodeProcess, events: readonly Event[], until_ms: () => number): Promise<void> {
  while (events.some(({ found_ms }) => found_ms === undefined) && realWorld.now() < until_ms()) {
    const { findings } = answerOf(await client.call(listFindings, { query: { kind: ['rsdos', 'own-network'], order: 'newest', limit: 1000 } }))
    const seen = new Set(findings.map(({ kind, subject }) => `${kind} ${subject.victim ?? subject.source}`))
    for (const one of events) if (one.found_ms === undefined && seen.has(`${one.kind} ${one.subject}`)) one.found_ms = realWorld.now()
    await sleep(POLL_MS)
  }
}

const quantile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN

/**
 * How long after its deciding rows are stored a finding stands on the API of a real node: attacks by backscatter and scanning
 * machines of our own, sent in real time by twelve sensors, of which one is late in every second minute. SYNTHETIC.
 */
export async function warningLiveBench(directory: string, say: (text: string) => void): Promise<WarningLiveResult> {
  const node = await startNodeProcess({ data_dir: join(directory, 'warning-live'), port: 0, env: { HIRUNDO_LOG_LEVEL: 'warn' } })
  try {
    answerOf(await node.client.call(putSetting, { params: { key: 'warning.own_networks' }, body: { value: ['240.9.0.0/16'] } }))
    const sensors: SendingSensor[] = []
    for (let i = 0; i < SENSORS; i++) sensors.push(await SendingSensor.enrol(node, `bench ${i}`, 16))
    const events = plan()
    say(`${events.length} events in ${MINUTES + 1} minutes of real time …`)
    await play(node, sensors, events)
    return report(events)
  } finally {
    await node.child.stop(30_000)
  }
}

async function play(node: NodeProcess, sensors: readonly SendingSensor[], events: readonly Event[]): Promise<void> {
  const random = stream(6)
  const beat = () => Promise.all(sensors.map((sensor) => sensor.heartbeat()))
  await beat()
  const beats = setInterval(() => void beat().catch(() => undefined), 30_000)
  let end_ms = Infinity
  const board = watchBoard(node, events, () => end_ms)
  try {
    const first = Math.ceil(realWorld.now() / 60_000) * 60
    const sending: Promise<void>[] = []
    for (let i = 0; i <= MINUTES; i++) {
      const start = first + i * 60
      await sleep(Math.max(0, (start + 60) * 1000 - realWorld.now()))
      sending.push(...sensors.map((sensor, number) => sendMinute(sensor, number, start, i, events, random)))
    }
    await Promise.all(sending)
    end_ms = realWorld.now() + WAIT_S * 1000
    await board
  } finally {
    clearInterval(beats)
  }
}

function report(events: readonly Event[]): WarningLiveResult {
  const delay = ({ stored_ms, found_ms }: Event): number => (found_ms === undefined ? Infinity : (found_ms - stored_ms!) / 1000)
  const delays = events.map(delay)
  const [whole, missing] = [events.filter(({ all_delivered }) => all_delivered).map(delay), events.filter(({ all_delivered }) => !all_delivered).map(delay)]
  const found = delays.filter(Number.isFinite).length
  const p95 = quantile(delays, 0.95)
  const of = (values: readonly number[]): string => `p95 ${quantile(values, 0.95).toFixed(1)} s, median ${quantile(values, 0.5).toFixed(1)} s of ${values.length}`
  return {
    lines: [
      { what: 'live: stored to found, p95', goal: `≤ ${DELAY_S_MAX} s`, reached: `${p95.toFixed(1)} s (${found} of ${events.length} found)`, met: p95 <= DELAY_S_MAX },
      { what: '  when all sensors deliver', goal: '', reached: of(whole), met: true },
      { what: '  when a live sensor is late', goal: '', reached: of(missing), met: true },
    ],
    result: { synthetic: true, events: events.length, found, p95_s: p95, median_s: quantile(delays, 0.5), max_s: Math.max(...delays), all_delivered_p95_s: quantile(whole, 0.95), one_late_p95_s: quantile(missing, 0.95) },
  }
}
