import type { Comparable, WindowShape } from './comparable.ts'
import { drawn, type MinuteRows } from './recent-minutes.ts'

const PORTS = 1 << 16
const UNITS = 1 << 16

/** Packets of one port by /16 and sample. Valid until the next port is looked at. */
export interface PortCounts {
  readonly port: number
  /** The first 16 bits of addresses, in no order. */
  readonly units: readonly number[]
  readonly samples: number
  /** Row u is of `units[u]`, with a column for each sample. May be longer than it is filled. */
  readonly counts: Uint32Array
  /** Indices of `counts` that are not 0: few of all, for most sources come seldom. */
  readonly filled: readonly number[]
}

/** Groups the rows of a window by port; its tables are used again in each slot. */
export class PortGrouper {
  /** Where the rows of a port begin once they are sorted. */
  readonly #first = new Uint32Array(PORTS + 1)
  readonly #index_of_unit = new Int32Array(UNITS).fill(-1)
  #read = new Columns(0)
  #sorted = new Columns(0)
  #counts = new Uint32Array(0)

  /** Sources of each port: its /16, or of those that have fewer than `units_min` rows, which are not looked at, the rows. Valid until the next window. */
  readonly sources = new Uint32Array(PORTS)

  /** Calls with each port that has at least `units_min` /16 in the window, lowest first. */
  each(minutes: readonly MinuteRows[], shape: WindowShape, { starts, sensors }: Comparable, units_min: number, see: (counts: PortCounts) => void): void {
    const samples = new Map(starts.map((start, i) => [start, i]))
    const begin = shape.end - shape.samples * shape.sample_s
    const used = minutes.flatMap((rows) => {
      const sample = samples.get(rows.minute - ((rows.minute - begin) % shape.sample_s))
      return sample === undefined ? [] : [{ rows, sample }]
    })
    this.#sort(this.#take(used, sensors))
    for (let port = 0; port < PORTS; port++) {
      const rows = this.#first[port + 1]! - this.#first[port]!
      this.sources[port] = rows
      if (rows < units_min) continue
      const counts = this.#count(port, starts.length)
      this.sources[port] = counts.units.length
      if (counts.units.length >= units_min) see(counts)
      for (const cell of counts.filled) this.#counts[cell] = 0
    }
  }

  /**
   * Rows of comparable sensors, each with its sample; how many. Of /16 only those stay that were kept in all minutes: the
   * others would seem to be silent in some.
   */
  #take(used: readonly { readonly rows: MinuteRows; readonly sample: number }[], sensors: ReadonlySet<number>): number {
    const kept = Math.min(...used.map(({ rows }) => rows.kept))
    const most = used.reduce((sum, { rows }) => sum + rows.rows, 0)
    if (most > this.#read.size) {
      this.#read = new Columns(Math.ceil(most * 1.5))
      this.#sorted = new Columns(Math.ceil(most * 1.5))
    }
    const read = this.#read
    let taken = 0
    for (const { rows, sample } of used) {
      for (let i = 0; i < rows.rows; i++) {
        const unit = rows.unit[i]!
        if (unit < 0 || !sensors.has(rows.sensor[i]!) || (kept < 256 && drawn(unit) >= kept)) continue
        read.port[taken] = rows.port[i]!
        read.unit[taken] = unit
        read.sample[taken] = sample
        read.packets[taken++] = rows.packets[i]!
      }
    }
    return taken
  }

  /** Counting sort by port. */
  #sort(rows: number): void {
    const [read, sorted, first] = [this.#read, this.#sorted, this.#first]
    first.fill(0)
    for (let i = 0; i < rows; i++) first[read.port[i]! + 1]!++
    for (let port = 0; port < PORTS; port++) first[port + 1]! += first[port]!
    const at = first.slice()
    for (let i = 0; i < rows; i++) {
      const to = at[read.port[i]!]!++
      sorted.unit[to] = read.unit[i]!
      sorted.sample[to] = read.sample[i]!
      sorted.packets[to] = read.packets[i]!
    }
  }

  #count(port: number, samples: number): PortCounts {
    const [from, to] = [this.#first[port]!, this.#first[port + 1]!]
    const { unit, sample, packets } = this.#sorted
    const [units, filled]: [number[], number[]] = [[], []]
    if ((to - from) * samples > this.#counts.length) this.#counts = new Uint32Array((to - from) * samples)
    const counts = this.#counts
    for (let at = from; at < to; at++) {
      let index = this.#index_of_unit[unit[at]!]!
      if (index === -1) {
        index = this.#index_of_unit[unit[at]!] = units.length
        units.push(unit[at]!)
      }
      const cell = index * samples + sample[at]!
      if (counts[cell] === 0) filled.push(cell)
      counts[cell]! += packets[at]!
    }
    for (const one of units) this.#index_of_unit[one] = -1
    return { port, units, counts, samples, filled }
  }
}

class Columns {
  readonly size: number
  readonly port: Uint16Array
  readonly unit: Uint16Array
  readonly sample: Uint8Array
  readonly packets: Uint32Array

  constructor(size: number) {
    this.size = size
    this.port = new Uint16Array(size)
    this.unit = new Uint16Array(size)
    this.sample = new Uint8Array(size)
    this.packets = new Uint32Array(size)
  }
}
