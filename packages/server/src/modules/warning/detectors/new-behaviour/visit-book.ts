import type { PortKey } from '../core/port-key.ts'
import { PORTS } from '../series/port-sums.ts'
import { addPackets, copyOf, forgetBefore, noVisits, type Visits } from './visits.ts'

export interface VisitBounds {
  readonly window_h: number
  /** Ports with more than one visitor in the window, and visitors of one and of all. */
  readonly visited_ports_max: number
  readonly visitors_per_port_max: number
  readonly visitors_max: number
}

export interface Visit {
  readonly port: PortKey
  readonly source: number
  readonly sensor: number
  readonly packets: number
  readonly hour: number
  readonly networkOf: (source: number) => number | string
  /** False: it counts for packets only. */
  readonly listed: boolean
}

export interface SavedVisits {
  readonly source: Float64Array
  readonly sensor: Uint32Array
  readonly packets: Uint32Array
  readonly hour: Uint32Array
  readonly lost: Uint32Array
  readonly visits: readonly (readonly [PortKey, Visits])[]
  readonly shed: number
}

/**
 * Who comes to which quiet port. Most ports have one visitor in a day: the first one of each is kept in arrays, and only a
 * second one opens a list.
 */
export class VisitBook {
  /** Visits that found no room in a list. */
  shed: number
  readonly #bounds: VisitBounds
  /** The only visitor of a port: its number + 1, or 0. */
  readonly #source: Float64Array
  readonly #sensor: Uint32Array
  readonly #packets: Uint32Array
  readonly #hour: Uint32Array
  /** Last hour of which packets were not kept. */
  readonly #lost: Uint32Array
  readonly #visits: Map<PortKey, Visits>
  #visitors = 0

  constructor(bounds: VisitBounds, saved?: SavedVisits) {
    this.#bounds = bounds
    this.#source = saved?.source.slice() ?? new Float64Array(PORTS)
    this.#sensor = saved?.sensor.slice() ?? new Uint32Array(PORTS)
    this.#packets = saved?.packets.slice() ?? new Uint32Array(PORTS)
    this.#hour = saved?.hour.slice() ?? new Uint32Array(PORTS)
    this.#lost = saved?.lost.slice() ?? new Uint32Array(PORTS)
    this.#visits = new Map(saved?.visits.map(([port, one]) => [port, copyOf(one)]))
    for (const { source } of this.#visits.values()) this.#visitors += source.length
    this.shed = saved?.shed ?? 0
  }

  get(port: PortKey): Visits | undefined {
    return this.#visits.get(port)
  }

  /** First hour of which all packets are known. */
  knownSince(port: PortKey): number {
    return this.#lost[port]! + 1
  }

  /** Whether the source is listed at the port within the window. */
  lists(port: PortKey, source: number, hour: number): boolean {
    const visits = this.#visits.get(port)
    return visits ? visits.source.includes(source) : this.#source[port] === source + 1 && this.#hour[port]! > hour - this.#bounds.window_h
  }

  /** Notes a visit; answers whether the port's list got longer. */
  add(visit: Visit): boolean {
    const { port, hour } = visit
    let visits = this.#visits.get(port)
    if (!visits) {
      if (this.#alone(visit)) return false
      visits = this.#open(visit)
      if (!visits) return false
    }
    addPackets(visits, hour, visit.packets)
    return this.#list(visits, visit)
  }

  /** Forgets all that was before the window that ends with an hour. */
  forget(port: PortKey, hour: number): void {
    const visits = this.#visits.get(port)
    if (!visits) return
    this.#visitors -= forgetBefore(visits, hour - this.#bounds.window_h + 1)
    if (visits.hours.length === 0) this.#visits.delete(port)
  }

  forgetAll(hour: number): void {
    for (const port of this.#visits.keys()) this.forget(port, hour)
  }

  drop(port: PortKey): void {
    this.#source[port] = 0
    this.#visitors -= this.#visits.get(port)?.source.length ?? 0
    this.#visits.delete(port)
  }

  save(): SavedVisits {
    return {
      source: this.#source.slice(), sensor: this.#sensor.slice(), packets: this.#packets.slice(), hour: this.#hour.slice(), lost: this.#lost.slice(),
      visits: [...this.#visits].map(([port, one]) => [port, copyOf(one)]), shed: this.shed,
    }
  }

  /** Whether the port has no visitor but this one, in this hour; it is kept in the arrays then. */
  #alone({ port, source, sensor, packets, hour, listed }: Visit): boolean {
    const free = this.#source[port] === 0 || this.#hour[port]! <= hour - this.#bounds.window_h
    if (free && !listed) {
      this.#lost[port] = hour
      return true
    }
    if (free) {
      this.#source[port] = source + 1
      this.#sensor[port] = sensor
      this.#packets[port] = packets
      this.#hour[port] = hour
      return true
    }
    if (this.#source[port] !== source + 1 || this.#sensor[port] !== sensor || this.#hour[port] !== hour) return false
    this.#packets[port]! += packets
    return true
  }

  /** A list that begins with the only visitor until now. */
  #open({ port, hour, networkOf }: Visit): Visits | undefined {
    if (this.#visits.size >= this.#bounds.visited_ports_max || this.#visitors >= this.#bounds.visitors_max) {
      this.shed++
      this.#lost[port] = hour
      return undefined
    }
    const visits = noVisits()
    addPackets(visits, this.#hour[port]!, this.#packets[port]!)
    visits.source.push(this.#source[port]! - 1)
    visits.network.push(networkOf(this.#source[port]! - 1))
    visits.sensor.push(this.#sensor[port]!)
    visits.packets.push(this.#packets[port]!)
    visits.last.push(this.#hour[port]!)
    this.#visitors++
    this.#source[port] = 0
    this.#visits.set(port, visits)
    return visits
  }

  #list(visits: Visits, { source, networkOf, sensor, packets, hour, listed }: Visit): boolean {
    const at = visits.source.findIndex((one, i) => one === source && visits.sensor[i] === sensor)
    if (at >= 0) {
      visits.packets[at]! += packets
      visits.last[at] = hour
      return false
    }
    const room = visits.source.length < this.#bounds.visitors_per_port_max && this.#visitors < this.#bounds.visitors_max
    if (!room && listed) this.shed++
    if (!room || !listed) {
      visits.left_out = hour
      return false
    }
    visits.source.push(source)
    visits.network.push(networkOf(source))
    visits.sensor.push(sensor)
    visits.packets.push(packets)
    visits.last.push(hour)
    this.#visitors++
    return true
  }
}
