interface Packets {
  readonly per_second?: number
  /** Distinct sources; one when absent. */
  readonly sources?: number
}

/** SYNs from 10.0.0.1 on to 192.0.2.1, one each second from `start` (seconds since 1970) on, as raw IP in a pcap. */
export function capture(packets: number, start = 1_767_225_500, { per_second = 1, sources = 1 }: Packets = {}): Buffer {
  const parts = [Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex')]
  for (let i = 0; i < packets; i++) {
    const header = Buffer.alloc(16)
    header.writeUInt32LE(start + Math.floor(i / per_second), 0)
    header.writeUInt32LE(40, 8)
    header.writeUInt32LE(40, 12)
    const packet = Buffer.from('4500002800010000400600000a000001c00002010400001700000001000000005002040000000000', 'hex')
    packet.writeUInt32BE(0x0a00_0001 + (i % sources), 12)
    packet.writeUInt16BE((1024 + i) & 0xffff, 20)
    parts.push(header, packet)
  }
  return Buffer.concat(parts)
}
