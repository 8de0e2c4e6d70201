import { formatSeconds, MINUTE_S } from '@hirundo/base'
import { severities } from '@hirundo/contract'
import { AddressTexts, type SavedTexts } from './core/address-texts.ts'
import { addBit, BitBook, bitsIn, SENSOR_WORDS, sensors_max, type SavedBits } from './core/bit-sets.ts'
import { EventTable, rank, type ColumnSpec, type SavedEvents } from './core/event-table.ts'
import { EventTelling, tellingColumns } from './core/event-telling.ts'
import { minuteOf } from './core/minute-of.ts'
import { OwnMatcher } from './core/own.ts'
import { hasPort, isTcp } from './core/port-key.ts'
import { addPort, portsOf, type PortList } from './core/port-lists.ts'
import type { Heard, Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Run, type Scene } from './model.ts'

export interface DrdosParameters {
  /** Spoken over UDP and known to amplify (CISA alert TA14-017A, and what was found since). Others are no reflectors: SIP is guessed at. */
  readonly protocols: readonly string[]
  /** Requests in the victim's name to all answering sensors together. */
  readonly requests_min: number
  /** A victim that is not asked for in so long has been left alone. */
  readonly gap_s: number
  /** At one sensor in one minute: who searches amplifiers asks each of them once or few times, who abuses them goes on. */
  readonly sensor_ppm_min: number
  /** An own victim in whose name so many requests a minute came is urgent. */
  readonly urgent_ppm_min: number
  readonly update_s: number
  readonly victims_max: number
}

/**
 * Attacks by reflection and amplification, from the requests that answering sensors hear in the victim's name: Krämer et al.,
 * "AmpPot: Monitoring and Defending Against Amplification DDoS Attacks" (RAID 2015), with 100 requests. Other platforms have
 * other settings and find comparable attacks (arXiv 2302.04614): Hopscotch takes 5 packets and a gap of 900 s, ddospot 10
 * requests and 300 s. Requests are summed over sensors, so that it must be told apart from a search for amplifiers:
 * `sensor_ppm_min`.
 */
export const drdos = defineDetector<DrdosParameters>({
  kind: 'drdos',
  version: 1,
  source: 'Krämer et al.: AmpPot, RAID 2015; settings compared in arXiv 2302.04614',
  defaults: {
    protocols: ['dns', 'ntp', 'ssdp', 'snmp', 'memcached', 'cldap', 'chargen', 'portmap', 'coap', 'stun', 'bacnet', 'qotd', 'netbios', 'mdns', 'ws-discovery', 'tftp', 'ard', 'rip', 'ipmi'],
    requests_min: 100, gap_s: 600, sensor_ppm_min: 5, urgent_ppm_min: 6000, update_s: 600, victims_max: 100_000,
  },
  start: (parameters, scene, saved) => new DrdosRun(parameters, scene, saved as Saved | undefined),
})

/** A record is of a minute and comes when that is over: so much later than it began a request may still be told. */
const LATE_S = 2 * MINUTE_S
/** Keys hold the place of the protocol in the list. */
const protocols_max = 256
/** Ports of one victim that are told apart. */
const VICTIM_PORTS = 8
const OFTEN = 10

const columns = {
  first: [Float64Array, 1], last: [Float64Array, 1], requests: [Float64Array, 1], bytes_in: [Float64Array, 1], bytes_out: [Float64Array, 1],
  /** Requests of the latest minute, which minute that is, and the densest one's. */
  in_minute: [Float64Array, 1], minute: [Float64Array, 1], max_ppm: [Float64Array, 1],
  /** Requests of the densest record, which is one sensor's of one minute. */
  sensor_ppm: [Float64Array, 1],
  sensors: [Uint32Array, SENSOR_WORDS], own: [Uint8Array, 1],
  ports: [Uint32Array, VICTIM_PORTS], port_requests: [Float64Array, VICTIM_PORTS], ...tellingColumns,
} as const satisfies ColumnSpec

interface Saved {
  readonly events: SavedEvents
  readonly sensors: SavedBits
  readonly texts: SavedTexts
  readonly late_records: number
}

class DrdosRun implements Run {
  readonly #parameters: DrdosParameters
  readonly #own: OwnMatcher
  readonly #events: EventTable<typeof columns>
  readonly #sensors: BitBook
  readonly #protocols: ReadonlyMap<string, number>
  readonly #texts: AddressTexts
  #late_records: number
  readonly #telling: EventTelling

  constructor(parameters: DrdosParameters, scene: Scene, saved: Saved | undefined) {
    this.#parameters = parameters
    this.#own = new OwnMatcher(scene.own)
    this.#events = new EventTable(columns, parameters.victims_max, scene.seed ?? 0, saved?.events)
    this.#telling = new EventTelling(this.#events, parameters.update_s)
    this.#sensors = new BitBook(sensors_max, scene.seed ?? 0, saved?.sensors)
    this.#protocols = new Map(parameters.protocols.slice(0, protocols_max).map((name, i) => [name, i]))
    this.#texts = new AddressTexts(saved?.texts)
    this.#late_records = saved?.late_records ?? 0
  }

  get shed(): Readonly<Record<string, number>> {
    return { victims: this.#events.shed, late_records: this.#late_records }
  }

  minute({ minute, heard, addressText }: Slice): readonly Detection[] {
    this.#texts.of = addressText
    const found: Detection[] = []
    this.#closeBefore(minute, found)
    const requests = heard.filter((one) => isRequest(one) && this.#protocols.has(one.protocol)).toSorted((a, b) => a.at - b.at)
    this.#events.reserve(requests.length)
    for (const one of requests) this.#take(one, minute, found)
    for (const slot of this.#telling.due(minute, (slot) => (this.#isAttack(slot) ? this.#severity(slot) : -1))) found.push(this.#detection(slot, true))
    return found
  }

  *end(): Generator<Detection> {
    for (const slot of this.#events.drain()) if (this.#isAttack(slot)) yield this.#detection(slot, false)
  }

  save(): unknown {
    const events = this.#events.save()
    const victims = events.keys.filter((_, i) => events.ranks[i] !== rank.seldom)
    return {
      events, sensors: this.#sensors.save(), late_records: this.#late_records,
      texts: this.#texts.save(Array.from(victims, (key) => Math.floor(key / protocols_max))),
    } satisfies Saved
  }

  #take(one: Heard, minute: number, found: Detection[]): void {
    const events = this.#events
    const c = events.columns
    const key = one.source * protocols_max + this.#protocols.get(one.protocol)!
    let slot = events.find(key)
    if (slot >= 0 && one.at - c.last[slot]! > this.#parameters.gap_s + MINUTE_S) {
      this.#tellOver(slot, found)
      events.close(slot)
      slot = -1
    }
    if (slot < 0) {
      slot = events.open(key)
      if (slot < 0) return
      c.first[slot] = c.last[slot] = c.minute[slot] = minuteOf(one.at)
    } else if (minuteOf(one.at) < c.first[slot]!) {
      // The begin of an event that was told is its name.
      if (c.told[slot] !== 0) return void this.#late_records++
      c.first[slot] = minuteOf(one.at)
    }
    this.#count(slot, one)
    events.touch(slot, c.requests[slot]! >= OFTEN ? rank.often : rank.seldom)
    if (c.requests[slot]! >= this.#parameters.requests_min) this.#telling.note(slot, minute)
  }

  #count(slot: number, one: Heard): void {
    const c = this.#events.columns
    const minute = minuteOf(one.at)
    c.last[slot] = Math.max(c.last[slot]!, minute)
    c.requests[slot]! += one.requests
    c.bytes_in[slot]! += one.bytes_in
    c.bytes_out[slot]! += one.bytes_out
    if (minute > c.minute[slot]!) {
      c.minute[slot] = minute
      c.in_minute[slot] = 0
    }
    // Records that come later than those of the next minute count in the sums only.
    if (minute === c.minute[slot]) c.in_minute[slot]! += one.requests
    c.max_ppm[slot] = Math.max(c.max_ppm[slot]!, c.in_minute[slot]!, one.requests)
    c.sensor_ppm[slot] = Math.max(c.sensor_ppm[slot]!, one.requests)
    addBit(c.sensors, SENSOR_WORDS, slot, this.#sensors.bitOf(one.sensor))
    addPort(this.#ports, slot, one.src_port, one.requests)
    if (this.#own.has(one.source, one.economy, one.asn, this.#texts.of)) c.own[slot] = 1
  }

  #closeBefore(second: number, found: Detection[]): void {
    const { last } = this.#events.columns
    const { gap_s } = this.#parameters
    this.#events.closeWhile((slot) => last[slot]! + MINUTE_S + gap_s + LATE_S <= second, (slot) => this.#tellOver(slot, found))
  }

  #tellOver(slot: number, found: Detection[]): void {
    if (this.#isAttack(slot)) found.push(this.#detection(slot, false))
  }

  get #ports(): PortList {
    return { keys: this.#events.columns.ports, packets: this.#events.columns.port_requests, width: VICTIM_PORTS }
  }

  #isAttack(slot: number): boolean {
    const { requests, sensor_ppm } = this.#events.columns
    const { requests_min, sensor_ppm_min } = this.#parameters
    return requests[slot]! >= requests_min && sensor_ppm[slot]! >= sensor_ppm_min
  }

  /** Index of the severity. */
  #severity(slot: number): number {
    const { own, max_ppm } = this.#events.columns
    if (own[slot] !== 1) return severities.indexOf('notice')
    return severities.indexOf(max_ppm[slot]! >= this.#parameters.urgent_ppm_min ? 'urgent' : 'warning')
  }

  #detection(slot: number, open: boolean): Detection {
    const c = this.#events.columns
    const { requests_min, sensor_ppm_min } = this.#parameters
    const key = this.#events.keys[slot]!
    const subject = { victim: this.#texts.of(Math.floor(key / protocols_max)), protocol: this.#parameters.protocols[key % protocols_max]! }
    const [start, end, requests] = [c.first[slot]!, c.last[slot]! + MINUTE_S, c.requests[slot]!]
    const sensors = bitsIn(c.sensors, SENSOR_WORDS, slot)
    return {
      kind: 'drdos', subject, start, end, open, packets: requests, max_ppm: c.max_ppm[slot]!,
      severity: this.#telling.severity(slot, this.#severity(slot)),
      figures: {
        requests, bytes: c.bytes_in[slot]!, sensors, victim_ports: portsOf(this.#ports, slot).length, duration_s: end - start,
        ...(c.bytes_in[slot]! > 0 ? { amplification: c.bytes_out[slot]! / c.bytes_in[slot]! } : {}),
      },
      crossed: [
        { figure: 'requests', value: requests, threshold: requests_min, rule: 'at_least' },
        { figure: 'sensor_ppm', value: c.sensor_ppm[slot]!, threshold: sensor_ppm_min, rule: 'at_least' },
      ],
      evidence: [{
        query: { of: 'requests', ...subject, from: formatSeconds(start), to: formatSeconds(end), research: 'include' },
        packets: requests, sources: 1, sensors: this.#sensors.exact ? sensors : null,
      }],
    }
  }
}

/** A datagram proves no source, so that it may be in somebody else's name. */
const isRequest = ({ handshake, port, research }: Heard): boolean => handshake === 'none' && hasPort(port) && !isTcp(port) && !research
