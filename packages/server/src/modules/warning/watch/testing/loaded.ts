import { windowLayouts } from '@hirundo/analytics/windows'
import { parseAddress, unwrap } from '@hirundo/base'
import type { Loaded } from '../reader.ts'

export interface TestRow {
  readonly minute: number
  readonly src: string
  readonly port: number
  readonly packets?: number
}

/** Flow rows of sensor 1 as the store gives them, with the summary of each minute. */
export function loadedOf(from: number, to: number, rows: readonly TestRow[]): Loaded {
  const { row_bytes, offset } = windowLayouts.flow
  const bytes = new Uint8Array(rows.length * row_bytes)
  const view = new DataView(bytes.buffer)
  rows.forEach(({ minute, src, port, packets = 1 }, i) => {
    const at = (name: string): number => i * row_bytes + offset[name]!
    view.setUint32(at('minute'), minute, true)
    view.setUint32(at('sensor'), 1, true)
    bytes.set(unwrap(parseAddress(src)), at('src'))
    bytes.set(unwrap(parseAddress('198.51.100.0')), at('dst_net'))
    view.setInt32(at('dst_port'), port, true)
    view.setInt16(at('icmp_type'), -1, true)
    view.setInt16(at('icmp_code'), -1, true)
    for (const name of ['packets', 'scan']) view.setUint32(at(name), packets, true)
    bytes[at('protocol')] = 6
  })
  const summary = windowLayouts.sensor_minute
  const minutes = Array.from({ length: (to - from) / 60 }, (_, i) => from + i * 60)
  const watched = new Uint8Array(minutes.length * summary.row_bytes)
  const watchedView = new DataView(watched.buffer)
  minutes.forEach((minute, i) => {
    watchedView.setUint32(i * summary.row_bytes + summary.offset['minute']!, minute, true)
    watchedView.setUint32(i * summary.row_bytes + summary.offset['sensor']!, 1, true)
    watchedView.setUint32(i * summary.row_bytes + summary.offset['observed_s']!, 60, true)
  })
  return { from, to, pages: [{ table: 'flow', bytes }, { table: 'sensor_minute', bytes: watched }], heard: [], shed: { rows: 0, interactions: 0 } }
}
