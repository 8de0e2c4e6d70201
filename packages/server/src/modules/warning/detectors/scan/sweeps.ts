import { DAY_S, formatSeconds, MINUTE_S } from '@hirundo/base'
import { severities } from '@hirundo/contract'
import { EventTable, rank, type ColumnSpec, type SavedEvents } from '../core/event-table.ts'
import { EventTelling, tellingColumns } from '../core/event-telling.ts'
import type { OwnMatcher } from '../core/own.ts'
import { hasPort } from '../core/port-key.ts'
import type { FlowColumns } from '../core/slice.ts'
import type { Detection } from '../model.ts'
import { addPort, portsIn, REGISTERS } from './distinct-ports.ts'
import type { ScanParameters } from './parameters.ts'

/** Ports from which an event is kept before those with fewer. */
const OFTEN = 8
const IPV4_ADDRESSES = 2 ** 32

const columns = {
  first: [Float64Array, 1], last: [Float64Array, 1], packets: [Float64Array, 1],
  /** Registers and estimate of the day of the last packet, and the highest estimate of the days before. */
  registers: [Uint8Array, REGISTERS], ports: [Uint32Array, 1], ports_before: [Uint32Array, 1],
  own: [Uint8Array, 1], ...tellingColumns,
} as const satisfies ColumnSpec

export interface SweepScene {
  readonly addresses: number
  readonly timeout_s: number
  readonly own: OwnMatcher
  readonly seed: number
}

/**
 * Sources that try very many ports in a day, of TCP and UDP together: whoever goes to each port once scans none of them (scan.ts),
 * and all of them. Packets without a port count as packets, so that a question by the source alone gives the number again.
 */
export class Sweeps {
  readonly #parameters: ScanParameters
  readonly #scene: SweepScene
  readonly #events: EventTable<typeof columns>
  readonly #telling: EventTelling

  constructor(parameters: ScanParameters, scene: SweepScene, saved?: SavedEvents) {
    this.#parameters = parameters
    this.#scene = scene
    this.#events = new EventTable(columns, parameters.sweeps_max, scene.seed, saved)
    this.#telling = new EventTelling(this.#events, parameters.update_s, parameters.record_update_s)
  }

  get shed(): number {
    return this.#events.shed
  }

  /** Takes rows of a minute. */
  take(rows: FlowColumns, from: number, to: number, minute: number): void {
    this.#events.reserve(to - from)
    for (let row = from; row < to; row++) {
      if (rows.scan[row] === 0 || rows.research[row] === 1) continue
      const slot = this.#slotOf(rows, row, minute)
      if (slot < 0) continue
      const c = this.#events.columns
      c.packets[slot]! += rows.scan[row]!
      const port = rows.port[row]!
      if (hasPort(port) && addPort(c.registers, slot, port)) c.ports[slot] = portsIn(c.registers, slot)
      this.#events.touch(slot, this.#ports(slot) >= OFTEN ? rank.often : rank.seldom)
      if (this.#ports(slot) >= this.#parameters.sweep_ports_min) this.#telling.note(slot, minute)
    }
  }

  *due(minute: number, text: (source: number) => string): Generator<Detection> {
    for (const slot of this.#telling.due(minute, (one) => (this.#isSweep(one) ? this.#severity(one, text) : -1))) yield this.#detection(slot, true, text)
  }

  closeBefore(second: number, text: (source: number) => string, found: Detection[]): void {
    const { last } = this.#events.columns
    this.#events.closeWhile((slot) => last[slot]! + MINUTE_S + this.#scene.timeout_s <= second, (slot) => {
      if (this.#isSweep(slot)) found.push(this.#detection(slot, false, text))
    })
  }

  *end(text: (source: number) => string): Generator<Detection> {
    for (const slot of this.#events.drain()) if (this.#isSweep(slot)) yield this.#detection(slot, false, text)
  }

  save(): SavedEvents {
    return this.#events.save()
  }

  #slotOf(rows: FlowColumns, row: number, minute: number): number {
    const key = rows.source[row]!
    const known = this.#events.find(key)
    const slot = known < 0 ? this.#events.open(key) : known
    if (slot < 0) return slot
    const c = this.#events.columns
    if (known < 0) {
      c.first[slot] = minute
      c.own[slot] = this.#scene.own.isRegistered(rows.economy[row]!, rows.asn[row]!) ? 1 : 0
    } else if (Math.floor(c.last[slot]! / DAY_S) !== Math.floor(minute / DAY_S)) {
      c.registers.fill(0, slot * REGISTERS, (slot + 1) * REGISTERS)
      c.ports_before[slot] = this.#ports(slot)
      c.ports[slot] = 0
    }
    c.last[slot] = minute
    return slot
  }

  /** Once it was told it is one: its rate may fall, and it must be said that it is over. */
  #isSweep(slot: number): boolean {
    const { sweep_ports_min, rate_pps_min } = this.#parameters
    return this.#telling.wasTold(slot) || (this.#ports(slot) >= sweep_ports_min && this.#rate(slot) >= rate_pps_min)
  }

  /** In its fullest day. */
  #ports(slot: number): number {
    const { ports, ports_before } = this.#events.columns
    return Math.max(ports[slot]!, ports_before[slot]!)
  }

  #duration(slot: number): number {
    const { first, last } = this.#events.columns
    return last[slot]! + MINUTE_S - first[slot]!
  }

  /** Packets a second to all of IPv4. */
  #rate(slot: number): number {
    return (this.#events.columns.packets[slot]! * IPV4_ADDRESSES) / this.#scene.addresses / this.#duration(slot)
  }

  /** Index of the severity. */
  #severity(slot: number, text: (source: number) => string): number {
    const own = this.#events.columns.own[slot] === 1 || this.#scene.own.hasAddress(this.#events.keys[slot]!, text)
    return severities.indexOf(own ? 'warning' : this.#parameters.aggressive_severity)
  }

  #detection(slot: number, open: boolean, text: (source: number) => string): Detection {
    const { first, last, packets } = this.#events.columns
    const { sweep_ports_min, rate_pps_min } = this.#parameters
    const { addresses, timeout_s } = this.#scene
    const subject = { source: text(this.#events.keys[slot]!) }
    const [start, end, ports, estimated_pps] = [first[slot]!, last[slot]! + MINUTE_S, this.#ports(slot), Math.round(this.#rate(slot))]
    return {
      kind: 'scan', subject, start, end, open, packets: packets[slot]!, severity: this.#telling.severity(slot, this.#severity(slot, text)),
      figures: {
        ports, estimated_pps, timeout_s: Math.round(timeout_s), seen_probability: 1 - Math.exp(-(addresses * rate_pps_min * timeout_s) / IPV4_ADDRESSES), duration_s: end - start,
      },
      crossed: [{ figure: 'ports', value: ports, threshold: sweep_ports_min, rule: 'at_least' }, { figure: 'estimated_pps', value: estimated_pps, threshold: rate_pps_min, rule: 'at_least' }],
      evidence: [{ query: { of: 'scans', ...subject, from: formatSeconds(start), to: formatSeconds(end), research: 'include' }, packets: packets[slot]!, sources: 1, sensors: null }],
    }
  }
}
