import { frameKinds, kindNumber, type FrameKind } from './burst.ts'
import * as w from './frame-writer.ts'
import { mix, type Random } from './random.ts'
import { udpPayloadBytes } from './ports.ts'

/** What a frame is made of; overwritten for each. IPv6 uses the words, IPv4 `src` and `dst`. */
export interface Shape {
  src: number
  dst: number
  dst_words: Uint32Array
  port: number
  /** A second port (source port of probes, spoofed port of answers) or for ICMP errors the choice of type. */
  other_port: number
}

type Writer = (to: Uint8Array, at: number, shape: Shape, random: Random) => number

const SYN = 0x02
const RST_ACK = 0x14
const SYN_ACK = 0x12
const ACK = 0x10
const ZMAP_ID = 54321
/** Type and code of the ICMP errors that floods make come back: host, port and administratively unreachable, time exceeded. */
export const icmpErrors = [0x0301, 0x0303, 0x030d, 0x0b00] as const

/** 8 to 23 routers away, always the same for a host. */
const hops = (src: number): number => 8 + (mix(src, 7, 7) & 15)
const masscanId = (dst: number, port: number, seq: number): number => (dst ^ port ^ seq) & 0xffff
const pseudo = (s: Shape): number => w.halves(s.src) + w.halves(s.dst)

/** An IP id that no fingerprint rule takes for a tool's. */
function plainId(random: Random, dst: number, port: number, seq: number): number {
  let id = random.word() & 0xffff
  while (id === ZMAP_ID || id === masscanId(dst, port, seq)) id = (id + 1) & 0xffff
  return id
}

function v4Header(to: Uint8Array, at: number, s: Shape, protocol: number, payload: number, id: number, ttl: number): number {
  const total = w.IPV4_BYTES + payload
  w.ethernet(to, at, 0x0800)
  w.ipv4(to, at + w.ETHERNET_BYTES, { total, id, dont_fragment: ttl > 32 && ttl < 64, ttl, protocol, src: s.src, dst: s.dst })
  return w.ETHERNET_BYTES + total
}

interface SynStyle {
  readonly ttl: number
  readonly window: number
  readonly options: readonly number[]
}

function tcpFrame(to: Uint8Array, at: number, s: Shape, style: SynStyle, f: { id: number; seq: number; ack: number; flags: number; src_port: number; dst_port: number }): number {
  const bytes = w.TCP_BYTES + 4 * style.options.length
  const length = v4Header(to, at, s, w.TCP, bytes, f.id, style.ttl - hops(s.src))
  w.tcp(to, at + w.ETHERNET_BYTES + w.IPV4_BYTES, { ...f, window: style.window, options: style.options }, pseudo(s))
  return length
}

const styles = {
  linux: { ttl: 64, window: 64240, options: w.linuxOptions },
  windows: { ttl: 128, window: 8192, options: w.windowsOptions },
  zmap: { ttl: 255, window: 65535, options: w.mssOption },
  masscan: { ttl: 255, window: 1024, options: w.noOptions },
  masscan_new: { ttl: 255, window: 1025, options: w.mssOption },
  worm: { ttl: 64, window: 5840, options: w.mssOption },
  answer: { ttl: 64, window: 0, options: w.noOptions },
  syn_ack: { ttl: 64, window: 65160, options: w.mssOption },
} as const

/** A sequence number that neither equals the destination (Mirai's mark) nor fits masscan's id rule with ZMap's id. */
function plainSeq(random: Random, dst: number, port: number): number {
  let seq = random.word()
  while (seq === dst >>> 0 || masscanId(dst, port, seq) === ZMAP_ID) seq = (seq + 1) >>> 0
  return seq
}

function plainSyn(style: SynStyle): Writer {
  return (to, at, s, random) => {
    const seq = plainSeq(random, s.dst, s.port)
    const src_port = 1024 + ((s.other_port + (random.word() & 15)) % 64_512)
    return tcpFrame(to, at, s, style, { id: plainId(random, s.dst, s.port, seq), seq, ack: 0, flags: SYN, src_port, dst_port: s.port })
  }
}

function mirai(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const style = { ttl: 64, window: mix(s.src, 3, 3) & 0xffff, options: w.noOptions }
  const id = plainId(random, s.dst, s.port, s.dst)
  return tcpFrame(to, at, s, style, { id, seq: s.dst, ack: 0, flags: SYN, src_port: s.other_port, dst_port: s.port })
}

function zmap(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const seq = plainSeq(random, s.dst, s.port)
  return tcpFrame(to, at, s, styles.zmap, { id: ZMAP_ID, seq, ack: 0, flags: SYN, src_port: 32_768 + (s.other_port & 0x6fff), dst_port: s.port })
}

function masscan(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const seq = plainSeq(random, s.dst, s.port)
  const style = mix(s.src, 5, 5) & 1 ? styles.masscan : styles.masscan_new
  const src_port = 40_000 + (s.other_port % 20_000)
  return tcpFrame(to, at, s, style, { id: masscanId(s.dst, s.port, seq), seq, ack: 0, flags: SYN, src_port, dst_port: s.port })
}

/** What a flooded victim answers to the addresses that the flood pretended to come from. */
function answer(flags: number, style: SynStyle): Writer {
  return (to, at, s, random) => {
    const ack = random.word()
    const seq = flags === SYN_ACK ? plainSeq(random, s.dst, s.other_port) : 0
    return tcpFrame(to, at, s, style, { id: plainId(random, s.dst, s.other_port, seq), seq, ack, flags, src_port: s.port, dst_port: s.other_port })
  }
}

function strayAck(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const seq = plainSeq(random, s.dst, s.port)
  return tcpFrame(to, at, s, styles.syn_ack, { id: plainId(random, s.dst, s.port, seq), seq, ack: random.word(), flags: ACK, src_port: s.other_port, dst_port: s.port })
}

function udpFrame(to: Uint8Array, at: number, s: Shape, f: { id: number; ttl: number; src_port: number; dst_port: number; payload: number }): number {
  const length = v4Header(to, at, s, w.UDP, w.UDP_BYTES + f.payload, f.id, f.ttl - hops(s.src))
  w.udp(to, at + w.ETHERNET_BYTES + w.IPV4_BYTES, f.src_port, f.dst_port, f.payload, pseudo(s))
  return length
}

const udpProbe = (id: number | undefined, ttl: number): Writer => (to, at, s, random) =>
  udpFrame(to, at, s, { id: id ?? plainId(random, s.dst, s.port, 0), ttl, src_port: 1024 + (s.other_port % 64_000), dst_port: s.port, payload: udpPayloadBytes(s.port) })

/** Somebody's mistyped server: one source, one port, payloads of one length. */
const udpStray: Writer = (to, at, s, random) =>
  udpFrame(to, at, s, { id: plainId(random, s.dst, s.port, 0), ttl: 128, src_port: s.port, dst_port: s.port, payload: 60 + (s.src & 255) })

const dnsReply: Writer = (to, at, s, random) =>
  udpFrame(to, at, s, { id: plainId(random, s.dst, s.port, 0), ttl: 64, src_port: 53, dst_port: s.port, payload: 80 + (s.src & 127) })

function echo(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const length = v4Header(to, at, s, w.ICMP, 64, plainId(random, s.dst, 0, 0), 64 - hops(s.src))
  const message = at + w.ETHERNET_BYTES + w.IPV4_BYTES
  to.fill(0, message + 8, message + 64)
  w.icmp(to, message, 0x0800, random.word(), 0)
  return length
}

/** The quoted header says: a packet from our address to the victim (the burst's host) on the attacked port. */
function icmpError(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const length = v4Header(to, at, s, w.ICMP, 36, plainId(random, s.dst, 0, 0), 255 - hops(s.src))
  const message = at + w.ETHERNET_BYTES + w.IPV4_BYTES
  const quoted = message + 8
  const protocol = (s.src & 3) === 0 ? w.UDP : w.TCP
  w.ipv4(to, quoted, { total: 40, id: random.word() & 0xffff, dont_fragment: false, ttl: 48, protocol, src: s.dst, dst: s.src })
  w.put16(to, quoted + 20, s.other_port)
  w.put16(to, quoted + 22, s.port)
  w.put32(to, quoted + 24, protocol === w.UDP ? 0x00140000 : random.word())
  let extra = 0
  for (let i = quoted; i < quoted + 28; i += 2) extra += (to[i]! << 8) | to[i + 1]!
  w.icmp(to, message, icmpErrors[s.other_port & 3]!, 0, extra)
  return length
}

const v6Words = new Uint32Array(4)

/** 3fff:0E00::/23 for economy E of the IPv4 twin, then that address: the same host on both protocols. */
function v6Source(src: number): Uint32Array {
  v6Words[0] = 0x3fff0000 | (((src >>> 25) & 7) << 9)
  v6Words[1] = src
  v6Words[2] = 0
  v6Words[3] = 1
  return v6Words
}

function v6Header(to: Uint8Array, at: number, s: Shape, next: number, payload: number): number {
  const source = v6Source(s.src)
  const header = at + w.ETHERNET_BYTES
  w.ethernet(to, at, 0x86dd)
  w.put32(to, header, 0x60000000)
  w.put16(to, header + 4, payload)
  w.put16(to, header + 6, (next << 8) | (64 - hops(s.src)))
  let sum = 0
  for (let i = 0; i < 4; i++) {
    w.put32(to, header + 8 + 4 * i, source[i]!)
    w.put32(to, header + 24 + 4 * i, s.dst_words[i]!)
    sum += w.halves(source[i]!) + w.halves(s.dst_words[i]!)
  }
  return sum
}

const V6_HEADERS = w.ETHERNET_BYTES + w.IPV6_BYTES

function v6Syn(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const sum = v6Header(to, at, s, w.TCP, 40)
  w.tcp(to, at + V6_HEADERS, { src_port: 1024 + (s.other_port % 64_000), dst_port: s.port, seq: random.word(), ack: 0, flags: SYN, window: 64800, options: w.linuxOptions }, sum)
  return V6_HEADERS + 40
}

function v6Udp(to: Uint8Array, at: number, s: Shape): number {
  const payload = udpPayloadBytes(s.port)
  const sum = v6Header(to, at, s, w.UDP, w.UDP_BYTES + payload)
  w.udp(to, at + V6_HEADERS, 1024 + (s.other_port % 64_000), s.port, payload, sum)
  return V6_HEADERS + w.UDP_BYTES + payload
}

function v6Echo(to: Uint8Array, at: number, s: Shape, random: Random): number {
  const sum = v6Header(to, at, s, w.ICMPV6, 16)
  to.fill(0, at + V6_HEADERS, at + V6_HEADERS + 16)
  w.icmp(to, at + V6_HEADERS, 0x8000, random.word(), sum + w.ICMPV6 + 16)
  return V6_HEADERS + 16
}

function arp(to: Uint8Array, at: number, s: Shape): number {
  w.ethernet(to, at, 0x0806)
  to.fill(0, at + 14, at + 60)
  w.put32(to, at + 14, 0x00010800)
  w.put32(to, at + 18, 0x06040001)
  w.put32(to, at + 28, s.dst)
  w.put32(to, at + 38, s.dst ^ 1)
  return 60
}

const writerOf: Record<FrameKind, Writer> = {
  syn: plainSyn(styles.linux), syn_windows: plainSyn(styles.windows), syn_worm: plainSyn(styles.worm), elsewhere: plainSyn(styles.linux),
  syn_mirai: mirai, syn_zmap: zmap, syn_masscan: masscan,
  udp_probe: udpProbe(undefined, 64), udp_zmap: udpProbe(ZMAP_ID, 255), udp_stray: udpStray, dns_reply: dnsReply,
  echo, icmp_error: icmpError, syn_ack: answer(SYN_ACK, styles.syn_ack), rst: answer(RST_ACK, styles.answer), ack: strayAck,
  v6_syn: v6Syn, v6_udp: v6Udp, v6_echo: v6Echo, arp,
}

/** By kind number: writes a frame at an offset and returns its whole length, of which at most `frame_bytes_max` are written. */
export const frameWriters: readonly Writer[] = frameKinds.map((kind) => writerOf[kind])

/** The protocol, and for ICMP type and code, that the frames of a kind have: with addresses and port the flow's key. */
export function protocolOf(kind: number, other_port: number): number {
  if (kind === kindNumber.icmp_error) return (w.ICMP << 16) | icmpErrors[other_port & 3]!
  if (kind === kindNumber.echo) return (w.ICMP << 16) | 0x0800
  if (kind === kindNumber.v6_echo) return (w.ICMPV6 << 16) | 0x8000
  const isUdp = kind === kindNumber.udp_probe || kind === kindNumber.udp_zmap || kind === kindNumber.udp_stray
    || kind === kindNumber.dns_reply || kind === kindNumber.v6_udp
  return (isUdp ? w.UDP : w.TCP) << 16
}
