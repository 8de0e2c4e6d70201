import { batchKinds, sensorMinuteLayout } from '@hirundo/formats'
import type { RealNode } from '../../observatory/testing/real-node.ts'
import type { FakeSensor, FlowRow } from '../../observatory/testing/sensor.ts'
import { quarterBefore, reportedAt, type Quarter } from '../quarter.ts'

const DAY_S = 86_400
const HOUR_S = 3600

export interface Played {
  readonly quarter: Quarter
  /** Midnight at which the quarter begins, in seconds. */
  readonly from: number
}

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
  { name: 'south-ixp', watches: (day) => day < 40 || day >= 49, sees: () => true, dropped: 0 },
  { name: 'west-isp', watches: (day) => day >= 20, sees: (port) => port !== 22, dropped: 0 },
]

function hours(day_s: number, dropped: number): Uint8Array {
  const bytes = new Uint8Array(24 * sensorMinuteLayout.row_bytes)
  const view = new DataView(bytes.buffer)
  for (let hour = 0; hour < 24; hour++) {
    const at = (name: string) => hour * sensorMinuteLayout.row_bytes + sensorMinuteLayout.offset[name]!
    view.setUint32(at('minute'), day_s + hour * HOUR_S, true)
    view.setUint32(at('observed_s'), HOUR_S, true)
    view.setBigUint64(at('dropped'), BigInt(hour === 0 ? dropped : 0), true)
  }
  return bytes
}

function dayOf(watcher: Watcher, number: number, sensor: FakeSensor, day: number, day_s: number): Uint8Array[] {
  const flows = knocks.filter(({ port }) => watcher.sees(port)).flatMap(({ port, protocol, src, packets }): FlowRow[] => {
    const all = packets(day, number)
    // Twice a day, so that hours differ.
    return all <= 0 ? [] : [6, 18].map((hour) => ({ minute: day_s + hour * HOUR_S, src, dst_port: port, packets: Math.ceil(all / 2), ...(protocol === undefined ? {} : { protocol }) }))
  })
  return [sensor.flows(flows), sensor.batch(batchKinds.sensor_minute, hours(day_s, watcher.dropped), 24)]
}

/** The last full quarter and the one before, as four simulated sensors saw them; returns when it is queryable. */
export async function playTwoQuarters(real: RealNode, quarter: Quarter): Promise<Played> {
  const begin = (of: Quarter) => Date.UTC(of.year, (of.quarter - 1) * 3, 1) / 1000
  const reported = reportedAt(quarter, Date.UTC(quarter.year, quarter.quarter * 3, 2))
  if (!reported.ok) throw new Error('the quarter has ended')
  const { from, to } = reported.value.now
  for (const [number, watcher] of watchers.entries()) {
    const sensor = await real.enrolled(watcher.name)
    let batches: Uint8Array[] = []
    for (let day_s = begin(quarterBefore(quarter)); day_s < to; day_s += DAY_S) {
      const day = (day_s - from) / DAY_S
      if (watcher.watches(day)) batches.push(...dayOf(watcher, number, sensor, day, day_s))
      if (batches.length < 60 && day_s + DAY_S < to) continue
      await real.send(sensor, batches)
      batches = []
    }
  }
  await real.projected()
  return { quarter, from }
}
