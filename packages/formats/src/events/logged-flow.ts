import { commonValue } from '../flow/common.ts'
import { packetClass } from '../flow/flow-layout.ts'
import { Transport } from '../frame/transport.ts'
import { ZMAP_ID } from '../frame/tools.ts'
import { ABSENT, flowLayout } from '../row-layout.ts'
import type { LoggedPackets } from './model.ts'
import { Tally } from './tally.ts'

const TCP = 6
const SYN = 0x02
const ACK = 0x10
const SIZE_MAX = 0x1ffff
const { offset, row_bytes } = flowLayout

/** A transport header as far as its class depends on it; read by the same rule as that of a captured packet. */
const header = new Uint8Array(20)
const view = new DataView(header.buffer)
const transport = new Transport()

/**
 * Flags that every one of the packets had. A log that joins the packets of a flow joins their flags too: only a single
 * bit is then known of each.
 */
function commonFlags({ tcp_flags, packets }: LoggedPackets): number | undefined {
  if (tcp_flags === undefined || packets === 1) return tcp_flags
  return (tcp_flags & (tcp_flags - 1)) === 0 ? tcp_flags : undefined
}

function classOf(of: LoggedPackets): number {
  const flags = of.protocol === TCP ? of.tcp_flags ?? 0 : 0
  // Joined, SYN and ACK may be a handshake's first and third packet: no answer to somebody else's.
  const is_unclear = of.packets > 1 && (flags & (SYN | ACK)) === (SYN | ACK)
  const is_icmp = of.icmp_type !== undefined
  view.setUint16(0, is_icmp ? (of.icmp_type! << 8) | (of.icmp_code ?? 0) : of.src_port ?? 0)
  view.setUint16(2, of.dst_port ?? 0)
  header[13] = is_unclear ? 0 : flags
  transport.read(header, view, of.protocol, 0, of.protocol === 1 || of.protocol === 58 ? (is_icmp ? 2 : 0) : header.length)
  return transport.kind
}

/** Packets of one key within a minute, of which a log told. */
export class LoggedFlow {
  readonly #key: LoggedPackets
  packets = 0
  #bytes = 0
  #scan = 0
  #backscatter = 0
  #zmap = 0
  #window: number | undefined
  readonly #dsts = new Tally<string>()
  readonly #ports = new Tally<number>()
  #ttls: Tally<number> | undefined
  #flags: Tally<number> | undefined
  #sizes: Tally<number> | undefined

  constructor(key: LoggedPackets) {
    this.#key = key
  }

  get src(): Uint8Array {
    return this.#key.src
  }

  /** Values that take memory of their own since the call before. */
  add(of: LoggedPackets, dst: string): number {
    const { packets } = of
    this.packets += packets
    this.#bytes = Math.min(Number.MAX_SAFE_INTEGER, this.#bytes + of.bytes)
    const kind = classOf(of)
    if (kind === packetClass.scan) this.#scan += packets
    else if (kind === packetClass.backscatter) this.#backscatter += packets
    const is_syn = of.protocol === TCP && kind === packetClass.scan
    if (is_syn) this.#window ??= of.tcp_window
    if (is_syn && of.ip_id === ZMAP_ID) this.#zmap += packets
    let taken = this.#dsts.add(dst, packets) ? 1 : 0
    if (of.src_port !== undefined && this.#ports.add(of.src_port, packets)) taken++
    if (of.ttl !== undefined && (this.#ttls ??= new Tally()).add(of.ttl, packets)) taken++
    const flags = commonFlags(of)
    if (flags !== undefined && (this.#flags ??= new Tally()).add(flags, packets)) taken++
    if (packets === 1 && of.bytes > 0 && (this.#sizes ??= new Tally()).add(Math.min(of.bytes, SIZE_MAX), 1)) taken++
    return taken
  }

  /** A row of flowLayout. `net` is where the packets went, as much of it as is kept. */
  row(minute: number, net: Uint8Array, partial: boolean): Uint8Array {
    const row = new Uint8Array(row_bytes)
    const out = new DataView(row.buffer)
    const key = this.#key
    const common = (tally: Tally<number> | undefined): number => {
      const best = tally?.best
      return best === undefined ? ABSENT : commonValue(best.value, best.count, this.packets)
    }
    out.setUint32(offset['minute']!, minute, true)
    row.set(key.src, offset['src'])
    row.set(net, offset['dst_net'])
    out.setInt32(offset['dst_port']!, key.dst_port ?? ABSENT, true)
    out.setInt16(offset['icmp_type']!, key.icmp_type ?? ABSENT, true)
    out.setInt16(offset['icmp_code']!, key.icmp_code ?? ABSENT, true)
    row[offset['protocol']!] = key.protocol
    row[offset['partial']!] = partial ? 1 : 0
    out.setInt16(offset['ttl_common']!, common(this.#ttls), true)
    out.setUint32(offset['packets']!, this.packets, true)
    out.setUint32(offset['dsts']!, this.#dsts.values, true)
    out.setBigUint64(offset['bytes']!, BigInt(this.#bytes), true)
    out.setUint32(offset['src_ports']!, this.#ports.values, true)
    out.setInt32(offset['src_port_common']!, common(this.#ports), true)
    out.setInt16(offset['tcp_flags_common']!, common(this.#flags), true)
    out.setInt16(offset['syn_header_bytes']!, ABSENT, true)
    out.setInt32(offset['size_common']!, common(this.#sizes), true)
    out.setInt32(offset['syn_window']!, this.#window ?? ABSENT, true)
    out.setUint32(offset['scan']!, this.#scan, true)
    out.setUint32(offset['backscatter']!, this.#backscatter, true)
    out.setUint32(offset['other']!, this.packets - this.#scan - this.#backscatter, true)
    out.setUint32(offset['tool_zmap']!, this.#zmap, true)
    return row
  }
}
