import { DAY_S, formatSeconds, MINUTE_S } from '@hirundo/base'
import { severities, type Crossed } from '@hirundo/contract'
import { AddressTexts, type SavedTexts } from './core/address-texts.ts'
import { addBit, BitBook, bitsIn, type SavedBits } from './core/bit-sets.ts'
import { EventTable, rank, type ColumnSpec, type SavedEvents } from './core/event-table.ts'
import { EventTelling, tellingColumns } from './core/event-telling.ts'
import { OwnMatcher } from './core/own.ts'
import { isIcmp, PORT_KEYS, portSubject } from './core/port-key.ts'
import type { FlowColumns, Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Run, type Scene } from './model.ts'
import type { ScanParameters } from './scan/parameters.ts'
import { Sweeps } from './scan/sweeps.ts'

export type { ScanParameters } from './scan/parameters.ts'

/**
 * Scan events after Merit's definition (darknet-events: key source, port and kind of traffic, closed by silence, kept
 * from 10 destinations and an estimated 10 packets a second to all of IPv4), with the time-out scaled to what observes:
 * T = ln(1 ÷ p) · 2³² ÷ (addresses · rate), since few addresses see the same scan seldom. Merit's 624 s is p = 0.5 for
 * 475,136 addresses. Scans by strangers are normal and are kept as records.
 *
 * Whoever tries very many ports in a day, at a few addresses each, is an event of its own without a port (scan/sweeps.ts): the
 * third definition of aggressive scanners (arXiv 2305.07193); from how many ports on is ours.
 *
 * One kind is told: a scan of all of IPv4 in any order reaches few addresses at random times. One that comes at even steps
 * goes through a list on which these addresses are. Evenness is measured by Greenwood's statistic (The statistical study of
 * infectious diseases, J. R. Stat. Soc. 109, 1946) of the times between the minutes in which it was seen.
 */
export const scan = defineDetector<ScanParameters>({
  kind: 'scan',
  version: 3,
  source: 'Merit darknet-events; Durumeric et al., USENIX Security 2014; aggressive scanners: arXiv 2305.07193; evenness: Greenwood 1946; ports: HyperLogLog',
  defaults: {
    destinations_min: 10, rate_pps_min: 10, split_probability: 0.5, timeout_s_max: 86_400, addresses_assumed: 475_136, aggressive_share_min: 0.1,
    aggressive_severity: 'record', aimed_gap_s_min: 180, aimed_deviations_min: 5, aimed_severity: 'notice', update_s: 600, record_update_s: 86_400, scans_max: 500_000,
    sweep_ports_min: 100, sweeps_max: 131_072,
  },
  start: (parameters, scene, saved) => new ScanRun(parameters, scene, saved as Saved | undefined),
})

const IPV4_ADDRESSES = 2 ** 32
const BLOCK_ROWS = 4096
/** Sensors' networks that are told apart; of more, destinations are a lower bound all the same. */
const places_max = 256
const PLACE_WORDS = places_max / 32
const SENSORS = 2 ** 20
/** Destinations from which a scan is kept before those with fewer. */
const OFTEN = 2

const columns = {
  first: [Float64Array, 1], last: [Float64Array, 1], packets: [Float64Array, 1],
  /** Which networks of which sensors, and the destinations in each in the minute in which it was first hit. */
  places: [Uint32Array, PLACE_WORDS], in_places: [Uint32Array, 1],
  /** Destinations of the last minute and of the fullest, and the sum over minutes. */
  in_minute: [Uint32Array, 1], in_minute_max: [Uint32Array, 1], in_minutes: [Float64Array, 1],
  /** Times between minutes in which it was seen: how many, and their squares' sum in minutes². */
  gaps: [Uint32Array, 1], gap_squares: [Float64Array, 1],
  own: [Uint8Array, 1], ...tellingColumns,
} as const satisfies ColumnSpec

interface Saved {
  readonly events: SavedEvents
  readonly places: SavedBits
  readonly texts: SavedTexts
  readonly sweeps: SavedEvents
}

/** Seconds of silence after which a scan counts as over. */
export const scanTimeout = ({ rate_pps_min, split_probability, timeout_s_max }: ScanParameters, addresses: number): number =>
  Math.min(timeout_s_max, (Math.log(1 / split_probability) * IPV4_ADDRESSES) / (addresses * rate_pps_min))

class ScanRun implements Run {
  readonly #parameters: ScanParameters
  readonly #addresses: number
  readonly #timeout_s: number
  readonly #own: OwnMatcher
  readonly #events: EventTable<typeof columns>
  readonly #places: BitBook
  readonly #texts: AddressTexts
  readonly #telling: EventTelling
  readonly #sweeps: Sweeps

  constructor(parameters: ScanParameters, scene: Scene, saved: Saved | undefined) {
    this.#parameters = parameters
    this.#addresses = scene.addresses > 0 ? scene.addresses : parameters.addresses_assumed
    this.#timeout_s = scanTimeout(parameters, this.#addresses)
    this.#own = new OwnMatcher(scene.own)
    this.#events = new EventTable(columns, parameters.scans_max, scene.seed ?? 0, saved?.events)
    this.#telling = new EventTelling(this.#events, parameters.update_s, parameters.record_update_s)
    this.#places = new BitBook(places_max, scene.seed ?? 0, saved?.places)
    this.#texts = new AddressTexts(saved?.texts)
    this.#sweeps = new Sweeps(parameters, { addresses: this.#addresses, timeout_s: this.#timeout_s, own: this.#own, seed: scene.seed ?? 0 }, saved?.sweeps)
  }

  get shed(): Readonly<Record<string, number>> {
    return { scans: this.#events.shed, sweeps: this.#sweeps.shed }
  }

  minute({ minute, flows, addressText }: Slice): readonly Detection[] {
    this.#texts.of = addressText
    const found: Detection[] = []
    this.#closeBefore(minute, found)
    this.#sweeps.closeBefore(minute, this.#texts.of, found)
    for (let from = 0; from < flows.rows; from += BLOCK_ROWS) {
      this.#events.reserve(BLOCK_ROWS)
      const to = Math.min(from + BLOCK_ROWS, flows.rows)
      this.#take(flows, from, to, minute)
      this.#sweeps.take(flows, from, to, minute)
    }
    for (const slot of this.#telling.due(minute, (slot) => (this.#isScan(slot) ? this.#severity(slot) : -1))) found.push(this.#detection(slot, true))
    found.push(...this.#sweeps.due(minute, this.#texts.of))
    return found
  }

  *end(): Generator<Detection> {
    for (const slot of this.#events.drain()) if (this.#isScan(slot)) yield this.#detection(slot, false)
    yield* this.#sweeps.end(this.#texts.of)
  }

  save(): unknown {
    const events = this.#events.save()
    const sweeps = this.#sweeps.save()
    const often = ({ keys, ranks }: SavedEvents): Float64Array => keys.filter((_, i) => ranks[i] !== rank.seldom)
    return { events, sweeps, places: this.#places.save(), texts: this.#texts.save([...Array.from(often(events), sourceOf), ...often(sweeps)]) } satisfies Saved
  }

  #take(rows: FlowColumns, from: number, to: number, minute: number): void {
    const events = this.#events
    const c = events.columns
    const { destinations_min } = this.#parameters
    for (let row = from; row < to; row++) {
      const packets = rows.scan[row]!
      // Known research scanners are no finding.
      if (packets === 0 || rows.research[row] === 1) continue
      const key = keyOf(rows.source[row]!, rows.port[row]!)
      let slot = events.find(key)
      if (slot < 0) {
        slot = events.open(key)
        if (slot < 0) continue
        c.first[slot] = c.last[slot] = minute
        c.own[slot] = this.#own.isRegistered(rows.economy[row]!, rows.asn[row]!) ? 1 : 0
      } else if (c.last[slot] !== minute) {
        const gap = (minute - c.last[slot]!) / MINUTE_S
        c.gaps[slot]!++
        c.gap_squares[slot]! += gap * gap
        c.in_minute[slot] = 0
        c.last[slot] = minute
      }
      c.packets[slot]! += packets
      // Of a row with several classes not all destinations need be scanned.
      const destinations = Math.min(rows.destinations[row]!, packets)
      if (addBit(c.places, PLACE_WORDS, slot, this.#places.bitOf(rows.network[row]! * SENSORS + (rows.sensor[row]! % SENSORS)))) c.in_places[slot]! += destinations
      c.in_minutes[slot]! += destinations
      const in_minute = (c.in_minute[slot]! += destinations)
      if (in_minute > c.in_minute_max[slot]!) c.in_minute_max[slot] = in_minute
      const at_least = Math.max(c.in_minute_max[slot]!, c.in_places[slot]!)
      events.touch(slot, at_least >= OFTEN ? rank.often : rank.seldom)
      if (at_least >= destinations_min) this.#telling.note(slot, minute)
    }
  }

  #closeBefore(second: number, found: Detection[]): void {
    const { last } = this.#events.columns
    this.#events.closeWhile((slot) => last[slot]! + MINUTE_S + this.#timeout_s <= second, (slot) => {
      if (this.#isScan(slot)) found.push(this.#detection(slot, false))
    })
  }

  /** Once it was told it is one: its rate may fall, and it must be said that it is over. */
  #isScan(slot: number): boolean {
    const { destinations_min, rate_pps_min } = this.#parameters
    return this.#telling.wasTold(slot) || (this.#destinations(slot) >= destinations_min && this.#rate(slot) >= rate_pps_min)
  }

  /** A lower bound: as many as networks of sensors had when they were first hit, and as many as one minute had. */
  #destinations(slot: number): number {
    const { in_minute_max, in_places } = this.#events.columns
    return Math.max(in_minute_max[slot]!, in_places[slot]!)
  }

  /** Packets a second to all of IPv4, over whole minutes: rather too low. */
  #rate(slot: number): number {
    return (this.#events.columns.packets[slot]! * IPV4_ADDRESSES) / this.#addresses / this.#duration(slot)
  }

  #duration(slot: number): number {
    const { first, last } = this.#events.columns
    return last[slot]! + MINUTE_S - first[slot]!
  }

  /**
   * Share of the observing addresses that it reaches in a day. Rows say how many addresses of a network each minute had and
   * not which: as many as are met when each packet goes to any of them; in the mean day of a scan that lasts longer. It is
   * no more than the share of networks among all that anybody was seen to reach.
   */
  #share(slot: number): number {
    const { in_minutes, places } = this.#events.columns
    const met = in_minutes[slot]! * Math.min(1, DAY_S / this.#duration(slot))
    const reached = Math.max(1 - Math.exp(-met / this.#addresses), Math.min(met, this.#destinations(slot)) / this.#addresses)
    return Math.min(reached, bitsIn(places, PLACE_WORDS, slot) / Math.max(1, this.#places.size))
  }

  /** By how many standard deviations the times between its minutes are more even than chance has them; 0 for fast scans. */
  #evenness(slot: number): number {
    const { first, last, gaps, gap_squares } = this.#events.columns
    const n = gaps[slot]!
    const minutes = (last[slot]! - first[slot]!) / MINUTE_S
    if (n < 2 || (minutes / n) * MINUTE_S < this.#parameters.aimed_gap_s_min) return 0
    // Chance hits each minute with probability n ÷ minutes: spacings are geometric, and a little more even than exponential ones.
    const by_minutes = 1 - (n / minutes) / 2
    const statistic = gap_squares[slot]! / minutes ** 2
    const deviation = Math.sqrt((4 * (n - 1)) / ((n + 1) ** 2 * (n + 2) * (n + 3)))
    return Math.max(0, ((2 / (n + 1)) * by_minutes - statistic) / deviation)
  }

  #isAimed(slot: number): boolean {
    return this.#evenness(slot) >= this.#parameters.aimed_deviations_min
  }

  #isAggressive(slot: number): boolean {
    return this.#share(slot) > this.#parameters.aggressive_share_min
  }

  /** Index of the severity. */
  #severity(slot: number): number {
    const { aggressive_severity, aimed_severity } = this.#parameters
    const aimed = this.#isAimed(slot) ? severities.indexOf(aimed_severity) : 0
    if (!this.#isAggressive(slot)) return aimed
    const source = sourceOf(this.#events.keys[slot]!)
    const own = this.#events.columns.own[slot] === 1 || this.#own.hasAddress(source, this.#texts.of)
    return Math.max(aimed, severities.indexOf(own ? 'warning' : aggressive_severity))
  }

  #crossed(slot: number, destinations: number, rate: number): Crossed[] {
    const { destinations_min, rate_pps_min, aggressive_share_min, aimed_deviations_min } = this.#parameters
    const at_least = (figure: Crossed['figure'], value: number, threshold: number): Crossed => ({ figure, value, threshold, rule: 'at_least' })
    return [
      ...(this.#isAimed(slot) ? [at_least('evenness', this.#evenness(slot), aimed_deviations_min)] : []),
      at_least('destinations_at_least', destinations, destinations_min), at_least('estimated_pps', rate, rate_pps_min),
      ...(this.#isAggressive(slot) ? [at_least('destination_share', this.#share(slot), aggressive_share_min)] : []),
    ]
  }

  #detection(slot: number, open: boolean): Detection {
    const { first, last, packets } = this.#events.columns
    const key = this.#events.keys[slot]!
    const port = key % PORT_KEYS
    const subject = { source: this.#texts.of(sourceOf(key)), ...portSubject(port) }
    const [start, end] = [first[slot]!, last[slot]! + MINUTE_S]
    const destinations_at_least = this.#destinations(slot)
    const estimated_pps = Math.round(this.#rate(slot))
    return {
      kind: 'scan', subject, start, end, open, packets: packets[slot]!, severity: this.#telling.severity(slot, this.#severity(slot)),
      figures: {
        destinations_at_least, destination_share: this.#share(slot), estimated_pps, timeout_s: Math.round(this.#timeout_s),
        seen_probability: 1 - Math.exp(-(this.#addresses * this.#parameters.rate_pps_min * this.#timeout_s) / IPV4_ADDRESSES),
        duration_s: end - start, ...(this.#isAimed(slot) ? { evenness: this.#evenness(slot) } : {}),
      },
      crossed: this.#crossed(slot, destinations_at_least, estimated_pps),
      evidence: [{
        query: { of: 'scans', ...subject, from: formatSeconds(start), to: formatSeconds(end), research: 'include' }, packets: packets[slot]!, sources: 1, sensors: null,
      }],
    }
  }
}

/** Source and port; of ICMP, whose kinds of scan are few, all types together. */
const keyOf = (source: number, port: number): number => source * PORT_KEYS + (isIcmp(port) ? port & ~0xffff : port)
const sourceOf = (key: number): number => Math.floor(key / PORT_KEYS)
