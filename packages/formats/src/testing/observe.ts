import { formatAddress, type Cidr, type Result } from '@hirundo/base'
import { Observer } from '../observer.ts'
import type { MinuteCounters, ObserverOptions } from '../observer-model.ts'
import { backscatterLayout, flowLayout, synSampleLayout, type RowLayout } from '../row-layout.ts'
import type { NaiveRow } from './naive.ts'

/** An observer whose output is kept as objects. */
export class Observed {
  readonly flows: NaiveRow[] = []
  readonly backscatter: NaiveRow[] = []
  readonly samples: NaiveRow[] = []
  readonly minutes: MinuteCounters[] = []
  readonly observer: Observer

  constructor(options: Partial<ObserverOptions> = {}) {
    const destinations: readonly Cidr[] = []
    const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (i * 37 + 11) & 0xff)
    this.observer = new Observer(
      { destinations, interval_s: 60, flows_max: 1e6, syn_samples_per_minute_max: 100, random, ...options },
      {
        flows: (rows, count) => this.flows.push(...rowsOf(flowLayout, rows, count)),
        backscatter: (rows, count) => this.backscatter.push(...rowsOf(backscatterLayout, rows, count)),
        synSamples: (rows, count) => this.samples.push(...rowsOf(synSampleLayout, rows, count)),
        minute: (counters) => this.minutes.push(counters),
      },
    )
  }

  /** Reads a capture in the chunks given by their ends, then flushes. */
  read(capture: Uint8Array, cuts: readonly number[] = []): Result<void> {
    const stream = this.observer.openCapture('test')
    let from = 0
    for (const to of [...cuts].sort((a, b) => a - b)) {
      stream.push(capture.subarray(from, to))
      from = to
    }
    stream.push(capture.subarray(from))
    const result = stream.end()
    this.observer.flush()
    return result
  }
}

function rowsOf(layout: RowLayout, rows: Uint8Array, count: number): NaiveRow[] {
  if (rows.length !== count * layout.row_bytes) throw new Error('rows and count differ')
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(layout.columns.map(({ name, type }) => {
      const at = row * layout.row_bytes + layout.offset[name]!
      switch (type) {
        case 'IPv6': return [name, formatAddress(rows, at)]
        case 'UInt8': return [name, view.getUint8(at)]
        case 'UInt16': return [name, view.getUint16(at, true)]
        case 'Int16': return [name, view.getInt16(at, true)]
        case 'Int32': return [name, view.getInt32(at, true)]
        case 'UInt64': return [name, Number(view.getBigUint64(at, true))]
        default: return [name, view.getUint32(at, true)]
      }
    })),
  )
}
