import { INSTANT_END_S } from '@hirundo/base'
import type { PacketSink } from '../capture/model.ts'
import type { AddressSet } from '../frame/address-set.ts'
import { skipExtensions } from '../frame/ipv6-extensions.ts'
import { findNetwork, linkType, NOT_IP } from '../frame/link.ts'
import { tool, toolsOf, ZMAP_ID } from '../frame/tools.ts'
import { protocol, Transport } from '../frame/transport.ts'
import { KIND_SHIFT, P, PACKET_WORDS, TOOLS_SHIFT } from './flow-batch.ts'
import { HAS_SYN, packetClass, SYN_SHIFT, V6_KEY_WORDS } from './flow-layout.ts'
import { Evidence } from './evidence.ts'
import type { MinuteBook } from './minute-book.ts'
import type { Minute } from './minute.ts'

const IPV4_HEADER_BYTES = 20
const IPV6_HEADER_BYTES = 40

/**
 * ::ffff:0:0/96 is neither a source nor a destination on a wire (RFC 6890 table 20). It is also our form of an IPv4
 * address: counted, such a packet would accuse the IPv4 address that it names.
 */
const isMapped = (view: DataView, at: number): boolean =>
  view.getInt32(at + 8) === 0xffff && view.getInt32(at) === 0 && view.getInt32(at + 4) === 0

/** What a counter makes beside counting. */
export interface CounterParts {
  readonly flows: boolean
  /** Backscatter vectors, and the length of their bins. */
  readonly vectors: boolean
  readonly vector_bin_s: number | undefined
}

/** The hot path: one captured packet into the counters and tables of its minute. */
export class PacketCounter implements PacketSink {
  readonly #book: MinuteBook
  readonly #destinations: AddressSet
  readonly #transport = new Transport()
  readonly #key = new Int32Array(V6_KEY_WORDS)
  readonly #packet = new Int32Array(PACKET_WORDS)
  readonly #evidence: Evidence
  readonly #wants_flows: boolean
  readonly #wants_vectors: boolean
  readonly #walk = { protocol: 0, at: 0, fragment: false }

  constructor(book: MinuteBook, destinations: AddressSet, { flows, vectors, vector_bin_s }: CounterParts) {
    this.#wants_flows = flows
    this.#wants_vectors = vectors
    this.#evidence = new Evidence(vector_bin_s)
    this.#book = book
    this.#destinations = destinations
  }

  malformedRecord(): void {
    const minute = this.#book.current
    minute.packets++
    minute.malformed++
  }

  packet(bytes: Uint8Array, view: DataView, start: number, end: number, second: number, micro: number, link: number): void {
    let minute = this.#book.current
    if (!(second >= minute.start && second < minute.end)) {
      if (!(second >= 0 && second < INSTANT_END_S)) return this.malformedRecord()
      minute = this.#book.turn(second)
    }
    minute.packets++
    // Parts of a second that make a whole one are a writer's error; they must not move a packet to another minute.
    const at = (second - minute.start) * 1_000_000 + (micro < 1_000_000 ? micro : 999_999)
    if (link === linkType.ethernet && end - start >= 34 && bytes[start + 12] === 8 && bytes[start + 13] === 0) {
      this.#ipv4(minute, bytes, view, start + 14, end, at)
      return
    }
    const network = findNetwork(bytes, start, end, link)
    if (network === NOT_IP) minute.not_ip++
    else if (network < 0) minute.malformed++
    else if ((network & 1) === 0) this.#ipv4(minute, bytes, view, network >> 1, end, at)
    else this.#ipv6(minute, bytes, view, network >> 1, end, at)
  }

  #ipv4(minute: Minute, bytes: Uint8Array, view: DataView, ip: number, end: number, at: number): void {
    if (end - ip < IPV4_HEADER_BYTES) return void minute.malformed++
    const first = bytes[ip]!
    const header = (first & 15) * 4
    const size = view.getUint16(ip + 2)
    if (first >> 4 !== 4 || header < IPV4_HEADER_BYTES || size < header) return void minute.malformed++
    const destination = view.getInt32(ip + 16)
    if (!this.#destinations.hasV4(destination)) return void minute.not_for_us++

    const of = bytes[ip + 9]!
    const l4 = ip + header
    const fragment = (view.getUint16(ip + 6) & 0x1fff) !== 0
    const room = fragment ? 0 : Math.min(end, ip + size) - l4
    const transport = this.#transport
    transport.read(bytes, view, of, l4, room)
    let tools = 0
    if (transport.kind === packetClass.scan) {
      if (of === protocol.tcp) tools = toolsOf(bytes, view, ip, l4, room)
      else if (view.getUint16(ip + 4) === ZMAP_ID) tools = tool.zmap
    }
    if (transport.kind === packetClass.backscatter && this.#wants_vectors) {
      this.#evidence.backscatterV4(minute, bytes, view, ip, l4, room, at, transport)
    }
    if (transport.syn >= 0 && minute.samples) this.#evidence.synV4(minute, view, ip, at, transport)
    const book = this.#book
    if (!this.#wants_flows) {
      counted(minute, at)
      if (transport.kind === packetClass.backscatter && minute.load >= minute.room) book.settle()
      return
    }
    const { stage } = book
    const { words } = stage
    const src = view.getInt32(ip + 12)
    const p = stage.place(src)
    words[p] = src
    words[p + P.net] = (destination & 0xffffff00) | of
    this.#put(words, p, bytes[ip + 8]! | ((destination & 0xff) << 16) | (tools << TOOLS_SHIFT), size, at)
    counted(minute, at)
    if (stage.count === stage.full) book.takeIn()
  }

  /** What both families share, into the words of a packet. */
  #put(words: Int32Array, p: number, marks: number, size: number, at: number): void {
    const transport = this.#transport
    const { syn } = transport
    words[p + P.port] = transport.port
    words[p + P.marks] = marks | (transport.flags << 8) | (transport.kind << KIND_SHIFT)
    words[p + P.port_window] = syn < 0 ? transport.source_port : transport.source_port | (syn << 16)
    words[p + P.size_syn] = syn < 0 ? size : size | ((syn >>> 16) << SYN_SHIFT) | HAS_SYN
    words[p + P.at] = at
  }

  #ipv6(minute: Minute, bytes: Uint8Array, view: DataView, ip: number, end: number, at: number): void {
    if (end - ip < IPV6_HEADER_BYTES || bytes[ip]! >> 4 !== 6) return void minute.malformed++
    if (isMapped(view, ip + 8) || isMapped(view, ip + 24)) return void minute.malformed++
    if (!this.#destinations.hasV6(bytes, ip + 24)) return void minute.not_for_us++
    const size = IPV6_HEADER_BYTES + view.getUint16(ip + 4)
    const walk = this.#walk
    walk.protocol = bytes[ip + 6]!
    walk.at = ip + IPV6_HEADER_BYTES
    const l4_end = Math.min(end, ip + size)
    skipExtensions(bytes, view, l4_end, walk)

    const transport = this.#transport
    const room = walk.fragment ? 0 : l4_end - walk.at
    transport.read(bytes, view, walk.protocol, walk.at, room)
    if (transport.kind === packetClass.backscatter && this.#wants_vectors) {
      this.#evidence.backscatterV6(minute, bytes, view, ip, walk.protocol, walk.at, room, at, transport)
    }
    if (transport.syn >= 0 && minute.samples) this.#evidence.synV6(minute, view, ip, at, transport)
    if (this.#wants_flows) this.#flowV6(minute, view, ip, walk.protocol, bytes[ip + 7]!, size, at)
    counted(minute, at)
    if (minute.load >= minute.room) this.#book.settle()
  }

  #flowV6(minute: Minute, view: DataView, ip: number, of: number, ttl: number, size: number, at: number): void {
    const key = this.#key
    for (let i = 0; i < 6; i++) key[i] = view.getInt32(ip + 8 + 4 * i)
    key[6] = of
    key[7] = this.#transport.port
    this.#put(this.#packet, 0, ttl, size, at)
    minute.v6.addWide(key, view.getInt32(ip + 32), view.getInt32(ip + 36), this.#packet)
  }
}

function counted(minute: Minute, at: number): void {
  if (at > minute.last_at) minute.last_at = at
  if (at < minute.first_at) minute.first_at = at
}
