import type { PortBin } from '../core/port-bins.ts'
import type { PortKey } from '../core/port-key.ts'
import type { Slice } from '../core/slice.ts'
import { countOf, surprise } from '../numeric/counts.ts'
import { PORTS } from '../series/port-sums.ts'
import { sourceNetwork } from '../series/source-network.ts'
import { sensorsNeeded } from '../series/telling.ts'
import type { NewPortParameters } from './parameters.ts'
import { QuietRates, type SavedRates } from './quiet-rates.ts'
import { VisitBook, type SavedVisits } from './visit-book.ts'
import { spreadOf, type Spread, type Visits } from './visits.ts'

const HOUR_S = 3600
const DAY_S = 86_400
const DAY_H = 24

export interface SavedNewPorts {
  readonly spread_on: Uint16Array
  readonly known: Uint8Array
  readonly rates: SavedRates
  readonly visits: SavedVisits
  readonly tried: readonly [today: readonly (readonly [number, number])[], yesterday: readonly (readonly [number, number])[]]
  readonly days: number
  readonly sweepers_shed: number
}

/** A port on which something spreads that did not before. */
export interface NewPort {
  readonly port: PortKey
  readonly spread: Spread
  readonly visits: Visits
  /** First second of which all that came is known. */
  readonly since: number
  /** Sources from which it is news. */
  readonly sources_needed: number
  readonly sensors_needed: number
  /** Since when it is known that nothing spread; undefined: it never did. */
  readonly days_silent: number | undefined
}

/** Ports to which hardly anybody comes, and who comes to them. */
export class NewPorts {
  /** Sources of which it is not counted how many ports they try. */
  #sweepers_shed: number
  /** Days that are known. */
  days: number
  readonly #parameters: NewPortParameters
  readonly #rates: QuietRates
  /** Last day since 1970 on which something spread; 0: never. */
  readonly #spread_on: Uint16Array
  /** 1: nothing here is new. */
  readonly #known: Uint8Array
  readonly #visits: VisitBook
  /** Quiet ports that a source tried, of the day and of the day before. */
  #tried: [today: Map<number, number>, yesterday: Map<number, number>]

  constructor(parameters: NewPortParameters, saved?: SavedNewPorts) {
    this.#parameters = parameters
    this.#rates = new QuietRates(saved?.rates)
    this.#spread_on = saved?.spread_on.slice() ?? new Uint16Array(PORTS)
    this.#known = saved?.known.slice() ?? new Uint8Array(PORTS)
    this.#visits = new VisitBook(parameters, saved?.visits)
    this.#tried = [new Map(saved?.tried[0]), new Map(saved?.tried[1])]
    this.days = saved?.days ?? 0
    this.#sweepers_shed = saved?.sweepers_shed ?? 0
  }

  get shed(): Readonly<Record<string, number>> {
    return { visitors: this.#visits.shed, sweepers: this.#sweepers_shed }
  }

  /** Takes a minute; gives the ports on which something new spreads. `leave`: ports that are followed already. */
  take(slice: Slice, leave: (port: PortKey) => boolean): readonly NewPort[] {
    const { rows, port: ports, scan, research, source, sensor } = slice.flows
    const hour = Math.floor(slice.minute / HOUR_S)
    const touched = new Set<PortKey>()
    const networkOf = (one: number): number | string => sourceNetwork(one, slice.addressText)
    for (let i = 0; i < rows; i++) {
      const port = ports[i]!
      if (port >= PORTS || this.#known[port] === 1 || scan[i] === 0 || research[i] === 1) continue
      if (!this.#visits.lists(port, source[i]!, hour)) this.#count(source[i]!)
      const visit = { port, source: source[i]!, sensor: sensor[i]!, packets: scan[i]!, hour, networkOf, listed: !this.#sweeps(source[i]!) }
      if (this.#visits.add(visit)) touched.add(port)
    }
    if (this.days < this.#parameters.days_known_min) this.#learn(touched, slice)
    else return [...touched].filter((port) => !leave(port)).flatMap((port) => this.#judge(port, hour, slice.watched.length) ?? [])
    return []
  }

  /** While nothing is known yet, what spreads is known at once. */
  #learn(touched: Iterable<PortKey>, { minute, watched }: Slice): void {
    const { sources_min, sensors_min } = this.#parameters
    for (const port of touched) {
      const visits = this.#visits.get(port)!
      if (visits.source.length < sources_min) continue
      const { networks, sensors } = spreadOf(visits, (source) => !this.#sweeps(source))
      if (networks >= sources_min && sensors >= sensorsNeeded(sensors_min, watched.length)) this.tell(port, minute)
    }
  }

  /** From now on nothing is new there, for as long as something spreads. */
  tell(port: PortKey, minute: number): void {
    this.#spread_on[port] = Math.floor(minute / DAY_S)
    this.#know(port)
  }

  /** Learns a day: `whole` false when too little was watched to tell what is quiet. */
  day(day: PortBin, whole: boolean): void {
    const today = day.start / DAY_S
    const counts = new Map<number, number>()
    if (whole) this.days++
    this.#visits.forgetAll((today + 1) * DAY_H - 1)
    for (const [port, { sources }] of day.ports) {
      if (port >= PORTS) continue
      const known = this.#known[port] === 1
      const visits = known ? undefined : this.#visits.get(port)
      const count = visits ? spreadOf(visits, (source) => !this.#sweeps(source)).networks : sources
      counts.set(port, count)
      // What has not been told is no less news for having come yesterday too.
      if (known && count >= this.#parameters.sources_min) this.#spread_on[port] = today
    }
    if (whole) this.#rates.learn(counts, (port) => this.#known[port] === 0)
    this.#renew(today)
    this.#tried = [new Map(), this.#tried[0]]
  }

  /** What is known from the next day on. */
  #renew(today: number): void {
    for (let port = 0; port < PORTS; port++) {
      const on = this.#spread_on[port]!
      const spread = on > 0 && today - on < this.#parameters.days_silent
      const known = spread || this.#rates.rate(port) >= this.#parameters.sources_min / 2
      if (known) this.#know(port)
      else this.#known[port] = 0
    }
  }

  save(): SavedNewPorts {
    return {
      spread_on: this.#spread_on.slice(), rates: this.#rates.save(), visits: this.#visits.save(),
      tried: [[...this.#tried[0]], [...this.#tried[1]]], days: this.days, sweepers_shed: this.#sweepers_shed, known: this.#known.slice(),
    }
  }

  #know(port: PortKey): void {
    this.#known[port] = 1
    this.#visits.drop(port)
  }

  #sweeps(source: number): boolean {
    const { sweep_ports_max } = this.#parameters
    return this.#tried.some((day) => (day.get(source) ?? 0) > sweep_ports_max)
  }

  #count(source: number): void {
    const today = this.#tried[0]
    const before = today.get(source)
    if (before === undefined && today.size >= this.#parameters.sweepers_max) this.#sweepers_shed++
    else if (before === undefined || before <= this.#parameters.sweep_ports_max) today.set(source, (before ?? 0) + 1)
  }

  #judge(port: PortKey, hour: number, watching: number): NewPort | undefined {
    const { sources_min, sensors_min, sensor_share_max, regulars, deviations_min, dispersion, window_h } = this.#parameters
    const visits = this.#visits.get(port)!
    if (visits.source.length < sources_min) return undefined
    this.#visits.forget(port, hour)
    const spread = spreadOf(visits, (source) => !this.#sweeps(source))
    const sensors_needed = sensorsNeeded(sensors_min, watching)
    const one_sensor = watching > 2 && spread.sensor_share_max > sensor_share_max
    if (spread.networks < sources_min || spread.sensors < sensors_needed || one_sensor) return undefined
    const strays = this.#rates.rate(port) * (window_h / DAY_H)
    const beyond = spread.networks - regulars
    if (beyond <= 0 || surprise(beyond, strays, dispersion) < deviations_min) return undefined
    const on = this.#spread_on[port]!
    return {
      port, spread, visits, since: Math.max(visits.hours[0]!, this.#visits.knownSince(port)) * HOUR_S, sensors_needed, sources_needed: Math.max(sources_min, regulars + countOf(deviations_min, strays, dispersion)),
      days_silent: on === 0 ? undefined : Math.floor(hour / DAY_H) - on,
    }
  }
}
