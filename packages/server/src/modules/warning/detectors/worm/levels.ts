import type { PortBin } from '../core/port-bins.ts'
import { hasPort, type PortKey } from '../core/port-key.ts'
import { surprise } from '../numeric/counts.ts'
import type { Window } from '../numeric/growth.ts'
import { PortHistory, type SavedHistory } from '../series/port-history.ts'
import { PortSums, type SavedSums } from '../series/port-sums.ts'
import { Ring, type SavedRing } from '../series/ring.ts'
import type { Watched } from '../series/watching.ts'
import type { Scale, WormParameters } from './parameters.ts'

const BIN_S = 600
const HOUR_BINS = 6
const DAY_H = 24
const DAY_BINS = 144
const ALONE = 0
const GIVEN_UP_MAX = 0.25

/** Scales whose counts are kept by bin; of the others by hour. */
export const byBins = ({ stretch_bins, stretches }: Scale): boolean => stretch_bins * stretches <= DAY_BINS

export interface SavedLevels {
  readonly history: SavedHistory
  readonly sums: SavedSums
  readonly bins: SavedRing
  readonly expected: SavedRing
  readonly shed: number
}

/** Counts of a port over the stretches of a scale, and what was usual of them before the scale began. */
export interface Fitted extends Window {
  /** Dispersion of the baseline at the end. */
  readonly dispersion: number
}

/** Sources by port over the scales: sums that forget for all ports, counts by bin and hour for those that are followed. */
export class WormLevels {
  /** Ports that found no room, or were given up for busier ones. */
  shed: number
  readonly #parameters: WormParameters
  readonly #history: PortHistory
  /** A memory of half a scale for each scale, then a day, then the baseline. */
  readonly #sums: PortSums
  readonly #day: number
  readonly #long: number
  readonly #bins: Ring
  readonly #expected: Ring

  constructor(parameters: WormParameters, saved?: SavedLevels) {
    const { scales, ports_max, baseline_days, dispersion_min } = parameters
    this.#parameters = parameters
    this.#history = new PortHistory({ ports_max, days: baseline_days, dispersion_min }, saved?.history)
    this.#sums = new PortSums([...scales.map(({ stretch_bins, stretches }) => (stretch_bins * stretches) / 2), DAY_BINS, baseline_days * DAY_BINS], saved?.sums)
    this.#day = scales.length
    this.#long = scales.length + 1
    const width = Math.max(...scales.filter(byBins).map(({ stretch_bins, stretches }) => stretch_bins * stretches))
    this.#bins = new Ring(width, { saved: saved?.bins })
    this.#expected = new Ring(width, { wide: true, saved: saved?.expected })
    this.#expected.grow(1)
    this.shed = saved?.shed ?? 0
  }

  get days(): number {
    return this.#history.days
  }

  open(start: number): void {
    this.#history.open(start)
    this.#bins.advance(start / BIN_S)
    this.#expected.advance(start / BIN_S)
  }

  /** Takes a bin that is no hole. `stays`: must not be given up; `gone`: was. */
  take({ start, ports }: PortBin, watched: Watched, stays: (port: PortKey) => boolean, gone: (port: PortKey) => void): void {
    const expected = watched.expected * this.#history.common(ports, watched.expected)
    this.#expected.set(ALONE, start / BIN_S, expected)
    this.#sums.next(this.#parameters.scales.map(() => expected).concat(watched.exposure, watched.exposure))
    for (const [port, { sources }] of ports) if (hasPort(port)) this.#sums.add(port, sources)
    this.#follow(ports, stays, gone)
    for (const [port, slot] of this.#history.slots) {
      const sources = ports.get(port)?.sources
      if (sources !== undefined) this.#bins.add(slot, sources)
    }
    this.#history.add(ports, watched.exposure, expected)
  }

  /** How far the last part of each scale lies above the long mean, at most: cheap, and asked of every port that anything came to. */
  excess(port: PortKey, scale: number): number {
    const expected = this.#rate(port) * this.#sums.exposure(scale)
    return surprise(this.#sums.sum(port, scale), expected, this.#history.pooled)
  }

  /** Counts over a scale that ends with the last bin; undefined for a port that is not followed. */
  window(port: PortKey, scale: Scale): Fitted | undefined {
    const slot = this.#history.slots.get(port)
    if (slot === undefined) return undefined
    const { stretch_bins, stretches } = scale
    const before = this.#history.hour - Math.ceil((stretch_bins * stretches) / HOUR_BINS) + 1
    const usual = Array.from({ length: DAY_H }, (_, hour) => this.#history.usualAt(slot, hour + DAY_H * Math.floor((before + DAY_H) / DAY_H), before))
    const rateAt = (hour: number): number => usual[hour % DAY_H]!.rate
    const [counts, expected, exposure] = [new Float64Array(stretches), new Float64Array(stretches), new Float64Array(stretches)]
    const add = (i: number, sources: number, watched: number, hour: number): void => {
      counts[i]! += sources
      expected[i]! += watched * rateAt(hour)
      exposure[i]! += watched
    }
    if (byBins(scale)) {
      for (let back = 0; back < stretches * stretch_bins; back++) {
        const bin = this.#bins.newest! - back
        add(stretches - 1 - Math.floor(back / stretch_bins), this.#bins.at(slot, bin), this.#expected.at(ALONE, bin), Math.floor(bin / HOUR_BINS))
      }
    } else {
      const hours = stretch_bins / HOUR_BINS
      for (let back = 0; back < stretches * hours; back++) {
        const hour = this.#history.hour - back
        add(stretches - 1 - Math.floor(back / hours), this.#history.sumAt(slot, hour), this.#history.expectedAt(hour), hour)
      }
    }
    const typical = Math.max(...exposure)
    for (let i = 0; i < stretches; i++) exposure[i]! /= typical > 0 ? typical : 1
    return { counts, expected, exposure, dispersion: usual[this.#history.hour % DAY_H]!.dispersion }
  }

  /** Lets go of ports that nearly nobody comes to any more; asked once an hour. */
  release(stays: (port: PortKey) => boolean): void {
    for (const [port] of this.#history.slots) if (!stays(port) && this.#sums.sum(port, this.#day) < 1) this.#history.slots.drop(port)
  }

  save(): SavedLevels {
    return { history: this.#history.save(), sums: this.#sums.save(), bins: this.#bins.save(), expected: this.#expected.save(), shed: this.shed }
  }

  /** Mean rate of a port over the baseline. */
  #rate(port: PortKey): number {
    return (this.#sums.sum(port, this.#long) + 0.5) / (this.#sums.exposure(this.#long) + 1)
  }

  #follow(ports: PortBin['ports'], stays: (port: PortKey) => boolean, gone: (port: PortKey) => void): void {
    const { slots } = this.#history
    const wanted: { port: PortKey; day: number }[] = []
    for (const port of ports.keys()) {
      if (!hasPort(port) || slots.get(port) !== undefined) continue
      const day = this.#sums.sum(port, this.#day)
      if (day >= this.#parameters.followed_from_sources) wanted.push({ port, day })
    }
    wanted.sort((a, b) => b.day - a.day || a.port - b.port)
    const free = this.#parameters.ports_max - slots.size
    if (wanted.length > free) this.#giveUp(wanted, free, stays, gone)
    for (const { port } of wanted) {
      if (slots.full) this.shed++
      else {
        const slot = this.#history.admit(port, this.#rate(port))
        this.#bins.grow(slots.capacity)
        this.#bins.clear(slot)
      }
    }
  }

  /** Makes room for ports that are busier than those followed, or stand out more. */
  #giveUp(wanted: readonly { readonly port: PortKey; readonly day: number }[], free: number, stays: (port: PortKey) => boolean, gone: (port: PortKey) => void): void {
    const { slots } = this.#history
    const quiet = [...slots].filter(([port]) => !stays(port)).map(([port]) => ({ port, day: this.#sums.sum(port, this.#day) }))
      .toSorted((a, b) => a.day - b.day || a.port - b.port)
    const most = Math.ceil(this.#parameters.ports_max * GIVEN_UP_MAX)
    let given = 0
    for (const { day, port } of wanted.slice(free)) {
      const least = quiet[given]
      if (!least || given >= most) return
      const stands_out = this.#parameters.scales.some((_, scale) => this.excess(port, scale) >= this.#parameters.watched_from_deviations)
      if (least.day >= day && !stands_out) continue
      slots.drop(least.port)
      gone(least.port)
      given++
      this.shed++
    }
  }
}
