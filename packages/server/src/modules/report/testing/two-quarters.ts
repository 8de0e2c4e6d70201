import { batchKinds, sensorMinuteLayout } from '@hirundo/formats'
import type { RealNode } from '../../observatory/testing/real-node.ts'
import type { FakeSensor, FlowRow } from '../../observatory/testing/sensor.ts'

const DAY_S = 86_400

/** What knocks: at a day of the quarter before (negative) or of the quarter, packets at one sensor; 0 is nothing. */
interface Knock { readonly port: number, readonly protocol?: number, readonly src: string, readonly packets: (day: number, sensor: number) => number }

const wave = (day: number, length: number) => 1 + 0.4 * Math.sin((day * 2 * Math.PI) / length)

const knocks: readonly Knock[] = [
  { port: 23, src: '242.10.0.1', packets: (day, sensor) => Math.round(900 * wave(day, 30) * (1 + sensor / 10)) },
  { port: 445, src: '246.3.0.2', packets: (day) => Math.round(600 * wave(day + 7, 21)) },
  { port: 22, src: '244.70.0.3', packets: (day, sensor) => Math.round(420 * wave(day, 14) + sensor * 30) },
  { port: 3389, src: '250.9.0.4', packets: (day) => Math.round(day < 0 ? 500 : 260 * wave(day, 9)) },
  // A worm: nearly nothing in the quarter before, most of all at the end.
  { port: 5555, src: '240.140.0.5', packets: (day) => (day < 0 ? 4 : Math.round(20 + day * 14)) },
  { port: 11211, protocol: 17, src: '254.130.0.6', packets: (day) => (day < 30 ? 0 : 130) },
  ...[80, 443, 8080, 6379, 1433, 5900, 2222, 123].map((port, i): Knock => ({
    port, src: `${248 + (i % 4)}.${i * 20}.0.7`, ...(port === 123 ? { protocol: 17 } : {}), packets: (day) => Math.round((150 - i * 14) * wave(day + i, 11 + i)),
  })),
  { port: 443, src: '240.0.1.9', packets: (day, sensor) => (sensor === 0 ? 70 : 40) + (day % 5) },
]

interface Watcher { readonly name: string, readonly watches: (day: number) => boolean, readonly sees: (port: number) => boolean, readonly dropped: number }
const watchers: readonly Watcher[] = [
  { name: 'north-1', watches: () => true, sees: () => true, dropped: 0 },
  { name: 'east-university', watches: () => true, sees: (port) => port !== 3389, dropped: 12 },
  { name: 'south-ixp', watches: (day) => day < 10 || day >= 14, sees: () => true, dropped: 0 },
  // What people write into a name must stay text in every form of the report.
  { name: '<west> & "isp"', watches: (day) => day >= 5, sees: (port) => port !== 22, dropped: 0 },
]

function watched(days: readonly number[], dropped: number): Uint8Array {
  const bytes = new Uint8Array(days.length * sensorMinuteLayout.row_bytes)
  const view = new DataView(bytes.buffer)
  for (const [i, day_s] of days.entries()) {
    const at = (name: string) => i * sensorMinuteLayout.row_bytes + sensorMinuteLayout.offset[name]!
    view.setUint32(at('minute'), day_s, true)
    // A whole day in one row: what is asked is days, and a row for each minute would take the test minutes.
    view.setUint32(at('observed_s'), DAY_S, true)
    view.setBigUint64(at('dropped'), BigInt(dropped), true)
  }
  return bytes
}

/** Flows and coverage of days of one sensor. */
function batchesOf(watcher: Watcher, number: number, sensor: FakeSensor, days: readonly number[], from: number): Uint8Array[] {
  const flows = days.flatMap((day_s) => knocks.filter(({ port }) => watcher.sees(port)).flatMap(({ port, protocol, src, packets }): FlowRow[] => {
    const count = packets((day_s - from) / DAY_S, number)
    return count <= 0 ? [] : [{ minute: day_s, src, dst_port: port, packets: count, ...(protocol === undefined ? {} : { protocol }) }]
  }))
  return days.length === 0 ? [] : [sensor.flows(flows), sensor.batch(batchKinds.sensor_minute, watched(days, watcher.dropped), days.length)]
}

/** Days of the quarter before that are played, and of the quarter. */
export const PLAYED = { before: 10, now: 31 } as const

/**
 * The last days of a quarter and the first of the next, which begins at `from` (seconds), as four simulated sensors saw
 * them; returns when it is queryable.
 */
export async function playTwoQuarters(real: RealNode, from: number): Promise<void> {
  const days = Array.from({ length: PLAYED.before + PLAYED.now }, (_, i) => from + (i - PLAYED.before) * DAY_S)
  for (const [number, watcher] of watchers.entries()) {
    const sensor = await real.enrolled(watcher.name)
    await real.send(sensor, batchesOf(watcher, number, sensor, days.filter((day_s) => watcher.watches((day_s - from) / DAY_S)), from))
  }
  await real.projected()
}
