import { formatSeconds, protocolName } from '@hirundo/base'
import { severities } from '@hirundo/contract'
import { AddressTexts, type SavedTexts } from './core/address-texts.ts'
import { addBit, BitBook, bitsIn, SENSOR_WORDS, sensors_max, type SavedBits } from './core/bit-sets.ts'
import { rowsBySecond } from './core/by-second.ts'
import { EventTable, rank, type ColumnSpec, type SavedEvents } from './core/event-table.ts'
import { EventTelling, tellingColumns } from './core/event-telling.ts'
import { OwnMatcher } from './core/own.ts'
import type { BackscatterColumns, FlowColumns, Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Run, type Scene } from './model.ts'

export interface RsdosParameters {
  readonly packets_min: number
  /** Whole seconds that surely lie between the first and the last packet, whose bins alone are known. */
  readonly duration_s_min: number
  /** Packets in the densest 60 s, which slide by 10 s. */
  readonly ppm_min: number
  /** A victim that is silent for longer has been left alone. */
  readonly gap_s: number
  /** Length of the bins that come: 10 from sensors, 1 from captures. */
  readonly bin_s: number
  /**
   * An own victim that is sent so many packets a second, as estimated, is urgent. Moore et al. name 14,000 a second as what
   * puts even a specialised firewall out of service. Where it is not known how many addresses observe: ten times `ppm_min`.
   */
  readonly urgent_pps_min: number
  /** Shortest time between two tellings of an attack that goes on. */
  readonly update_s: number
  /** Victims that are watched at once. */
  readonly victims_max: number
}

/**
 * Randomly spoofed denial of service by its backscatter: Moore, Voelker and Savage, "Inferring Internet Denial-of-Service
 * Activity" (USENIX Security 2001), with the thresholds that CAIDA's corsaro3 uses. Of bins of 10 s only what is sure counts
 * as duration: packets 51 s apart never count as 60, and some attacks of less than 70 s are missed.
 */
export const rsdos = defineDetector<RsdosParameters>({
  kind: 'rsdos',
  version: 2,
  source: 'Moore, Voelker, Savage: Inferring Internet Denial-of-Service Activity, USENIX Security 2001; thresholds of CAIDA corsaro3',
  defaults: { packets_min: 25, duration_s_min: 60, ppm_min: 30, gap_s: 300, bin_s: 10, urgent_pps_min: 14_000, update_s: 600, victims_max: 200_000 },
  start: (parameters, scene, saved) => new RsdosRun(parameters, scene, saved as Saved | undefined),
})

const MINUTE_S = 60
const STEP_S = 10
const STEPS = MINUTE_S / STEP_S
const IPV4_ADDRESSES = 2 ** 32
const PROTOCOLS = 256
/** Rows between two looks at the room in the table. */
const BLOCK_ROWS = 4096
const URGENT_TIMES_PPM = 10
/** A victim with this part of the least packets of an attack is kept before those with fewer. */
const OFTEN_PART = 5

const columns = {
  first: [Float64Array, 1], last: [Float64Array, 1], packets: [Float64Array, 1], bytes: [Float64Array, 1], ports: [Uint16Array, 1],
  /** Packets of the last six steps of 10 s, by (second ÷ 10) mod 6, and their sum. */
  steps: [Float64Array, STEPS], in_steps: [Float64Array, 1], max_ppm: [Float64Array, 1],
  sensors: [Uint32Array, SENSOR_WORDS],
  /** 1: registered to an own economy or AS. */
  own: [Uint8Array, 1],
  ...tellingColumns,
} as const satisfies ColumnSpec

interface Saved {
  readonly events: SavedEvents
  readonly sensors: SavedBits
  readonly texts: SavedTexts
  readonly late_rows: number
}

class RsdosRun implements Run {
  readonly #parameters: RsdosParameters
  readonly #scene: Scene
  readonly #own: OwnMatcher
  readonly #events: EventTable<typeof columns>
  readonly #sensors: BitBook
  readonly #texts: AddressTexts
  /** Rows from before an attack that was told already: its begin is its name. */
  #late_rows: number
  readonly #telling: EventTelling

  constructor(parameters: RsdosParameters, scene: Scene, saved: Saved | undefined) {
    this.#parameters = parameters
    this.#scene = scene
    this.#own = new OwnMatcher(scene.own)
    this.#events = new EventTable(columns, parameters.victims_max, scene.seed ?? 0, saved?.events)
    this.#telling = new EventTelling(this.#events, parameters.update_s)
    this.#sensors = new BitBook(sensors_max, scene.seed ?? 0, saved?.sensors)
    this.#texts = new AddressTexts(saved?.texts)
    this.#late_rows = saved?.late_rows ?? 0
  }

  get shed(): Readonly<Record<string, number>> {
    return { victims: this.#events.shed, late_rows: this.#late_rows }
  }

  minute({ minute, backscatter, flows, addressText }: Slice): readonly Detection[] {
    this.#texts.of = addressText
    const found: Detection[] = []
    this.#closeBefore(minute, found)
    const own = ownVictims(flows, this.#own)
    const order = rowsBySecond(backscatter.bin, backscatter.rows)
    for (let from = 0; from < backscatter.rows; from += BLOCK_ROWS) {
      this.#events.reserve(BLOCK_ROWS)
      this.#take(backscatter, order, from, Math.min(from + BLOCK_ROWS, backscatter.rows), minute, own, found)
    }
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
      events, sensors: this.#sensors.save(), late_rows: this.#late_rows,
      texts: this.#texts.save(Array.from(victims, (key) => Math.floor(key / PROTOCOLS))),
    } satisfies Saved
  }

  #take(rows: BackscatterColumns, order: Uint32Array | undefined, from: number, to: number, minute: number, own: ReadonlySet<number>, found: Detection[]): void {
    const events = this.#events
    const c = events.columns
    const { packets_min, gap_s, bin_s } = this.#parameters
    const often_min = packets_min / OFTEN_PART
    for (let i = from; i < to; i++) {
      const row = order ? order[i]! : i
      const bin = rows.bin[row]!
      const key = rows.victim[row]! * PROTOCOLS + rows.protocol[row]!
      let slot = events.find(key)
      if (slot >= 0 && bin - c.last[slot]! >= gap_s + bin_s) {
        this.#tellOver(slot, found)
        events.close(slot)
        slot = -1
      }
      if (slot < 0) {
        slot = events.open(key)
        if (slot < 0) continue
        c.first[slot] = c.last[slot] = bin
      } else if (bin < c.first[slot]!) {
        if (c.told[slot] !== 0) {
          this.#late_rows++
          continue
        }
        c.first[slot] = bin
      }
      const packets = rows.packets[row]!
      c.packets[slot]! += packets
      c.bytes[slot]! += rows.bytes[row]!
      if (rows.ports[row]! > c.ports[slot]!) c.ports[slot] = rows.ports[row]!
      addBit(c.sensors, SENSOR_WORDS, slot, this.#sensors.bitOf(rows.sensor[row]!))
      if (own.size > 0 && own.has(rows.victim[row]!)) c.own[slot] = 1
      // Rows that come late count in the sums and not in the densest minute.
      if (bin >= c.last[slot]!) this.#slide(slot, bin, packets)
      events.touch(slot, c.packets[slot]! >= often_min ? rank.often : rank.seldom)
      if (c.packets[slot]! >= packets_min) this.#telling.note(slot, minute)
    }
  }

  /** Adds to the window of 60 s, which moves on to the step of `bin`. */
  #slide(slot: number, bin: number, packets: number): void {
    const { steps, in_steps, last, max_ppm } = this.#events.columns
    const step = Math.floor(bin / STEP_S)
    const at = slot * STEPS
    // Steps between the last one and this had nothing.
    const passed = Math.min(STEPS, step - Math.floor(last[slot]! / STEP_S))
    for (let i = step - passed + 1; i <= step; i++) {
      in_steps[slot]! -= steps[at + (i % STEPS)]!
      steps[at + (i % STEPS)] = 0
    }
    steps[at + (step % STEPS)]! += packets
    in_steps[slot]! += packets
    last[slot] = bin
    if (in_steps[slot]! > max_ppm[slot]!) max_ppm[slot] = in_steps[slot]!
  }

  #closeBefore(second: number, found: Detection[]): void {
    const { gap_s, bin_s } = this.#parameters
    const { last } = this.#events.columns
    this.#events.closeWhile((slot) => last[slot]! + bin_s + gap_s <= second, (slot) => this.#tellOver(slot, found))
  }

  #tellOver(slot: number, found: Detection[]): void {
    if (this.#isAttack(slot)) found.push(this.#detection(slot, false))
  }

  #isAttack(slot: number): boolean {
    const { packets, max_ppm } = this.#events.columns
    const { packets_min, duration_s_min, ppm_min } = this.#parameters
    return packets[slot]! >= packets_min && max_ppm[slot]! >= ppm_min && this.#duration(slot) >= duration_s_min
  }

  #duration(slot: number): number {
    const { first, last } = this.#events.columns
    return Math.max(0, last[slot]! - first[slot]! - (this.#parameters.bin_s - 1))
  }

  /** Index of the severity. */
  #severity(slot: number): number {
    const { own, max_ppm } = this.#events.columns
    const victim = Math.floor(this.#events.keys[slot]! / PROTOCOLS)
    if (own[slot] !== 1 && !this.#own.hasAddress(victim, this.#texts.of)) return severities.indexOf('notice')
    const { urgent_pps_min, ppm_min } = this.#parameters
    const { addresses } = this.#scene
    const strong = addresses > 0 ? (max_ppm[slot]! * IPV4_ADDRESSES) / addresses / MINUTE_S >= urgent_pps_min : max_ppm[slot]! >= URGENT_TIMES_PPM * ppm_min
    return severities.indexOf(strong ? 'urgent' : 'warning')
  }

  #detection(slot: number, open: boolean): Detection {
    const c = this.#events.columns
    const { packets_min, duration_s_min, ppm_min, bin_s } = this.#parameters
    const { addresses } = this.#scene
    const key = this.#events.keys[slot]!
    const subject = { victim: this.#texts.of(Math.floor(key / PROTOCOLS)), protocol: protocolName(key % PROTOCOLS) }
    const [start, end, packets, max_ppm] = [c.first[slot]!, c.last[slot]! + bin_s, c.packets[slot]!, c.max_ppm[slot]!]
    const sensors = bitsIn(c.sensors, SENSOR_WORDS, slot)
    const duration_s = this.#duration(slot)
    return {
      kind: 'rsdos', subject, start, end, open, severity: this.#telling.severity(slot, this.#severity(slot)), packets, max_ppm,
      figures: {
        bytes: c.bytes[slot]!, ports: c.ports[slot]!, duration_s, sensors,
        ...(addresses > 0 ? { estimated_ppm: Math.round((max_ppm * IPV4_ADDRESSES) / addresses) } : {}),
      },
      crossed: [
        { figure: 'packets', value: packets, threshold: packets_min, rule: 'at_least' },
        { figure: 'duration_s', value: duration_s, threshold: duration_s_min, rule: 'at_least' },
        { figure: 'max_ppm', value: max_ppm, threshold: ppm_min, rule: 'at_least' },
      ],
      evidence: [{
        query: { of: 'backscatter', ...subject, from: formatSeconds(start), to: formatSeconds(end), research: 'include' },
        packets, sources: null, sensors: this.#sensors.exact ? sensors : null,
      }],
    }
  }
}

const nobody: ReadonlySet<number> = new Set()

/** Sources of answers and errors in these flows that are registered to an own economy or AS: rows of backscatter do not say. */
function ownVictims(flows: FlowColumns, own: OwnMatcher): ReadonlySet<number> {
  if (!own.by_register) return nobody
  const found = new Set<number>()
  for (let i = 0; i < flows.rows; i++) {
    if (flows.packets[i]! > flows.scan[i]! && own.isRegistered(flows.economy[i]!, flows.asn[i]!)) found.add(flows.source[i]!)
  }
  return found
}
