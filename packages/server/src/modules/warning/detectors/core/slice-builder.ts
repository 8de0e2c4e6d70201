import { unwrap } from '@hirundo/base'
import { backscatterLayout, batchKinds, decodeInteraction, flowLayout, sensorMinuteLayout, splitInteractionRows, synSampleLayout, type Interaction } from '@hirundo/formats'
import { NO_ADDRESS, type AddressBook } from './address-book.ts'
import { growingBackscatter, growingFlows, growingSyns } from './columns.ts'
import { portKey } from './port-key.ts'
import { toolBits, type Heard, type Slice } from './slice.ts'

/** What the node knows of an address beside the packets. */
export interface Known {
  /** Two letters as `first << 8 | second`; 0: not known. */
  readonly economy: number
  readonly asn: number
  readonly research: boolean
}
export type Lookup = (source: number) => Known
const unknown: Known = { economy: 0, asn: 0, research: false }

/**
 * Where the columns of a row lie. A layout of the wire (formats/row-layout.ts) or of the store, which then also has
 * `sensor` (UInt32), `economy` (two letters), `asn` (UInt32) and `research` (UInt8).
 */
export interface RowOffsets {
  readonly row_bytes: number
  readonly offset: Readonly<Record<string, number>>
}

/** Minutes that are open at once; beyond it rows are shed (a clock that runs wild opens one with each row). */
const open_minutes_max = 4096
const SECONDS = 60
const minuteOf = (second: number): number => second - (second % SECONDS)
export const economyNumber = (text: string): number => (text.length === 2 ? (text.charCodeAt(0) << 8) | text.charCodeAt(1) : 0)
export const economyText = (number: number): string => (number === 0 ? '' : String.fromCharCode(number >>> 8, number & 255))

class OpenMinute {
  readonly flows = growingFlows()
  readonly backscatter = growingBackscatter()
  readonly syns = growingSyns()
  readonly heard: Heard[] = []
  readonly watched = new Map<number, number>()
}

/**
 * Makes slices of rows. Rows of a minute may come in any order and from several sensors, until the minute is taken; what
 * comes later is counted in `shed.late_rows` and left to a replay.
 */
export class SliceBuilder {
  readonly shed = { late_rows: 0, addresses_v6: 0, open_minutes: 0 }
  readonly book: AddressBook
  readonly #lookup: Lookup
  readonly #open = new Map<number, OpenMinute>()
  readonly #spare: OpenMinute[] = []
  /** Minutes before it were taken. */
  #taken = -Infinity

  constructor(book: AddressBook, lookup: Lookup = () => unknown) {
    this.book = book
    this.#lookup = lookup
  }

  /** A batch's body as it comes over the wire; kinds that say nothing here are left out. */
  addBatch(kind: number, sensor: number, rows: number, body: Uint8Array): void {
    if (kind === batchKinds.flow) this.addFlows(flowLayout, rows, body, sensor)
    else if (kind === batchKinds.backscatter) this.addBackscatter(backscatterLayout, rows, body, sensor)
    else if (kind === batchKinds.syn_sample) this.addSyns(synSampleLayout, rows, body, sensor)
    else if (kind === batchKinds.sensor_minute) this.addWatched(sensorMinuteLayout, rows, body, sensor)
    else if (kind === batchKinds.interaction) for (const row of unwrap(splitInteractionRows(body, rows))) this.#addInteraction(unwrap(decodeInteraction(row)), sensor)
  }

  addFlows({ row_bytes, offset }: RowOffsets, rows: number, body: Uint8Array, sensor = 0): void {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    const at = (name: string): number => offset[name] ?? -1
    const o = {
      minute: at('minute'), src: at('src'), net: at('dst_net'), port: at('dst_port'), type: at('icmp_type'), code: at('icmp_code'), protocol: at('protocol'),
      packets: at('packets'), bytes: at('bytes'), scan: at('scan'), dsts: at('dsts'), ttl: at('ttl_common'), window: at('syn_window'),
      mirai: at('tool_mirai'), zmap: at('tool_zmap'), masscan: at('tool_masscan'), sensor: at('sensor'), economy: at('economy'), asn: at('asn'), research: at('research'),
    }
    for (let row = 0, p = 0; row < rows; row++, p += row_bytes) {
      const second = view.getUint32(p + o.minute, true)
      const minute = this.#minute(second)
      if (!minute) continue
      const source = this.#number(body, p + o.src, second)
      const network = this.#counted(this.book.network(body, p + o.net, second))
      if (source === NO_ADDRESS || network === NO_ADDRESS) continue
      const { flows } = minute
      flows.reserve(1)
      const i = flows.rows++
      const c = flows.columns
      c.sensor[i] = o.sensor < 0 ? sensor : view.getUint32(p + o.sensor, true)
      c.source[i] = source
      c.network[i] = network
      c.port[i] = portKey(body[p + o.protocol]!, view.getInt32(p + o.port, true), view.getInt16(p + o.type, true), view.getInt16(p + o.code, true))
      c.packets[i] = view.getUint32(p + o.packets, true)
      c.bytes[i] = wide(view, p + o.bytes)
      c.scan[i] = view.getUint32(p + o.scan, true)
      c.destinations[i] = view.getUint32(p + o.dsts, true)
      c.ttl[i] = view.getInt16(p + o.ttl, true)
      c.window[i] = view.getInt32(p + o.window, true)
      c.tools[i] = (view.getUint32(p + o.mirai, true) > 0 ? toolBits.mirai : 0) | (view.getUint32(p + o.zmap, true) > 0 ? toolBits.zmap : 0) | (view.getUint32(p + o.masscan, true) > 0 ? toolBits.masscan : 0)
      const known = o.research < 0 ? this.#lookup(source) : undefined
      c.research[i] = known ? Number(known.research) : body[p + o.research]!
      c.economy[i] = known ? known.economy : (body[p + o.economy]! << 8) | body[p + o.economy + 1]!
      c.asn[i] = known ? known.asn : view.getUint32(p + o.asn, true)
    }
  }

  addBackscatter({ row_bytes, offset }: RowOffsets, rows: number, body: Uint8Array, sensor = 0): void {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    for (let row = 0, p = 0; row < rows; row++, p += row_bytes) {
      const second = view.getUint32(p + offset['bin']!, true)
      const minute = this.#minute(second)
      const victim = minute ? this.#number(body, p + offset['victim']!, second) : NO_ADDRESS
      if (!minute || victim === NO_ADDRESS) continue
      minute.backscatter.reserve(1)
      const i = minute.backscatter.rows++
      const c = minute.backscatter.columns
      c.bin[i] = second
      c.sensor[i] = offset['sensor'] === undefined ? sensor : view.getUint32(p + offset['sensor'], true)
      c.victim[i] = victim
      c.protocol[i] = body[p + offset['protocol']!]!
      c.packets[i] = view.getUint32(p + offset['packets']!, true)
      c.bytes[i] = wide(view, p + offset['bytes']!)
      c.ports[i] = view.getUint16(p + offset['ports']!, true)
    }
  }

  addSyns({ row_bytes, offset }: RowOffsets, rows: number, body: Uint8Array, sensor = 0): void {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    for (let row = 0, p = 0; row < rows; row++, p += row_bytes) {
      const second = view.getUint32(p + offset['second']!, true)
      const minute = this.#minute(second)
      const source = minute ? this.#number(body, p + offset['src']!, second) : NO_ADDRESS
      if (!minute || source === NO_ADDRESS) continue
      minute.syns.reserve(1)
      const i = minute.syns.rows++
      const c = minute.syns.columns
      c.second[i] = second
      c.sensor[i] = offset['sensor'] === undefined ? sensor : view.getUint32(p + offset['sensor'], true)
      c.source[i] = source
      c.port[i] = view.getUint16(p + offset['dst_port']!, true)
      c.weight[i] = view.getUint32(p + offset['weight']!, true)
    }
  }

  addWatched({ row_bytes, offset }: RowOffsets, rows: number, body: Uint8Array, sensor = 0): void {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    for (let row = 0, p = 0; row < rows; row++, p += row_bytes) {
      const minute = this.#minute(view.getUint32(p + offset['minute']!, true))
      if (!minute) continue
      const of = offset['sensor'] === undefined ? sensor : view.getUint32(p + offset['sensor'], true)
      minute.watched.set(of, (minute.watched.get(of) ?? 0) + view.getUint32(p + offset['observed_s']!, true))
    }
  }

  /**
   * One interaction whose address number is of this builder's book. `second`: of the minute that it belongs to, when it is
   * not that of its begin: a live node knows of it only when it is over.
   */
  addHeard(heard: Heard, second = heard.at): void {
    this.#minute(second)?.heard.push(heard)
  }

  /**
   * The open minutes before `before`, in order, each as a slice that is valid until the next is asked for.
   */
  *take(before: number): Generator<Slice> {
    for (const minute of [...this.#open.keys()].filter((one) => one < before).toSorted((a, b) => a - b)) {
      const open = this.#open.get(minute)!
      yield this.#slice(minute, open)
      this.#open.delete(minute)
      this.#taken = Math.max(this.#taken, minute + SECONDS)
      this.#recycle(open)
    }
    if (Number.isFinite(before)) this.#taken = Math.max(this.#taken, minuteOf(before))
  }

  /** The earliest open minute. */
  get earliest(): number | undefined {
    return this.#open.size === 0 ? undefined : Math.min(...this.#open.keys())
  }

  #slice(minute: number, { flows, backscatter, syns, heard, watched }: OpenMinute): Slice {
    return {
      minute, heard, addressText: this.book.text,
      flows: { rows: flows.rows, ...flows.columns }, backscatter: { rows: backscatter.rows, ...backscatter.columns },
      syns: { rows: syns.rows, ...syns.columns },
      watched: [...watched].map(([sensor, observed_s]) => ({ sensor, observed_s })),
    }
  }

  #recycle(open: OpenMinute): void {
    if (this.#spare.length >= 2) return
    for (const columns of [open.flows, open.backscatter, open.syns]) columns.clear()
    open.heard.length = 0
    open.watched.clear()
    this.#spare.push(open)
  }

  #minute(second: number): OpenMinute | undefined {
    const minute = minuteOf(second)
    const known = this.#open.get(minute)
    if (known) return known
    if (minute < this.#taken) {
      this.shed.late_rows++
      return undefined
    }
    if (this.#open.size >= open_minutes_max) {
      this.shed.open_minutes++
      return undefined
    }
    const made = this.#spare.pop() ?? new OpenMinute()
    this.#open.set(minute, made)
    return made
  }

  #number(bytes: Uint8Array, at: number, second: number): number {
    return this.#counted(this.book.number(bytes, at, second))
  }

  #counted(number: number): number {
    if (number === NO_ADDRESS) this.shed.addresses_v6++
    return number
  }

  #addInteraction(one: Interaction, sensor: number): void {
    const second = Math.floor(one.at_ms / 1000)
    const source = this.#number(one.src, 0, second)
    if (source === NO_ADDRESS) return
    this.addHeard({ ...heardOf(one, second), sensor, source, ...this.#lookup(source) })
  }
}

/** Counters of 64 bits as numbers. */
const wide = (view: DataView, at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000

const TCP = 6
const UDP = 17

function heardOf(one: Interaction, at: number): Omit<Heard, 'sensor' | 'source' | 'economy' | 'asn' | 'research'> {
  const { src_port, handshake, protocol, requests, bytes_in, bytes_out, urls } = one
  return {
    at, src_port, handshake, protocol, requests, bytes_in, bytes_out, urls,
    port: portKey(one.transport === 'tcp' ? TCP : UDP, one.dst_port, -1, -1),
    payload_sha256: one.payload_sha256 ? Buffer.from(one.payload_sha256).toString('hex') : '',
    ja4: one.facts['tls.ja4'] ?? '', credentials: one.logins.map(({ user, password }) => `${user}\n${password}`),
  }
}
