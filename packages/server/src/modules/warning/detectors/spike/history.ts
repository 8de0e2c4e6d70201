import type { PortBin } from '../core/port-bins.ts'
import { hasPort, type PortKey } from '../core/port-key.ts'
import { countOf } from '../numeric/counts.ts'
import { meanAndDeviation, MAD_NORMAL, median, quantile, sorted } from '../numeric/quantiles.ts'
import { Ring, type SavedRing } from '../series/ring.ts'
import { Slots, type SavedSlots } from '../series/slots.ts'
import type { SpikeParameters } from './parameters.ts'

const DAY_S = 86_400
const ALONE = 0
const GIVEN_UP_MAX = 0.25
const GROUPS = 32
const GROUPS_MIN = 9
const GROUP_EXPECTED_MIN = 20

export interface SavedDays {
  readonly slots: SavedSlots
  readonly sources: SavedRing
  readonly exposure: SavedRing
  readonly shed: number
}

/** What a day is held against. */
export interface Thresholds {
  readonly days: number
  readonly median: number
  readonly interquartile_range: number
  readonly mean: number
  readonly deviation: number
  /** Least number of sources that the publication's rule calls a spike. */
  readonly spike: number
  /** Least number for a notice. */
  readonly notice: number
}

/** Sources by day of the ports that are followed. */
export class PortDays {
  /** Ports that found no room, or were given up for busier ones. */
  shed: number
  readonly #parameters: SpikeParameters
  readonly #slots: Slots
  readonly #sources: Ring
  /** Sensor equivalents of each day; 0: a hole. */
  readonly #exposure: Ring

  constructor(parameters: SpikeParameters, saved?: SavedDays) {
    this.#parameters = parameters
    this.#slots = new Slots(parameters.ports_max, saved?.slots)
    this.#sources = new Ring(parameters.history_days_max, { saved: saved?.sources })
    this.#exposure = new Ring(parameters.history_days_max, { wide: true, saved: saved?.exposure })
    this.#exposure.grow(1)
    this.shed = saved?.shed ?? 0
  }

  get days(): number {
    return this.#known().length
  }

  /** Thresholds of a day on which so much is watched; `factor`: by which most ports are above their medians. */
  thresholds(port: PortKey, exposure: number, factor = 1): Thresholds {
    const { interquartile_ranges, deviations, mean_days, sources_min, notice } = this.#parameters
    const slot = this.#slots.get(port)
    // With more sensors than on a day before more came; with fewer the same may come: the missing ones may be the small ones.
    const values = this.#known().map((day) => (slot === undefined ? 0 : this.#sources.at(slot, day) * Math.max(1, exposure / this.#exposure.at(ALONE, day)) * factor))
    const all = sorted(values)
    const middle = quantile(all, 0.5)
    const interquartile_range = quantile(all, 0.75) - quantile(all, 0.25)
    const { mean, deviation } = meanAndDeviation(values.slice(-mean_days))
    const above = Math.max(middle + interquartile_ranges * interquartile_range, mean + deviations * deviation)
    const spread = middle > 0 ? MAD_NORMAL * median(all.map((one) => Math.abs(one - middle))) / middle : 0
    const dispersion = Math.max(notice.dispersion_min, spread ** 2) * (1 + 1 / Math.max(1, values.length))
    return {
      days: values.length, median: middle, interquartile_range, mean, deviation, spike: Math.max(sources_min, Math.floor(above) + 1),
      notice: Math.max(notice.sources_min, Math.ceil(notice.ratio_min * middle), countOf(notice.deviations_min, Math.max(middle, mean, 0.5), dispersion)),
    }
  }

  /** Factor, at least 1, by which most ports together are above their medians: sensors that joined, no news of a port. */
  common({ ports, sensor_equivalents }: PortBin): number {
    const seen = new Float64Array(GROUPS)
    const expected = new Float64Array(GROUPS)
    for (const [port] of this.#slots) {
      const group = Math.imul(port, 0x9e3779b1) >>> 27
      seen[group]! += ports.get(port)?.sources ?? 0
      expected[group]! += this.thresholds(port, sensor_equivalents).median
    }
    const ratios = [...seen].flatMap((one, i) => (expected[i]! >= GROUP_EXPECTED_MIN ? [one / expected[i]!] : []))
    return ratios.length < GROUPS_MIN ? 1 : Math.max(1, median(ratios))
  }

  /** Adds a day that was judged; a hole says nothing. */
  learn({ start, ports, sensor_equivalents }: PortBin, hole: boolean): void {
    const day = start / DAY_S
    this.#sources.advance(day)
    this.#exposure.advance(day)
    if (hole) return
    this.#exposure.set(ALONE, day, sensor_equivalents)
    this.#release(day)
    this.#follow(ports)
    for (const [port, slot] of this.#slots) this.#sources.set(slot, day, ports.get(port)?.sources ?? 0)
  }

  save(): SavedDays {
    return { slots: this.#slots.save(), sources: this.#sources.save(), exposure: this.#exposure.save(), shed: this.shed }
  }

  /** Days that were watched, the earliest first. */
  #known(): number[] {
    const days: number[] = []
    if (this.#exposure.newest === null) return days
    for (let day = this.#exposure.oldest; day <= this.#exposure.newest; day++) if (this.#exposure.at(ALONE, day) > 0) days.push(day)
    return days
  }

  #follow(ports: PortBin['ports']): void {
    const slots = this.#slots
    const wanted = [...ports].filter(([port, { sources }]) => hasPort(port) && sources >= this.#parameters.followed_from_sources && slots.get(port) === undefined)
      .toSorted(([a, one], [b, other]) => other.sources - one.sources || a - b)
    const free = this.#parameters.ports_max - slots.size
    if (wanted.length > free) this.#giveUp(wanted.length - free)
    for (const [port] of wanted) {
      if (slots.full) this.shed++
      else {
        const slot = slots.take(port)
        this.#sources.grow(slots.capacity)
        this.#sources.clear(slot)
      }
    }
  }

  /** Lets go of ports to which nobody much came for weeks: their days would count as 0. */
  #release(today: number): void {
    const { mean_days, followed_from_sources } = this.#parameters
    for (const [port, slot] of this.#slots) {
      let most = 0
      for (let day = today - mean_days; day < today; day++) most = Math.max(most, this.#sources.at(slot, day))
      if (most < followed_from_sources) this.#slots.drop(port)
    }
  }

  /** Gives up those with the least sources in the last weeks. */
  #giveUp(count: number): void {
    const recent = this.#known().slice(-this.#parameters.mean_days)
    const quiet = [...this.#slots].map(([port, slot]) => ({ port, sum: recent.reduce((sum, day) => sum + this.#sources.at(slot, day), 0) }))
      .toSorted((a, b) => a.sum - b.sum || a.port - b.port)
    for (const { port } of quiet.slice(0, Math.min(count, Math.ceil(this.#parameters.ports_max * GIVEN_UP_MAX)))) {
      this.#slots.drop(port)
      this.shed++
    }
  }
}
