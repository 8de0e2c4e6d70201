import { formatAddress, INSTANT_END_S } from '@hirundo/base'
import type { Packet } from './frames.ts'

/** A row as an object, absent values as −1: what the engine's rows are compared with. */
export type NaiveRow = Record<string, string | number>

interface Seen {
  packets: number
  bytes: number
  dsts: Set<string>
  ports: Map<number, number>
  ttls: Map<number, number>
  flags: Map<number, number>
  sizes: Map<number, number>
  syn: { at: number; header: number; window: number } | undefined
  kinds: { scan: number; backscatter: number }
  tools: { mirai: number; zmap: number; masscan: number }
}

interface Decoded {
  src: string
  dst: string
  net: string
  protocol: number
  ttl: number
  size: number
  sport: number
  dport: number
  type: number
  code: number
  flags: number
  syn?: { header: number; window: number }
  scan: boolean
  backscatter: boolean
  tools: { mirai: boolean; zmap: boolean; masscan: boolean }
}

/** The same rules once more with maps, sets and no thought of speed: frames of Ethernet in, rows in order out. */
export class NaiveObserver {
  readonly #flows = new Map<string, { sort: Uint8Array; row: NaiveRow; seen: Seen }>()
  readonly counters = { packets: 0, counted: 0, not_ip: 0, not_for_us: 0, malformed: 0 }
  readonly #interval: number

  constructor(interval_s = 60) {
    this.#interval = interval_s
  }

  add({ second, micro, frame }: Packet): void {
    this.counters.packets++
    const decoded = second < 0 || second >= INSTANT_END_S ? 'malformed' : decode(frame)
    if (typeof decoded === 'string') {
      this.counters[decoded]++
      return
    }
    this.counters.counted++
    const minute = second - (second % this.#interval)
    const sort = sortKey(minute, decoded)
    const flow = this.#flows.get(sort.join()) ?? { sort, row: keyOf(minute, decoded), seen: nothing() }
    this.#flows.set(sort.join(), flow)
    note(flow.seen, decoded, second * 1e6 + micro)
  }

  rows(): NaiveRow[] {
    return [...this.#flows.values()]
      .sort((a, b) => Buffer.compare(a.sort, b.sort))
      .map(({ row, seen }) => ({ ...row, ...valuesOf(seen) }))
  }
}

const nothing = (): Seen => ({
  packets: 0, bytes: 0, dsts: new Set(), ports: new Map(), ttls: new Map(), flags: new Map(), sizes: new Map(),
  syn: undefined, kinds: { scan: 0, backscatter: 0 }, tools: { mirai: 0, zmap: 0, masscan: 0 },
})

const mapped = (four: Uint8Array): Uint8Array => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...four])

function sortKey(minute: number, d: Decoded): Uint8Array {
  const numbers = new DataView(new ArrayBuffer(13))
  numbers.setUint32(0, d.dport + 1)
  numbers.setUint16(4, d.type + 1)
  numbers.setUint16(6, d.code + 1)
  const time = new DataView(new ArrayBuffer(4))
  time.setUint32(0, minute)
  const hex = (text: string) => [...Buffer.from(text, 'hex')]
  return Uint8Array.from([
    ...new Uint8Array(time.buffer), ...hex(d.src), ...hex(d.net), d.protocol, ...new Uint8Array(numbers.buffer),
  ])
}

const keyOf = (minute: number, d: Decoded): NaiveRow => ({
  minute, src: formatAddress(Buffer.from(d.src, 'hex')), dst_net: formatAddress(Buffer.from(d.net, 'hex')),
  protocol: d.protocol, dst_port: d.dport, icmp_type: d.type, icmp_code: d.code, partial: 0,
})

function note(seen: Seen, d: Decoded, at: number): void {
  seen.packets++
  seen.bytes += d.size
  seen.dsts.add(d.dst)
  const count = (map: Map<number, number>, value: number) => map.set(value, (map.get(value) ?? 0) + 1)
  if (d.sport >= 0) count(seen.ports, d.sport)
  if (d.flags >= 0) count(seen.flags, d.flags)
  count(seen.ttls, d.ttl)
  count(seen.sizes, d.size)
  if (d.syn && (!seen.syn || at < seen.syn.at)) seen.syn = { at, ...d.syn }
  if (d.scan) seen.kinds.scan++
  if (d.backscatter) seen.kinds.backscatter++
  if (d.tools.mirai) seen.tools.mirai++
  if (d.tools.zmap) seen.tools.zmap++
  if (d.tools.masscan) seen.tools.masscan++
}

function valuesOf(seen: Seen): NaiveRow {
  const { packets } = seen
  const share = packets < 5 ? 1 : packets < 7 ? 0.5 : packets < 15 ? 0.33 : 0.2
  const common = (map: Map<number, number>): number => {
    const best = [...map].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]
    return best && best[1] / packets >= share ? best[0] : -1
  }
  return {
    packets, bytes: seen.bytes, dsts: seen.dsts.size, src_ports: seen.ports.size,
    src_port_common: common(seen.ports), ttl_common: common(seen.ttls), tcp_flags_common: common(seen.flags),
    size_common: common(seen.sizes), syn_header_bytes: seen.syn?.header ?? -1, syn_window: seen.syn?.window ?? -1,
    scan: seen.kinds.scan, backscatter: seen.kinds.backscatter,
    other: packets - seen.kinds.scan - seen.kinds.backscatter,
    tool_mirai: seen.tools.mirai, tool_zmap: seen.tools.zmap, tool_masscan: seen.tools.masscan,
  }
}

function decode(frame: Uint8Array): Decoded | 'not_ip' | 'malformed' {
  const buffer = Buffer.from(frame)
  if (buffer.length < 14) return 'malformed'
  let at = 12
  for (let tags = 0; [0x8100, 0x88a8, 0x9100].includes(buffer.readUInt16BE(at)); tags++) {
    if (tags === 8 || buffer.length < at + 6) return 'malformed'
    at += 4
  }
  const type = buffer.readUInt16BE(at)
  if (type === 0x0800) return decode4(buffer.subarray(at + 2))
  return type === 0x86dd ? decode6(buffer.subarray(at + 2)) : 'not_ip'
}

function decode4(ip: Buffer): Decoded | 'malformed' {
  if (ip.length < 20 || ip[0]! >> 4 !== 4) return 'malformed'
  const header = (ip[0]! & 15) * 4
  const size = ip.readUInt16BE(2)
  if (header < 20 || size < header) return 'malformed'
  const later = (ip.readUInt16BE(6) & 0x1fff) > 0
  const l4 = later ? Buffer.alloc(0) : ip.subarray(header, Math.max(header, size))
  const protocol = ip[9]!
  const dst = ip.subarray(16, 20)
  const net = mapped(Uint8Array.from([...dst.subarray(0, 3), 0]))
  const base = transport(protocol, l4)
  const { tools } = base
  if (base.scan) {
    const id = ip.readUInt16BE(4)
    tools.zmap = id === 54_321
    if (protocol === 6) {
      const seq = l4.subarray(4, 8)
      tools.mirai = seq.equals(dst)
      const low = dst.readUInt16BE(2) ^ l4.readUInt16BE(2) ^ seq.readUInt16BE(2)
      tools.masscan = id === low
      const doff = (l4[12]! >> 4) * 4
      tools.zmap ||= ip[8]! >= 200 && l4.readUInt16BE(14) === 65_535 && (doff === 24 || doff === 32) && l4.length >= doff &&
        l4.readUInt32BE(20) === 0x020405b4
    }
  }
  return {
    ...base, src: hexOf(mapped(ip.subarray(12, 16))), dst: hexOf(mapped(dst)), net: hexOf(net), protocol, ttl: ip[8]!, size,
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function decode6(ip: Buffer): Decoded | 'malformed' {
  if (ip.length < 40 || ip[0]! >> 4 !== 6) return 'malformed'
  const mapped = '00000000000000000000ffff'
  if (ip.toString('hex', 8, 20) === mapped || ip.toString('hex', 24, 36) === mapped) return 'malformed'
  const size = 40 + ip.readUInt16BE(4)
  let rest = ip.subarray(40, size)
  let protocol = ip[6]!
  let later = false
  for (let i = 0; i < 16 && !later && rest.length >= 8; i++) {
    const known = [0, 43, 60, 135, 139, 140].includes(protocol)
    if (!known && protocol !== 44 && protocol !== 51) break
    if (protocol === 44) later = rest.readUInt16BE(2) >= 8
    const length = protocol === 44 ? 8 : protocol === 51 ? (rest[1]! + 2) * 4 : (rest[1]! + 1) * 8
    protocol = rest[0]!
    rest = rest.subarray(length)
  }
  const dst = ip.subarray(24, 40)
  const net = Buffer.concat([dst.subarray(0, 8), Buffer.alloc(8)])
  const base = transport(protocol, later ? Buffer.alloc(0) : rest)
  return { ...base, src: hexOf(ip.subarray(8, 24)), dst: hexOf(dst), net: hexOf(net), protocol, ttl: ip[7]!, size }
}

function transport(protocol: number, l4: Buffer): Omit<Decoded, 'src' | 'dst' | 'net' | 'protocol' | 'ttl' | 'size'> {
  const empty = {
    sport: -1, dport: -1, type: -1, code: -1, flags: -1, scan: false, backscatter: false,
    tools: { mirai: false, zmap: false, masscan: false },
  }
  if (protocol === 6 && l4.length >= 20) {
    const flags = l4[13]!
    const syn = (flags & 0x17) === 2
    const backscatter = (flags & 4) !== 0 || (flags & 0x12) === 0x12
    const ports = { sport: l4.readUInt16BE(0), dport: l4.readUInt16BE(2), flags, backscatter, scan: syn }
    return { ...empty, ...ports, ...(syn ? { syn: { header: (l4[12]! >> 4) * 4, window: l4.readUInt16BE(14) } } : {}) }
  }
  if (protocol === 17 && l4.length >= 8) {
    const sport = l4.readUInt16BE(0)
    return { ...empty, sport, dport: l4.readUInt16BE(2), scan: sport !== 53, backscatter: sport === 53 }
  }
  if ((protocol === 1 || protocol === 58) && l4.length >= 2) {
    const type = l4[0]!
    const replies = protocol === 1 ? [0, 3, 4, 5, 11, 12, 14, 16, 18] : [1, 2, 3, 4, 129]
    return { ...empty, type, code: l4[1]!, scan: type === (protocol === 1 ? 8 : 128), backscatter: replies.includes(type) }
  }
  return empty
}
