import { hasPort, type PortKey } from '../core/port-key.ts'
import type { PortCounts } from '../core/port-bins.ts'
import { median, quantile, robust } from '../numeric/quantiles.ts'
import { Ring, type SavedRing } from './ring.ts'
import { Slots, type SavedSlots } from './slots.ts'

export interface HistoryBounds {
  readonly ports_max: number
  readonly days: number
  /** Least dispersion of a port: few days look steadier than many are. */
  readonly dispersion_min: number
}

export interface SavedHistory {
  readonly slots: SavedSlots
  readonly sources: SavedRing
  readonly exposure: SavedRing
  readonly expected: SavedRing
  readonly all: SavedRing
  readonly rates: Float64Array
  readonly dispersions: Float64Array
  readonly pooled: number
}

/** What is usual for a port at an hour of the day. */
export interface Usual {
  /** Sources in a bin for each sensor equivalent. */
  readonly rate: number
  /** Variance of a count beyond Poisson's, by its squared mean; holds what is not known of the rate too. */
  readonly dispersion: number
}

interface Season { readonly watched: number; readonly profile: number }

const HOUR_S = 3600
const DAY_H = 24
/** From this many counts in an hour the median stands for the rate; of fewer it would often be 0. */
const busy_min = 5
/** Counts by which the mean over all hours weighs in against those of one hour of the day. */
const PRIOR_COUNTS = 5
/** Days by which the dispersion of all ports weighs in against that of one. */
const PRIOR_DAYS = 4
const DISPERSION_FIRST = 0.1
const PROFILE_MIN = 0.5
const PROFILE_MAX = 2
const GROUPS = 32
const GROUPS_MIN = 9
const GROUP_EXPECTED_MIN = 5
const ALONE = 0

/**
 * Hourly sums of sources of the ports that are followed, over some days, and what is usual of them by hour of the day: the
 * median of the same hour and its two neighbours on the days before, its spread by the median absolute deviation. Means per
 * sensor equivalent; hours that nobody watched say nothing.
 */
export class PortHistory {
  readonly slots: Slots
  readonly #sources: Ring
  /** One series each: how much was watched, what rates are multiplied with, and sources of all ports. */
  readonly #exposure: Ring
  readonly #expected: Ring
  readonly #all: Ring
  /** Of the open hour, by slot. */
  #rates: Float64Array
  #dispersions: Float64Array
  #pooled: number
  readonly #dispersion_min: number
  /** Of the open hour: nothing in it changes what was before. */
  readonly #seasons = new Map<number, Season>()

  constructor({ ports_max, days, dispersion_min }: HistoryBounds, saved?: SavedHistory) {
    this.#dispersion_min = dispersion_min
    this.slots = new Slots(ports_max, saved?.slots)
    this.#sources = new Ring(days * DAY_H, { saved: saved?.sources })
    this.#exposure = new Ring(days * DAY_H, { wide: true, saved: saved?.exposure })
    this.#expected = new Ring(days * DAY_H, { wide: true, saved: saved?.expected })
    this.#all = new Ring(days * DAY_H, { wide: true, saved: saved?.all })
    for (const ring of [this.#exposure, this.#expected, this.#all]) ring.grow(1)
    this.#rates = saved?.rates.slice() ?? new Float64Array(0)
    this.#dispersions = saved?.dispersions.slice() ?? new Float64Array(0)
    this.#pooled = saved?.pooled ?? DISPERSION_FIRST
  }

  /** Hour of the last bin. */
  get hour(): number {
    return this.#sources.newest ?? 0
  }

  /** Days of which there is anything to compare with. */
  get days(): number {
    let hours = 0
    for (let hour = this.#exposure.oldest; hour < this.hour; hour++) if (this.#exposure.at(ALONE, hour) > 0) hours++
    return hours / DAY_H
  }

  /** Goes on to the hour of a bin; what is usual in it is known then. */
  open(start: number): void {
    const hour = Math.floor(start / HOUR_S)
    if (this.#sources.newest !== null && hour <= this.#sources.newest) return
    for (const ring of [this.#sources, this.#exposure, this.#expected, this.#all]) ring.advance(hour)
    this.#seasons.clear()
    this.#renew()
  }

  /** Learns a bin that is no hole: what was watched, and what rates are multiplied with to be compared with it. */
  add(ports: ReadonlyMap<PortKey, PortCounts>, exposure: number, expected: number): void {
    this.#exposure.add(ALONE, exposure)
    this.#expected.add(ALONE, expected)
    let all = 0
    for (const [port, { sources }] of ports) {
      if (!hasPort(port)) continue
      all += sources
      const slot = this.slots.get(port)
      if (slot !== undefined) this.#sources.add(slot, sources)
    }
    this.#all.add(ALONE, all)
  }

  /** Follows a port from now on; its past is taken to have been at this rate. There must be room. */
  admit(port: PortKey, rate: number): number {
    const slot = this.slots.take(port)
    this.#room()
    this.#sources.clear(slot)
    for (let hour = this.#sources.oldest; hour < this.hour; hour++) this.#sources.set(slot, hour, rate * this.#exposure.at(ALONE, hour))
    this.#rates[slot] = rate
    this.#dispersions[slot] = this.#spread(this.#pooled, 0, this.days, rate * this.#season(this.hour, this.hour).watched)
    return slot
  }

  /** What is usual in the open hour. */
  usual(slot: number): Usual {
    return { rate: this.#rates[slot]!, dispersion: this.#dispersions[slot]! }
  }

  /** What was usual at an hour of the day before the hour `before`. */
  usualAt(slot: number, hour: number, before: number): Usual {
    const { rate, own, days, counts } = this.#estimate(slot, hour, before)
    return { rate, dispersion: this.#spread(own ?? this.#pooled, own === undefined ? 0 : days, days, counts) }
  }

  sumAt(slot: number, hour: number): number {
    return this.#sources.at(slot, hour)
  }

  expectedAt(hour: number): number {
    return this.#expected.at(ALONE, hour)
  }

  /**
   * The last whole hours, the open one the last, against the same hours of the day before: longer stretches scatter less, and
   * their dispersion is their own. `mean` is what was expected, `seen` what came.
   */
  over(slot: number, hours: number): { readonly seen: number; readonly mean: number; readonly dispersion: number } {
    const first = this.hour - hours + 1
    const sumOf = (from: number, of: (hour: number) => number): number => {
      let sum = 0
      for (let hour = from; hour < from + hours; hour++) sum += of(hour)
      return sum
    }
    const seen = sumOf(first, (hour) => this.#sources.at(slot, hour))
    const expected = sumOf(first, (hour) => this.expectedAt(hour))
    const rates: number[] = []
    let counts = 0
    let watched = 0
    for (let from = first - DAY_H; from > this.#sources.oldest; from -= DAY_H) {
      const exposure = sumOf(from, (hour) => this.#exposure.at(ALONE, hour))
      if (exposure <= 0) continue
      const sum = sumOf(from, (hour) => this.#sources.at(slot, hour))
      counts += sum
      watched += exposure
      rates.push(sum / exposure)
    }
    if (rates.length === 0 || counts / rates.length < busy_min) {
      const level = this.#level(slot, first)
      const rate = (counts + PRIOR_COUNTS) / (watched + PRIOR_COUNTS / level)
      return { seen, mean: rate * expected, dispersion: this.#spread(this.#pooled, 0, rates.length, counts) }
    }
    const { median: rate, deviation } = robust(rates)
    const own = Math.max(0, (deviation / rate) ** 2 - rates.length / (watched * rate))
    return { seen, mean: rate * expected, dispersion: this.#spread(own, rates.length, rates.length, counts) }
  }

  /** Dispersion of all ports. */
  get pooled(): number {
    return this.#pooled
  }

  /**
   * Factor, at least 1, by which most ports together are above what is usual: sensors that joined or came back see more of all
   * ports, and that is news of no port. The median over groups of ports, so that a few ports do not move it.
   */
  common(ports: ReadonlyMap<PortKey, PortCounts>, exposure: number): number {
    const seen = new Float64Array(GROUPS)
    const expected = new Float64Array(GROUPS)
    for (const [port, slot] of this.slots) {
      const group = Math.imul(port, 0x9e3779b1) >>> 27
      seen[group]! += ports.get(port)?.sources ?? 0
      expected[group]! += this.#rates[slot]! * exposure
    }
    const ratios = [...seen].flatMap((one, i) => (expected[i]! >= GROUP_EXPECTED_MIN ? [one / expected[i]!] : []))
    return ratios.length < GROUPS_MIN ? 1 : Math.max(1, median(ratios))
  }

  save(): SavedHistory {
    return {
      slots: this.slots.save(), sources: this.#sources.save(), exposure: this.#exposure.save(), expected: this.#expected.save(), all: this.#all.save(),
      rates: this.#rates.slice(), dispersions: this.#dispersions.slice(), pooled: this.#pooled,
    }
  }

  #renew(): void {
    const found = [...this.slots].map(([, slot]) => ({ slot, ...this.#estimate(slot, this.hour, this.hour) }))
    const own = Float64Array.from(found.flatMap((one) => (one.own === undefined ? [] : [one.own]))).sort()
    if (own.length > 0) this.#pooled = Math.max(this.#dispersion_min, quantile(own, 0.5))
    for (const { slot, rate, own, days, counts } of found) {
      this.#rates[slot] = rate
      this.#dispersions[slot] = this.#spread(own ?? this.#pooled, own === undefined ? 0 : days, days, counts)
    }
  }

  /** Dispersion of a port, drawn towards that of all, and what a rate from few days and counts leaves open. */
  #spread(own: number, own_days: number, days: number, counts: number): number {
    const mixed = (own * own_days + this.#pooled * PRIOR_DAYS) / (own_days + PRIOR_DAYS)
    return Math.max(this.#dispersion_min, mixed) * (1 + 1 / Math.max(1, days)) + 1 / (counts + 1)
  }

  /** Rate at an hour of the day from the days before; `own`: the port's dispersion, where counts are large enough to tell. */
  #estimate(slot: number, hour: number, before: number): { readonly rate: number; readonly own: number | undefined; readonly days: number; readonly counts: number } {
    const rates: number[] = []
    let counts = 0
    let watched = 0
    for (let day = hour - DAY_H; day > this.#sources.oldest; day -= DAY_H) {
      for (let one = day - 1; one <= day + 1; one++) {
        const exposure = one < before ? this.#exposure.at(ALONE, one) : 0
        if (exposure <= 0) continue
        const sum = this.#sources.at(slot, one)
        counts += sum
        watched += exposure
        rates.push(sum / exposure)
      }
    }
    const days = rates.length / 3
    if (rates.length > 0 && counts / rates.length >= busy_min) {
      const { median: rate, deviation } = robust(rates)
      const poisson = watched / rates.length * rate
      if (rate > 0) return { rate, own: Math.max(0, (deviation / rate) ** 2 - 1 / poisson), days, counts }
    }
    const level = this.#level(slot, before) * this.#season(hour, before).profile
    return { rate: (counts + PRIOR_COUNTS) / (watched + PRIOR_COUNTS / level), own: undefined, days, counts }
  }

  /** Mean rate over all hours before one; never 0. */
  #level(slot: number, before: number): number {
    let counts = 0.5
    for (let one = this.#sources.oldest; one < before; one++) counts += this.#sources.at(slot, one)
    return counts / Math.max(1, this.#season(before, before).watched)
  }

  /** How much was watched before an hour, and all ports at an hour of the day against their mean over the day. */
  #season(hour: number, before: number): Season {
    const key = before * DAY_H + (hour % DAY_H)
    const known = this.#seasons.get(key)
    if (known) return known
    let [sum, watched, sum_here, watched_here] = [0, 0, 0, 0]
    for (let one = this.#all.oldest; one < before; one++) {
      const [sources, exposure] = [this.#all.at(ALONE, one), this.#exposure.at(ALONE, one)]
      sum += sources
      watched += exposure
      if ((one - hour) % DAY_H !== 0) continue
      sum_here += sources
      watched_here += exposure
    }
    const ratio = sum > 0 && sum_here > 0 ? (sum_here / watched_here) / (sum / watched) : 1
    const season = { watched, profile: Math.min(PROFILE_MAX, Math.max(PROFILE_MIN, ratio)) }
    this.#seasons.set(key, season)
    return season
  }

  #room(): void {
    const { capacity } = this.slots
    this.#sources.grow(capacity)
    if (this.#rates.length >= capacity) return
    const [rates, dispersions] = [new Float64Array(capacity), new Float64Array(capacity)]
    rates.set(this.#rates)
    dispersions.set(this.#dispersions)
    this.#rates = rates
    this.#dispersions = dispersions
  }
}
