import type { Detection, Detector, Run } from './model.ts'

/** Packets of the class "scan" from one source to one port in one minute and one network of destinations. */
export interface ScanMinute {
  /** Seconds since 1970, a multiple of 60. */
  readonly minute: number
  readonly source: string
  /** IANA name or number. */
  readonly protocol: string
  /** Absent for protocols without ports. */
  readonly port: number | undefined
  /** A /24 or /64; compared, never shown. */
  readonly network: string
  readonly packets: number
  /** Distinct destinations in it. */
  readonly destinations: number
}

export interface ScanParameters {
  readonly destinations_min: number
  /** Packets a second to all of IPv4 that the source is taken to send at least. */
  readonly rate_pps_min: number
  /** Addresses that observe, pooled over sensors. */
  readonly addresses: number
  /** How likely a scan of that rate may be silent for the time-out and go on all the same. */
  readonly split_probability: number
  readonly scans_max: number
}

/**
 * Scan events after Merit's definition (darknet-events: key source, port and kind of traffic, closed by silence, kept
 * from 10 destinations and an estimated 10 packets a second to all of IPv4), with the time-out scaled to what observes:
 * T = ln(1 ÷ p) · 2³² ÷ (addresses · rate), since few addresses see the same scan seldom. Merit's 624 s is p = 0.5 for
 * 475,136 addresses.
 */
export const scan: Detector<ScanParameters, ScanMinute> = {
  kind: 'scan',
  version: 1,
  defaults: { destinations_min: 10, rate_pps_min: 10, addresses: 475_136, split_probability: 0.5, scans_max: 500_000 },
  start: (parameters) => new ScanRun(parameters),
}

const IPV4_ADDRESSES = 2 ** 32
const MINUTE_S = 60
/** Networks of one scan whose destinations are kept apart; more of them add to the largest only by their packets. */
const networks_max = 256

/** Seconds of silence after which a scan counts as over. */
export const scanTimeout = ({ addresses, rate_pps_min, split_probability }: ScanParameters): number =>
  (Math.log(1 / split_probability) * IPV4_ADDRESSES) / (addresses * rate_pps_min)

interface Open {
  readonly source: string
  readonly protocol: string
  readonly port: number | undefined
  readonly first: number
  last: number
  packets: number
  /** Most destinations that one minute had, by network: the sum is a lower bound of all. */
  readonly destinations: Map<string, number>
}

/** Minutes come in order; one that is late counts as if it came with the last. */
class ScanRun implements Run<ScanMinute> {
  shed = 0
  readonly #parameters: ScanParameters
  readonly #timeout_s: number
  /** In order of the last minute. */
  readonly #open = new Map<string, Open>()

  constructor(parameters: ScanParameters) {
    this.#parameters = parameters
    this.#timeout_s = scanTimeout(parameters)
  }

  push({ minute, source, protocol, port, network, packets, destinations }: ScanMinute): readonly Detection[] {
    const found = this.#closeBefore(minute - this.#timeout_s)
    const key = `${protocol}/${port ?? ''} ${source}`
    const known = this.#open.get(key)
    const scanned: Open = known ?? { source, protocol, port, first: minute, last: minute, packets: 0, destinations: new Map() }
    if (!known && this.#open.size >= this.#parameters.scans_max) {
      this.shed++
      return found
    }
    if (!known || minute > scanned.last) {
      this.#open.delete(key)
      this.#open.set(key, scanned)
    }
    scanned.last = Math.max(scanned.last, minute)
    scanned.packets += packets
    const before = scanned.destinations.get(network)
    if (before !== undefined || scanned.destinations.size < networks_max) scanned.destinations.set(network, Math.max(before ?? 0, destinations))
    return found
  }

  end(): readonly Detection[] {
    return this.#closeBefore(Infinity)
  }

  #closeBefore(second: number): Detection[] {
    const found: Detection[] = []
    for (const [key, scanned] of this.#open) {
      if (scanned.last + MINUTE_S > second) break
      this.#open.delete(key)
      const detection = this.#detection(scanned)
      if (detection) found.push(detection)
    }
    return found
  }

  #detection({ source, protocol, port, first, last, packets, destinations }: Open): Detection | undefined {
    const { addresses, destinations_min, rate_pps_min } = this.#parameters
    const end = last + MINUTE_S
    const destinations_at_least = [...destinations.values()].reduce((sum, one) => sum + one, 0)
    // Over whole minutes: a rate that is rather too low.
    const estimated_pps = (packets * IPV4_ADDRESSES) / addresses / (end - first)
    if (destinations_at_least < destinations_min || estimated_pps < rate_pps_min) return undefined
    const seen_probability = 1 - Math.exp(-(addresses * rate_pps_min * (end - first)) / IPV4_ADDRESSES)
    return {
      kind: 'scan', start: first, end, subject: { source, protocol, ...(port === undefined ? {} : { port }) }, packets,
      figures: { destinations_at_least, estimated_pps: Math.round(estimated_pps), timeout_s: Math.round(this.#timeout_s), seen_probability },
    }
  }
}
