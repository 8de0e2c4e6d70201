import { PORT_KEYS, type PortKey } from '../core/port-key.ts'
import type { Slice } from '../core/slice.ts'
import { sourceNetwork } from './source-network.ts'

interface Watch {
  /** First second that counts. */
  readonly since: number
  packets: number
  readonly sources: Set<number>
  /** Packets by network of the source, and by sensor. */
  readonly networks: Map<number | string, number>
  readonly sensors: Map<number, number>
  /** False: there was no room for all sources. */
  exact: boolean
}

export interface SavedWatch {
  readonly watches: readonly (readonly [PortKey, Watch])[]
  readonly sources: number
  readonly shed: number
}

/** Who came to a port since it is watched. */
export interface Seen {
  readonly since: number
  readonly packets: number
  readonly sources: number
  readonly sensors: number
  /** False: sources are an estimate or a lower bound. */
  readonly exact: boolean
  /** Networks of the sources: neighbours are one. */
  readonly networks: number
  /** Largest share of one network and of one sensor in the packets. */
  readonly network_share_max: number
  readonly sensor_share_max: number
}

/** Who came to a port in a stretch of time of which all is known. */
export interface SeenIn extends Omit<Seen, 'since'> {
  readonly start: number
  readonly end: number
}

const copyOf = (watch: Watch): Watch => ({ ...watch, sources: new Set(watch.sources), networks: new Map(watch.networks), sensors: new Map(watch.sensors) })

export interface WatchBounds {
  readonly ports_max: number
  /** Over all ports. */
  readonly sources_max: number
}

/**
 * Looks at ports of which something is suspected minute by minute: which sources and sensors, packets exactly. Known research
 * scanners are left out, as in bins.
 */
export class PortWatch {
  /** Sources that found no room. */
  shed: number
  readonly #bounds: WatchBounds
  readonly #watches: Map<PortKey, Watch>
  readonly #flags = new Uint8Array(PORT_KEYS)
  #sources: number

  constructor(bounds: WatchBounds, saved?: SavedWatch) {
    this.#bounds = bounds
    this.#watches = new Map(saved?.watches.map(([port, watch]) => [port, copyOf(watch)]))
    for (const port of this.#watches.keys()) this.#flags[port] = 1
    this.#sources = saved?.sources ?? 0
    this.shed = saved?.shed ?? 0
  }

  has(port: PortKey): boolean {
    return this.#flags[port] === 1
  }

  get full(): boolean {
    return this.#watches.size >= this.#bounds.ports_max
  }

  ports(): MapIterator<PortKey> {
    return this.#watches.keys()
  }

  /** Begins to look at a port; the caller has seen that there is room. */
  begin(port: PortKey, since: number): void {
    if (this.has(port) || this.full) throw new RangeError(`port ${port} cannot be watched`)
    this.#watches.set(port, { since, packets: 0, sources: new Set(), networks: new Map(), sensors: new Map(), exact: true })
    this.#flags[port] = 1
  }

  /** What is known of a port that is watched from before it was. */
  seed(port: PortKey, packets: number, visitors: Iterable<{ readonly source: number; readonly network: number | string; readonly sensor: number; readonly packets: number }>, exact: boolean): void {
    const watch = this.#watches.get(port)!
    watch.exact = exact
    for (const { source, network, sensor, packets } of visitors) {
      if (!watch.sources.has(source)) this.#sources++
      watch.sources.add(source)
      watch.networks.set(network, (watch.networks.get(network) ?? 0) + packets)
      watch.sensors.set(sensor, (watch.sensors.get(sensor) ?? 0) + packets)
    }
    watch.packets += packets
  }

  end(port: PortKey): void {
    const watch = this.#watches.get(port)
    if (!watch) return
    this.#sources -= watch.sources.size
    this.#watches.delete(port)
    this.#flags[port] = 0
  }

  take({ flows, addressText }: Slice): void {
    if (this.#watches.size === 0) return
    const { rows, port, scan, research, source, sensor } = flows
    for (let i = 0; i < rows; i++) {
      if (this.#flags[port[i]!] === 0 || scan[i] === 0 || research[i] === 1) continue
      this.#add(this.#watches.get(port[i]!)!, source[i]!, sensor[i]!, scan[i]!, addressText)
    }
  }

  seen(port: PortKey): Seen | undefined {
    const watch = this.#watches.get(port)
    if (!watch) return undefined
    const { since, packets, sources, networks, sensors, exact } = watch
    const share = (of: ReadonlyMap<unknown, number>): number => {
      let most = 0
      for (const one of of.values()) if (one > most) most = one
      return packets > 0 ? most / packets : 0
    }
    return { since, packets, sources: sources.size, sensors: sensors.size, networks: networks.size, exact, network_share_max: share(networks), sensor_share_max: share(sensors) }
  }

  /** How many networks of sources came; 0 for a port that is not watched. */
  networksOf(port: PortKey): number {
    return this.#watches.get(port)?.networks.size ?? 0
  }

  save(): SavedWatch {
    return {
      watches: [...this.#watches].map(([port, watch]) => [port, copyOf(watch)]),
      sources: this.#sources, shed: this.shed,
    }
  }

  #add(watch: Watch, source: number, sensor: number, packets: number, addressText: Slice['addressText']): void {
    watch.packets += packets
    watch.sensors.set(sensor, (watch.sensors.get(sensor) ?? 0) + packets)
    if (!watch.sources.has(source)) {
      if (this.#sources >= this.#bounds.sources_max) {
        watch.exact = false
        this.shed++
        return
      }
      this.#sources++
      watch.sources.add(source)
    }
    const network = sourceNetwork(source, addressText)
    watch.networks.set(network, (watch.networks.get(network) ?? 0) + packets)
  }
}
