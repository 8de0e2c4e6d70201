export const START_S = 1_767_225_600
const flag = { syn: 0x02, syn_ack: 0x12 } as const

export interface Packet {
  readonly at_ms: number
  readonly src: number
  readonly dst: number
  readonly src_port: number
  readonly dst_port: number
  readonly flags: number
}

/** TCP packets as raw IP in a pcap. */
export function pcap(packets: readonly Packet[]): Buffer {
  const parts = [Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex')]
  for (const { at_ms, src, dst, src_port, dst_port, flags } of packets.toSorted((a, b) => a.at_ms - b.at_ms)) {
    const record = Buffer.alloc(16)
    record.writeUInt32LE(START_S + Math.floor(at_ms / 1000), 0)
    record.writeUInt32LE((at_ms % 1000) * 1000, 4)
    record.writeUInt32LE(40, 8)
    record.writeUInt32LE(40, 12)
    const packet = Buffer.from('45000028000100004006000000000000000000000000000000000000000000005000200000000000', 'hex')
    packet.writeUInt32BE(src, 12)
    packet.writeUInt32BE(dst, 16)
    packet.writeUInt16BE(src_port, 20)
    packet.writeUInt16BE(dst_port, 22)
    packet.writeUInt8(flags, 33)
    parts.push(record, packet)
  }
  return Buffer.concat(parts)
}

const ours = 0xc6120000
const victim = 0xf0000005
/** A victim's answers to forged sources of ours, `each_ms` apart. */
export const backscatter = (from_ms: number, count: number, each_ms: number): Packet[] =>
  Array.from({ length: count }, (_, i) => ({ at_ms: from_ms + i * each_ms, src: victim, dst: ours + ((i * 7919) & 0xffff), src_port: 80, dst_port: 1024 + i, flags: flag.syn_ack }))
export const sweep = (from_ms: number, count: number): Packet[] =>
  Array.from({ length: count }, (_, i) => ({ at_ms: from_ms + 100 * i, src: 0xf0000009, dst: ours + i, src_port: 40_000, dst_port: 23, flags: flag.syn }))
