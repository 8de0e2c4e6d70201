import { MINUTE_S } from '@hirundo/base'
import { isTcp, portOf } from '../core/port-key.ts'
import type { Slice } from '../core/slice.ts'
import { hash32, hashAddress } from './hash.ts'
import type { ManyPorts } from './many-ports.ts'

/** Whole range of the byte by which sources are drawn when there are too many rows. */
const ALL = 256
/** How far a sensor's watched seconds may lie from a whole minute: beyond it, it came, went, or its clock jumped. */
const watched_s = { min: 45, max: 75 } as const

/** Rows of a minute that count: SYNs to ports that are not busy, known research scanners apart. */
export interface MinuteRows {
  readonly minute: number
  readonly rows: number
  /** TCP port. */
  readonly port: Uint16Array
  readonly source: Float64Array
  readonly sensor: Uint32Array
  /** Hash of sensor and network that was hit. */
  readonly place: Uint32Array
  readonly packets: Uint32Array
  /** The /16, or −1: counts as evidence alone, since it is of a sweeper over ports or of IPv6. */
  readonly unit: Int32Array
  /** Of 256 parts of all /16, how many were kept; beyond `rows_minute_max` it shrinks. */
  readonly kept: number
  /** Packets by port where not all rows were kept. */
  readonly totals: ReadonlyMap<number, number> | undefined
  /** Sensors that watched all of it. */
  readonly watched: readonly number[]
}

export interface RecentOptions {
  readonly minutes_max: number
  readonly rows_minute_max: number
  readonly busy_ports: ReadonlySet<number>
}

/** The last minutes, row by row, in bounded memory. */
export class RecentMinutes {
  /** Rows that memory did not take. */
  shed = 0
  readonly #options: RecentOptions
  readonly #many: ManyPorts
  #minutes: MinuteRows[]

  constructor(options: RecentOptions, many: ManyPorts, saved: readonly MinuteRows[] = []) {
    this.#options = options
    this.#many = many
    this.#minutes = [...saved]
  }

  push({ minute, flows, watched }: Slice): void {
    this.#many.turn(minute)
    this.forget(minute + MINUTE_S)
    const { rows, many } = this.#choose(flows)
    const kept = rows.length > this.#options.rows_minute_max ? partOf(flows.source, rows, this.#options.rows_minute_max) : ALL
    this.#minutes.push({
      minute, kept, ...this.#columns(flows, rows, many, kept), totals: kept < ALL ? totalsOf(flows, rows) : undefined,
      watched: watched.filter(({ observed_s }) => observed_s >= watched_s.min && observed_s <= watched_s.max).map(({ sensor }) => sensor),
    })
  }

  /** Rows that count, and of each whether its source sweeps over ports. */
  #choose(flows: Slice['flows']): { readonly rows: number[]; readonly many: boolean[] } {
    const [rows, many]: [number[], boolean[]] = [[], []]
    for (let i = 0; i < flows.rows; i++) {
      if (flows.scan[i] === 0 || flows.research[i] !== 0 || !isTcp(flows.port[i]!)) continue
      const port = portOf(flows.port[i]!)
      const sweeps = this.#many.see(flows.source[i]!, port)
      if (this.#options.busy_ports.has(port)) continue
      rows.push(i)
      many.push(sweeps)
    }
    return { rows, many }
  }

  #columns(flows: Slice['flows'], rows: readonly number[], many: readonly boolean[], kept: number) {
    const of = rows.length
    const [port, source, sensor] = [new Uint16Array(of), new Float64Array(of), new Uint32Array(of)]
    const [place, packets, unit] = [new Uint32Array(of), new Uint32Array(of), new Int32Array(of)]
    let at = 0
    rows.forEach((i, n) => {
      if (kept < ALL && drawnSource(flows.source[i]!) >= kept) return
      port[at] = portOf(flows.port[i]!)
      source[at] = flows.source[i]!
      sensor[at] = flows.sensor[i]!
      place[at] = hash32(flows.sensor[i]!, flows.network[i]! >>> 0)
      packets[at] = flows.scan[i]!
      unit[at++] = many[n] ? -1 : unitOf(flows.source[i]!)
    })
    this.shed += of - at
    if (at === of) return { rows: of, port, source, sensor, place, packets, unit }
    return {
      rows: at, port: port.slice(0, at), source: source.slice(0, at), sensor: sensor.slice(0, at), place: place.slice(0, at),
      packets: packets.slice(0, at), unit: unit.slice(0, at),
    }
  }

  /** Lets go of what is older than the bound, seen from `now`. */
  forget(now: number): void {
    const first = now - this.#options.minutes_max * MINUTE_S
    if (this.#minutes.length > 0 && this.#minutes[0]!.minute < first) this.#minutes = this.#minutes.filter(({ minute }) => minute >= first)
  }

  /** Minutes of `from` ≤ minute < `to` that there are, in order. */
  between(from: number, to: number): readonly MinuteRows[] {
    return this.#minutes.filter(({ minute }) => minute >= from && minute < to)
  }

  save(): readonly MinuteRows[] {
    return this.#minutes
  }
}

const V4_ADDRESSES = 2 ** 32
const unitOf = (source: number): number => (source < V4_ADDRESSES ? source >>> 16 : -1)
/** The byte by which a /16 is kept as a whole or not at all. */
export const drawn = (unit: number): number => hash32(unit, 1) & 0xff
const drawnSource = (source: number): number => (source < V4_ADDRESSES ? drawn(source >>> 16) : hashAddress(source) & 0xff)

/** How many of 256 parts of the sources fit. */
function partOf(source: Float64Array, rows: readonly number[], rows_max: number): number {
  const by_byte = new Uint32Array(ALL)
  for (const i of rows) by_byte[drawnSource(source[i]!)]!++
  let [kept, sum] = [0, 0]
  while (kept < ALL && sum + by_byte[kept]! <= rows_max) sum += by_byte[kept++]!
  return kept
}

function totalsOf(flows: Slice['flows'], rows: readonly number[]): Map<number, number> {
  const totals = new Map<number, number>()
  for (const i of rows) {
    const port = portOf(flows.port[i]!)
    totals.set(port, (totals.get(port) ?? 0) + flows.scan[i]!)
  }
  return totals
}
