/** Packets that are looked up together, and a chunk of the stage. */
export const BATCH_PACKETS = 128
export const PACKET_WORDS = 8

/** Words of a packet on its way into a table; what the first packet of a flow leaves there has the flow's own form. */
export const P = {
  src: 0,
  /** /24 << 8 | protocol */
  net: 1,
  /** 0 none, else port + 1 (ICMP: type << 8 | code, + 1) */
  port: 2,
  /** TTL | flags << 8 | last byte of the destination << 16 | packetClass << 24 | tools << 26 */
  marks: 3,
  /** source port | window of a pure SYN << 16 */
  port_window: 4,
  /** IP size | data offset of a pure SYN << 17 | is a pure SYN << 21 */
  size_syn: 5,
  /** µs since the start of the minute, unsigned */
  at: 6,
  /** For FlowTable. */
  hash: 7,
} as const
export const KIND_SHIFT = 24
export const TOOLS_SHIFT = 26
