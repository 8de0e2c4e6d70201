import { doubled } from '../core/grown.ts'
import { KeyIndex } from '../core/key-index.ts'
import { PORT_KEYS, type PortKey } from '../core/port-key.ts'
import { joinedLook, type Look } from './looks.ts'
import { MainPorts, SourceBook } from './sources.ts'

export interface DayBounds {
  /** Pairs of a source and a port. */
  readonly pairs_max: number
  /** Sources of one port; of a port that more try, a part is kept that stands for all: every 2ⁿ-th by its address. */
  readonly port_sources_max: number
  /** Ports of one source; who tries more sweeps ports and is no member of anything. */
  readonly source_ports_max: number
}

const HOURS = 24
const HOUR_MINUTES = 60
const START = 1024
const NONE = -1

/** Spreads addresses: every 2ⁿ-th is one whose first n bits are zero. The same for all runs: what is found must not hang on a seed. */
function spread(source: number): number {
  let h = Math.imul((source | 0) ^ Math.imul((source / 0x1_0000_0000) | 0, 0x9e3779b1), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35)
  return (h ^ (h >>> 13)) >>> 0
}
/** Whether a source is one of the 1 in 2^level that are kept. */
export const isKept = (source: number, level: number): boolean => level === 0 || spread(source) >>> (32 - level) === 0

export interface SavedDay {
  readonly keys: Float64Array
  readonly packets: Uint32Array
  readonly hours: Uint32Array
  readonly spans: Uint32Array
  readonly sensors_low: Uint32Array
  readonly sensors_high: Uint32Array
  readonly looks: Uint32Array
  readonly source_keys: Float64Array
  readonly source_ports: Uint8Array
  readonly ports: Uint32Array
  readonly port_levels: Uint8Array
  readonly port_incomplete: Uint8Array
  readonly port_hours: Uint32Array
  readonly shed: number
}

/** One source on one port in a day, as `each` shows it; overwritten by the next. */
export interface Member {
  source: number
  packets: number
  /** Bit of each hour in which it came. */
  hours: number
  /** Minutes of the day in which it came first and last. */
  first: number
  last: number
  /** Sensors by number modulo 64. */
  sensors_low: number
  sensors_high: number
  look: Look
}

/**
 * Who tried which port in a UTC day, in bounded memory. Counts of packets are exact; of busy ports some of the sources are kept.
 * Ports of TCP and UDP only. What is kept does not depend on the order of rows within the bounds.
 */
export class DayPairs {
  shed = 0
  readonly #bounds: DayBounds
  readonly #seed: number
  readonly #index: KeyIndex
  #keys = new Float64Array(START)
  #packets = new Uint32Array(START)
  #hours = new Uint32Array(START)
  /** First minute | last minute << 16. */
  #spans = new Uint32Array(START)
  #sensors_low = new Uint32Array(START)
  #sensors_high = new Uint32Array(START)
  #looks = new Uint32Array(START)
  /** Slot of the next pair of the same port. */
  #next = new Int32Array(START)
  #used = 0
  readonly #free: number[] = []
  readonly #sources: SourceBook
  /** By port: first pair, pairs, level, 1 when a source that sweeps was left out, and place in #port_hours. */
  readonly #heads = new Int32Array(PORT_KEYS).fill(NONE)
  readonly #counts = new Int32Array(PORT_KEYS)
  readonly #levels = new Uint8Array(PORT_KEYS)
  readonly #incomplete = new Uint8Array(PORT_KEYS)
  readonly #places = new Int32Array(PORT_KEYS).fill(NONE)
  readonly #ports: number[] = []
  #port_hours = new Uint32Array(HOURS * START)

  constructor(bounds: DayBounds, seed: number, saved?: SavedDay) {
    this.#bounds = bounds
    this.#seed = seed
    this.#index = new KeyIndex(seed)
    this.#sources = new SourceBook(seed)
    if (saved) this.#restore(saved)
  }

  /** Ports that anything came to, in the order in which they were met. */
  get ports(): readonly PortKey[] {
    return this.#ports
  }

  /** All sources that are known. */
  get sources(): Float64Array {
    return this.#sources.save().source_keys
  }

  get pairs(): number {
    return this.#used - this.#free.length
  }

  /** How many sources of a port there were; an estimate where `levelOf` is above 0. */
  sourcesOf(port: PortKey): number {
    return this.#counts[port]! * 2 ** this.#levels[port]!
  }

  levelOf(port: PortKey): number {
    return this.#levels[port]!
  }

  /** Whether every source of the port is kept. */
  isWhole(port: PortKey): boolean {
    return this.#levels[port] === 0 && this.#incomplete[port] === 0
  }

  /** Packets to a port from one hour of the day (0 … 23) on. */
  packetsSince(port: PortKey, hour: number): number {
    const place = this.#places[port]!
    let sum = 0
    if (place >= 0) for (let i = hour; i < HOURS; i++) sum += this.#port_hours[place * HOURS + i]!
    return sum
  }

  /** Packets of a minute of the day (0 … 1439); minutes come in order. */
  add(source: number, port: PortKey, minute: number, packets: number, sensor: number, look: Look): void {
    const hour = Math.floor(minute / HOUR_MINUTES)
    this.#countPort(port, hour, packets)
    if (!isKept(source, this.#levels[port]!)) return
    const key = source * PORT_KEYS + port
    let slot = this.#index.find(key, this.#keys)
    if (slot < 0) {
      slot = this.#open(source, port, key)
      if (slot < 0) return
      this.#looks[slot] = look
      this.#spans[slot] = minute
    } else if (this.#looks[slot] !== look) this.#looks[slot] = joinedLook(this.#looks[slot]!, look)
    this.#packets[slot]! += packets
    this.#hours[slot] = this.#hours[slot]! | (1 << hour)
    this.#spans[slot] = (this.#spans[slot]! & 0xffff) | (minute << 16)
    const sensors = (sensor & 32) === 0 ? this.#sensors_low : this.#sensors_high
    sensors[slot] = sensors[slot]! | (1 << (sensor & 31))
    if (this.#counts[port]! > this.#bounds.port_sources_max) this.#thin(port)
  }

  /** How many pairs of each look a port has, sweepers included: no fewer than members. */
  looksOf(port: PortKey): Map<Look, number> {
    const counts = new Map<Look, number>()
    for (let slot = this.#heads[port]!; slot !== NONE; slot = this.#next[slot]!) counts.set(this.#looks[slot]!, (counts.get(this.#looks[slot]!) ?? 0) + 1)
    return counts
  }

  /** Shows the sources of a port, in no order; `sweepers`: those too that sweep ports. */
  each(port: PortKey, sweepers: boolean, see: (member: Member) => void): void {
    const member: Member = { source: 0, packets: 0, hours: 0, first: 0, last: 0, sensors_low: 0, sensors_high: 0, look: 0 }
    for (let slot = this.#heads[port]!; slot !== NONE; slot = this.#next[slot]!) {
      member.source = (this.#keys[slot]! - port) / PORT_KEYS
      if (!sweepers && this.#sources.portsOf(member.source) > this.#bounds.source_ports_max) continue
      member.packets = this.#packets[slot]!
      member.hours = this.#hours[slot]!
      member.first = this.#spans[slot]! & 0xffff
      member.last = this.#spans[slot]! >>> 16
      member.sensors_low = this.#sensors_low[slot]!
      member.sensors_high = this.#sensors_high[slot]!
      member.look = this.#looks[slot]!
      see(member)
    }
  }

  /** Minute of the day in which a source came to a port last; −1: it is not known to have come. */
  lastMinute(source: number, port: PortKey): number {
    const slot = this.#index.find(source * PORT_KEYS + port, this.#keys)
    return slot < 0 ? -1 : this.#spans[slot]! >>> 16
  }

  /** Distinct sources of a port from one hour on, sweepers included; undefined when not all are kept. */
  sourcesSince(port: PortKey, hour: number): number | undefined {
    if (!this.isWhole(port)) return undefined
    let count = 0
    for (let slot = this.#heads[port]!; slot !== NONE; slot = this.#next[slot]!) if (this.#hours[slot]! >>> hour !== 0) count++
    return count
  }

  /** The port that each source sent most to (the lower of equals); sweepers are left out. */
  mains(): MainPorts {
    const most = new Uint32Array(this.#sources.size)
    const main = new Int32Array(this.#sources.size).fill(NONE)
    for (const port of this.#ports) {
      this.each(port, false, ({ source, packets }) => {
        const at = this.#sources.find(source)
        if (packets < most[at]! || (packets === most[at] && main[at]! >= 0 && main[at]! < port)) return
        most[at] = packets
        main[at] = port
      })
    }
    const kept = Array.from(main.keys()).filter((at) => main[at]! >= 0)
    return new MainPorts(Float64Array.from(kept, (at) => this.#sources.keyAt(at)), Uint32Array.from(kept, (at) => main[at]!), this.#seed)
  }

  save(): SavedDay {
    const slots = new Int32Array(this.pairs)
    let count = 0
    for (const port of this.#ports) {
      // Backwards: when they are put in again, each comes before those that were.
      let at = (count += this.#counts[port]!)
      for (let slot = this.#heads[port]!; slot !== NONE; slot = this.#next[slot]!) slots[--at] = slot
    }
    const gathered = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
      for (let i = 0; i < slots.length; i++) to[i] = from[slots[i]!]!
      return to
    }
    const words = (from: Uint32Array): Uint32Array => gathered(from, new Uint32Array(slots.length))
    const ports = Uint32Array.from(this.#ports)
    return {
      keys: gathered(this.#keys, new Float64Array(slots.length)), packets: words(this.#packets), hours: words(this.#hours), spans: words(this.#spans), looks: words(this.#looks),
      sensors_low: words(this.#sensors_low), sensors_high: words(this.#sensors_high),
      ...this.#sources.save(), ports, port_levels: Uint8Array.from(ports, (port) => this.#levels[port]!),
      port_incomplete: Uint8Array.from(ports, (port) => this.#incomplete[port]!), port_hours: this.#port_hours.slice(0, ports.length * HOURS), shed: this.shed,
    }
  }

  #restore(saved: SavedDay): void {
    saved.ports.forEach((port, i) => {
      for (let hour = 0; hour < HOURS; hour++) this.#countPort(port, hour, saved.port_hours[i * HOURS + hour]!)
      this.#levels[port] = saved.port_levels[i]!
      this.#incomplete[port] = saved.port_incomplete[i]!
    })
    saved.keys.forEach((key, i) => {
      const port = key % PORT_KEYS
      const slot = this.#claim(port, key)
      this.#packets[slot] = saved.packets[i]!
      this.#hours[slot] = saved.hours[i]!
      this.#spans[slot] = saved.spans[i]!
      this.#looks[slot] = saved.looks[i]!
      this.#sensors_low[slot] = saved.sensors_low[i]!
      this.#sensors_high[slot] = saved.sensors_high[i]!
    })
    this.#sources.restore(saved.source_keys, saved.source_ports)
    this.shed = saved.shed
  }

  #countPort(port: PortKey, hour: number, packets: number): void {
    let place = this.#places[port]!
    if (place < 0) {
      place = this.#places[port] = this.#ports.push(port) - 1
      if ((place + 1) * HOURS > this.#port_hours.length) this.#port_hours = doubled(this.#port_hours)
    }
    const at = place * HOURS + hour
    this.#port_hours[at] = Math.min(0xffffffff, this.#port_hours[at]! + packets)
  }

  #open(source: number, port: PortKey, key: number): number {
    // Of ports that were thinned out sources stay known: they have a bound of their own.
    if (this.pairs >= this.#bounds.pairs_max || (this.#sources.size >= this.#bounds.pairs_max && this.#sources.find(source) < 0)) {
      this.shed++
      this.#incomplete[port] = 1
      return NONE
    }
    // One more is counted than kept: so it is known who sweeps.
    if (this.#sources.countPort(source) > this.#bounds.source_ports_max) {
      this.#incomplete[port] = 1
      return NONE
    }
    return this.#claim(port, key)
  }

  #claim(port: PortKey, key: number): number {
    const slot = this.#free.pop() ?? this.#used++
    if (slot === this.#keys.length) this.#grow()
    this.#keys[slot] = key
    this.#packets[slot] = this.#hours[slot] = this.#spans[slot] = this.#sensors_low[slot] = this.#sensors_high[slot] = 0
    this.#index.add(key, slot, this.#keys)
    this.#next[slot] = this.#heads[port]!
    this.#heads[port] = slot
    this.#counts[port]!++
    return slot
  }

  /** Keeps every second of the sources of a busy port. */
  #thin(port: PortKey): void {
    const level = ++this.#levels[port]!
    let slot = this.#heads[port]!
    let last = NONE
    this.#heads[port] = NONE
    while (slot !== NONE) {
      const next = this.#next[slot]!
      if (isKept((this.#keys[slot]! - port) / PORT_KEYS, level)) {
        if (last === NONE) this.#heads[port] = slot
        else this.#next[last] = slot
        this.#next[slot] = NONE
        last = slot
      } else {
        this.#index.remove(this.#keys[slot]!, this.#keys)
        this.#free.push(slot)
        this.#counts[port]!--
      }
      slot = next
    }
  }

  #grow(): void {
    this.#keys = doubled(this.#keys)
    this.#packets = doubled(this.#packets)
    this.#hours = doubled(this.#hours)
    this.#spans = doubled(this.#spans)
    this.#sensors_low = doubled(this.#sensors_low)
    this.#sensors_high = doubled(this.#sensors_high)
    this.#looks = doubled(this.#looks)
    this.#next = doubled(this.#next)
  }
}
