import type { PortBin, PortCounts } from './port-bins.ts'
import { PORT_KEYS, type PortKey } from './port-key.ts'
import type { Slice } from './slice.ts'
import { SourcesByPort } from './sources-by-port.ts'
import { SumTable, type SavedTable } from './sum-table.ts'

/** Pairs of a source and a port that are told apart exactly; beyond it counts of sources are estimates. */
export const bin_pairs_max = 1 << 20
export const day_pairs_max = 11 << 20
/** Pairs of a sensor and a port. */
const sensor_pairs_max = 1 << 20

export interface SavedBinner {
  readonly start: number | null
  readonly pairs: SavedTable
  readonly by_sensor: SavedTable
  readonly watched: readonly (readonly [number, number])[]
}

/** Adds up minutes to bins of ten minutes or days, by destination port; known research scanners are left out. */
export class PortBinner {
  readonly step_s: number
  readonly #pairs_max: number
  readonly #seed: number
  /** Of the open bin; null: none is open. */
  start: number | null = null
  #pairs: SumTable
  #by_sensor: SumTable
  #watched = new Map<number, number>()

  constructor(step_s: number, pairs_max: number, seed: number, saved?: SavedBinner) {
    this.step_s = step_s
    this.#pairs_max = pairs_max
    this.#seed = seed
    this.start = saved?.start ?? null
    this.#pairs = new SumTable(pairs_max, seed, saved?.pairs, true)
    this.#by_sensor = new SumTable(sensor_pairs_max, seed, saved?.by_sensor)
    this.#watched = new Map(saved?.watched)
  }

  /** The slice must lie in the open bin, or in a later one when none is open. */
  add({ minute, flows, watched }: Slice): void {
    this.start ??= Math.floor(minute / this.step_s) * this.step_s
    const pairs = this.#pairs
    const by_sensor = this.#by_sensor
    for (let i = 0; i < flows.rows; i++) {
      const packets = flows.scan[i]!
      if (packets === 0 || flows.research[i] === 1) continue
      const port = flows.port[i]!
      pairs.add(flows.source[i]! * PORT_KEYS + port, packets)
      by_sensor.add(flows.sensor[i]! * PORT_KEYS + port, packets)
    }
    for (const { sensor, observed_s } of watched) this.#watched.set(sensor, (this.#watched.get(sensor) ?? 0) + observed_s)
  }

  /** Closes the open bin; what comes next opens another. The bin is readable until then. */
  close(): PortBin {
    const { start, step_s } = this
    if (start === null) throw new Error('no bin is open')
    const pairs = this.#pairs
    const sources = new SourcesByPort(pairs)
    const bin: PortBin = {
      start, step_s, exact: pairs.level === 0, sensors: this.#watched.size,
      sensor_equivalents: [...this.#watched.values()].reduce((sum, seconds) => sum + seconds, 0) / step_s,
      ports: countPorts(pairs, this.#by_sensor), sourcesOf: (port, limit) => sources.of(port, limit),
    }
    this.start = null
    this.#pairs = new SumTable(this.#pairs_max, this.#seed, undefined, true)
    this.#by_sensor = new SumTable(sensor_pairs_max, this.#seed)
    this.#watched = new Map()
    return bin
  }

  save(): SavedBinner {
    return { start: this.start, pairs: this.#pairs.save(), by_sensor: this.#by_sensor.save(), watched: [...this.#watched] }
  }
}

interface Tally { packets: number; sources: number; sensors: number; source_max: number; sensor_max: number }

/** Packets come from the table of sensors, which stays exact far longer than that of sources. */
function countPorts(pairs: SumTable, by_sensor: SumTable): ReadonlyMap<PortKey, PortCounts> {
  const tallies = new Map<PortKey, Tally>()
  const of = (key: number): Tally => {
    const port = key % PORT_KEYS
    let tally = tallies.get(port)
    if (!tally) tallies.set(port, (tally = { packets: 0, sources: 0, sensors: 0, source_max: 0, sensor_max: 0 }))
    return tally
  }
  by_sensor.each((key, packets) => {
    const tally = of(key)
    tally.packets += packets * by_sensor.weight
    tally.sensors += by_sensor.weight
    tally.sensor_max = Math.max(tally.sensor_max, packets)
  })
  pairs.each((key, packets) => {
    const tally = of(key)
    tally.sources += pairs.weight
    tally.source_max = Math.max(tally.source_max, packets)
  })
  return new Map([...tallies].map(([port, { packets, sources, sensors, source_max, sensor_max }]) => [port, {
    packets, sources, sensors, source_share_max: share(source_max, packets), sensor_share_max: share(sensor_max, packets),
  }]))
}

const share = (part: number, whole: number): number => (whole > 0 ? Math.min(1, part / whole) : 0)
