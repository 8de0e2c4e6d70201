import { formatSeconds, MINUTE_S } from '@hirundo/base'
import { severities, type Crossed } from '@hirundo/contract'
import { AddressTexts, type SavedTexts } from './core/address-texts.ts'
import { addBit, BitBook, bitsIn, SENSOR_WORDS, sensors_max, type SavedBits } from './core/bit-sets.ts'
import { EventTable, type ColumnSpec, type SavedEvents } from './core/event-table.ts'
import { EventTelling, tellingColumns } from './core/event-telling.ts'
import { minuteOf } from './core/minute-of.ts'
import { OwnMatcher } from './core/own.ts'
import { hasPort, isTcp, portOf } from './core/port-key.ts'
import { addPort, portsOf, type PortList } from './core/port-lists.ts'
import type { Heard, Slice } from './core/slice.ts'
import { defineDetector, type Detection, type Run, type Scene } from './model.ts'

export interface OwnNetworkParameters {
  /** Packets from which a source is told without the proof of a handshake: a single packet may be forged, and is a record. */
  readonly packets_min: number
  /** A source that was not seen for so long is told anew. */
  readonly gap_s: number
  readonly update_s: number
  readonly sources_max: number
}

/**
 * A machine of our own constituency that scans, seen by any sensor: Inoue et al., "DAEDALUS" (RAID 2009), mutual observation of
 * networks that should be silent towards each other. How sure it is that the address was not forged comes from sensors that
 * answer: a handshake was completed, or it then spoke the protocol. What only answers is the victim of an attack and no scanner.
 */
export const ownNetwork = defineDetector<OwnNetworkParameters>({
  kind: 'own-network',
  version: 1,
  source: 'Inoue et al.: DAEDALUS, RAID 2009',
  defaults: { packets_min: 3, gap_s: 86_400, update_s: 600, sources_max: 100_000 },
  start: (parameters, scene, saved) => new OwnNetworkRun(parameters, scene, saved as Saved | undefined),
})

/** Ports that are told apart for each source. */
const PORTS = 16

const columns = {
  first: [Float64Array, 1], last: [Float64Array, 1],
  /** Earliest and latest begin of an interaction over TCP; 0: there was none. */
  heard_first: [Float64Array, 1], heard_last: [Float64Array, 1],
  packets: [Float64Array, 1], interactions: [Uint32Array, 1], handshakes: [Uint32Array, 1], dialogues: [Uint32Array, 1],
  sensors: [Uint32Array, SENSOR_WORDS], ports: [Uint32Array, PORTS], port_packets: [Float64Array, PORTS], ...tellingColumns,
} as const satisfies ColumnSpec

interface Saved {
  readonly events: SavedEvents
  readonly sensors: SavedBits
  readonly texts: SavedTexts
}

class OwnNetworkRun implements Run {
  readonly #parameters: OwnNetworkParameters
  readonly #own: OwnMatcher
  readonly #events: EventTable<typeof columns>
  readonly #sensors: BitBook
  readonly #texts: AddressTexts
  readonly #telling: EventTelling

  constructor(parameters: OwnNetworkParameters, scene: Scene, saved: Saved | undefined) {
    this.#parameters = parameters
    this.#own = new OwnMatcher(scene.own)
    this.#events = new EventTable(columns, parameters.sources_max, scene.seed ?? 0, saved?.events)
    this.#telling = new EventTelling(this.#events, parameters.update_s)
    this.#sensors = new BitBook(sensors_max, scene.seed ?? 0, saved?.sensors)
    this.#texts = new AddressTexts(saved?.texts)
  }

  get shed(): Readonly<Record<string, number>> {
    return { sources: this.#events.shed }
  }

  minute({ minute, flows, heard, addressText }: Slice): readonly Detection[] {
    if (this.#own.none) return []
    this.#texts.of = addressText
    const found: Detection[] = []
    this.#closeBefore(minute, found)
    for (let row = 0; row < flows.rows; row++) {
      // Research scanners of our own are known.
      if (flows.scan[row] === 0 || flows.research[row] === 1 || !this.#own.has(flows.source[row]!, flows.economy[row]!, flows.asn[row]!, addressText)) continue
      const slot = this.#slot(flows.source[row]!, minute)
      if (slot < 0) continue
      this.#events.columns.packets[slot]! += flows.scan[row]!
      this.#note(slot, flows.sensor[row]!, flows.port[row]!, flows.scan[row]!)
    }
    for (const one of heard) {
      // A datagram is in the flows already, and may be in somebody else's name.
      if (!isTcp(one.port) || one.research || !this.#own.has(one.source, one.economy, one.asn, addressText)) continue
      const slot = this.#slot(one.source, minute)
      if (slot >= 0) this.#hear(slot, one)
    }
    for (const slot of this.#telling.due(minute, (slot) => this.#severity(slot))) found.push(this.#detection(slot, true))
    return found
  }

  #hear(slot: number, one: Heard): void {
    const { interactions, handshakes, dialogues, heard_first, heard_last } = this.#events.columns
    interactions[slot]!++
    if (one.handshake !== 'none') handshakes[slot]!++
    if (one.handshake === 'dialogue') dialogues[slot]!++
    if (heard_first[slot] === 0 || one.at < heard_first[slot]!) heard_first[slot] = one.at
    heard_last[slot] = Math.max(heard_last[slot]!, one.at)
    this.#note(slot, one.sensor, one.port, 0)
  }

  *end(): Generator<Detection> {
    for (const slot of this.#events.drain()) if (this.#telling.wasTold(slot)) yield this.#detection(slot, false)
  }

  save(): unknown {
    const events = this.#events.save()
    return { events, sensors: this.#sensors.save(), texts: this.#texts.save(events.keys) } satisfies Saved
  }

  #slot(source: number, minute: number): number {
    const events = this.#events
    let slot = events.find(source)
    if (slot < 0) {
      events.reserve(1)
      slot = events.open(source)
      if (slot < 0) return slot
      events.columns.first[slot] = minute
    }
    const c = events.columns
    c.last[slot] = minute
    events.touch(slot)
    this.#telling.note(slot, minute)
    return slot
  }

  #note(slot: number, sensor: number, port: number, packets: number): void {
    addBit(this.#events.columns.sensors, SENSOR_WORDS, slot, this.#sensors.bitOf(sensor))
    addPort(this.#ports, slot, port, packets)
  }

  get #ports(): PortList {
    return { keys: this.#events.columns.ports, packets: this.#events.columns.port_packets, width: PORTS }
  }

  #closeBefore(second: number, found: Detection[]): void {
    const { last } = this.#events.columns
    this.#events.closeWhile((slot) => last[slot]! + MINUTE_S + this.#parameters.gap_s <= second, (slot) => {
      if (this.#telling.wasTold(slot)) found.push(this.#detection(slot, false))
    })
  }

  /** Index of the severity; −1: a connection that was not completed, of which no packet was seen, says nothing. */
  #severity(slot: number): number {
    const { packets, handshakes, dialogues } = this.#events.columns
    if (packets[slot] === 0 && handshakes[slot] === 0) return -1
    if (dialogues[slot]! > 0) return severities.indexOf('urgent')
    return severities.indexOf(handshakes[slot]! > 0 || packets[slot]! >= this.#parameters.packets_min ? 'warning' : 'record')
  }

  #crossed(slot: number): Crossed[] {
    const { packets, handshakes, dialogues } = this.#events.columns
    const crossed: readonly Crossed[] = [
      { figure: 'dialogues', value: dialogues[slot]!, threshold: 1, rule: 'at_least' },
      { figure: 'handshakes', value: handshakes[slot]!, threshold: 1, rule: 'at_least' },
      { figure: 'packets', value: packets[slot]!, threshold: this.#parameters.packets_min, rule: 'at_least' },
    ]
    return crossed.filter(({ value, threshold }) => value >= threshold)
  }

  #detection(slot: number, open: boolean): Detection {
    const c = this.#events.columns
    const source = this.#texts.of(this.#events.keys[slot]!)
    const [start, end] = [c.first[slot]!, c.last[slot]! + MINUTE_S]
    const ports = portsOf(this.#ports, slot)
    const base = { source, research: 'include' } as const
    return {
      kind: 'own-network', subject: { source }, start, end, open, severity: this.#telling.severity(slot, this.#severity(slot)), packets: c.packets[slot]!,
      figures: {
        handshakes: c.handshakes[slot]!, dialogues: c.dialogues[slot]!, sensors: bitsIn(c.sensors, SENSOR_WORDS, slot), ports: ports.length, duration_s: end - start,
      },
      crossed: this.#crossed(slot),
      members: ports.map(portText),
      evidence: [
        { query: { of: 'scans', ...base, from: formatSeconds(start), to: formatSeconds(end) }, packets: c.packets[slot]!, sources: 1, sensors: null },
        ...(c.interactions[slot]! > 0 ? [{
          query: { of: 'interactions', ...base, protocol: 'tcp', from: formatSeconds(minuteOf(c.heard_first[slot]!)), to: formatSeconds(minuteOf(c.heard_last[slot]!) + MINUTE_S) },
          packets: c.interactions[slot]!, sources: 1, sensors: null,
        } as const] : []),
      ],
    }
  }
}

function portText(key: number): string {
  if (!hasPort(key)) return 'icmp'
  return `${key < 65_536 ? 'tcp' : 'udp'}/${portOf(key)}`
}
