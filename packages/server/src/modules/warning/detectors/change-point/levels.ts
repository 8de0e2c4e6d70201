import type { PortBin } from '../core/port-bins.ts'
import { hasPort, type PortKey } from '../core/port-key.ts'
import { surprise } from '../numeric/counts.ts'
import { PortHistory, type SavedHistory } from '../series/port-history.ts'
import { PortSums, type SavedSums } from '../series/port-sums.ts'
import { Ring, type SavedRing } from '../series/ring.ts'
import type { Watched } from '../series/watching.ts'
import { BIN_S } from './episode.ts'
import type { ChangePointParameters } from './parameters.ts'

const DAY_BINS = 144
const DAY = 0
const LONG = 1
const ALONE = 0
/** Surprise from which a bin belongs to an episode that was decided later. */
const BEGUN = 2
/** Share of the ports that is given up at most in one bin. */
const GIVEN_UP_MAX = 0.25

/** Sources of a window against its baseline. */
export interface Level {
  readonly seen: number
  readonly mean: number
  readonly dispersion: number
  /** Standard deviations above the baseline. */
  readonly excess: number
}
const levelOf = ({ seen, mean, dispersion }: Omit<Level, 'excess'>): Level => ({ seen, mean, dispersion, excess: surprise(seen, mean, dispersion) })

export interface SavedLevels {
  readonly history: SavedHistory
  readonly sums: SavedSums
  readonly sources: SavedRing
  readonly packets: SavedRing
  readonly expected: SavedRing
  readonly shed: number
}

/** Which ports are followed, and how their last bins lie against what is usual. */
export class PortLevels {
  /** Ports that found no room, or were given up for busier ones. */
  shed: number
  /** Factor by which most ports together were above their baselines in the last bin. */
  common = 1
  readonly #parameters: ChangePointParameters
  readonly #history: PortHistory
  readonly #sums: PortSums
  /** The last bins by slot; `expected` is of all: exposures that the rates are multiplied with. */
  readonly #sources: Ring
  readonly #packets: Ring
  readonly #expected: Ring

  constructor(parameters: ChangePointParameters, saved?: SavedLevels) {
    const { ports_max, baseline_days, dispersion_min, window_bins } = parameters
    this.#parameters = parameters
    this.#history = new PortHistory({ ports_max, days: baseline_days, dispersion_min }, saved?.history)
    this.#sums = new PortSums([DAY_BINS, baseline_days * DAY_BINS], saved?.sums)
    this.#sources = new Ring(window_bins, { saved: saved?.sources })
    this.#packets = new Ring(window_bins, { wide: true, saved: saved?.packets })
    this.#expected = new Ring(window_bins, { wide: true, saved: saved?.expected })
    this.#expected.grow(1)
    this.shed = saved?.shed ?? 0
  }

  get days(): number {
    return this.#history.days
  }

  /** Ports that are followed, with their slots. */
  get slots(): Iterable<[PortKey, number]> {
    return this.#history.slots
  }

  open(start: number): void {
    this.#history.open(start)
    for (const ring of [this.#sources, this.#packets, this.#expected]) ring.advance(start / BIN_S)
  }

  /** Takes a bin that is no hole; calls back for ports that are followed from now on or no longer. */
  take({ start, ports }: PortBin, watched: Watched, stays: (port: PortKey) => boolean, gone: (port: PortKey) => void, come: (port: PortKey) => void): void {
    this.common = this.#history.common(ports, watched.expected)
    this.#expected.set(ALONE, start / BIN_S, watched.expected * this.common)
    const { slots } = this.#history
    const wanted = [...ports].filter(([port, { sources }]) => hasPort(port) && sources >= this.#parameters.followed_from_sources && slots.get(port) === undefined)
      .toSorted(([a, one], [b, other]) => other.sources - one.sources || a - b)
    const free = this.#parameters.ports_max - slots.size
    if (wanted.length > free) this.#giveUp(wanted.length - free, stays, gone)
    for (const [port] of wanted) {
      if (slots.full) this.shed++
      else {
        this.#follow(port)
        come(port)
      }
    }
    for (const [port, slot] of slots) {
      const counts = ports.get(port)
      this.#sources.add(slot, counts?.sources ?? 0)
      this.#packets.add(slot, counts?.packets ?? 0)
    }
  }

  /** Learns the bin, once it was judged. */
  learn({ ports }: PortBin, watched: Watched): void {
    this.#history.add(ports, watched.exposure, watched.expected * this.common)
    this.#sums.next([watched.exposure, watched.exposure])
    for (const [port, { sources }] of ports) if (hasPort(port)) this.#sums.add(port, sources)
  }

  /** The last bins. */
  level(slot: number): Level {
    const { rate, dispersion } = this.#history.usual(slot)
    let [seen, mean] = [0, 0]
    for (let time = this.#sources.oldest; time <= this.#sources.newest!; time++) {
      seen += this.#sources.at(slot, time)
      mean += rate * this.#expected.at(ALONE, time)
    }
    return levelOf({ seen, mean, dispersion })
  }

  /** The last hours, the one that ends with the bin that was learned the last. */
  longLevel(slot: number): Level {
    return levelOf(this.#history.over(slot, this.#parameters.long_window_h))
  }

  /** Start of the first of the bins in a row, the last one among them, that were above the baseline, and packets since. */
  begun(slot: number): { readonly start: number; readonly packets: number } {
    const { rate, dispersion } = this.#history.usual(slot)
    const newest = this.#sources.newest!
    let begun = newest
    while (begun > this.#sources.oldest && surprise(this.#sources.at(slot, begun - 1), rate * this.#expected.at(ALONE, begun - 1), dispersion) >= BEGUN) begun--
    let packets = 0
    for (let time = begun; time <= newest; time++) packets += this.#packets.at(slot, time)
    return { start: begun * BIN_S, packets }
  }

  /** Lets go of ports that nearly nobody comes to any more; asked once an hour. */
  release(stays: (port: PortKey) => boolean, gone: (port: PortKey) => void): void {
    for (const [port] of this.#history.slots) {
      if (stays(port) || this.#sums.sum(port, DAY) >= this.#parameters.followed_from_sources) continue
      this.#history.slots.drop(port)
      gone(port)
    }
  }

  save(): SavedLevels {
    return {
      history: this.#history.save(), sums: this.#sums.save(), sources: this.#sources.save(), packets: this.#packets.save(),
      expected: this.#expected.save(), shed: this.shed,
    }
  }

  /** A port that came to life; until now it was as quiet as its mean says. */
  #follow(port: PortKey): void {
    const { slots } = this.#history
    const slot = this.#history.admit(port, (this.#sums.sum(port, LONG) + 0.5) / (this.#sums.exposure(LONG) + 1))
    for (const ring of [this.#sources, this.#packets]) {
      ring.grow(slots.capacity)
      ring.clear(slot)
    }
  }

  /** Gives up the least busy of the last day. */
  #giveUp(count: number, stays: (port: PortKey) => boolean, gone: (port: PortKey) => void): void {
    const { slots } = this.#history
    const quiet = [...slots].filter(([port]) => !stays(port)).map(([port]) => ({ port, day: this.#sums.sum(port, DAY) }))
      .toSorted((a, b) => a.day - b.day || a.port - b.port)
    for (const { port } of quiet.slice(0, Math.min(count, Math.ceil(this.#parameters.ports_max * GIVEN_UP_MAX)))) {
      slots.drop(port)
      gone(port)
      this.shed++
    }
  }
}
