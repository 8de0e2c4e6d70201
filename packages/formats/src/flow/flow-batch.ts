/** Packets that are looked up together. */
export const BATCH_PACKETS = 128
export const BATCH_WORDS = 10

/** Words of a packet in a batch. */
export const P = {
  src: 0,
  /** /24 << 8 | protocol */
  net: 1,
  /** 0 none, else port + 1 (ICMP: type << 8 | code, + 1) */
  port: 2,
  /** TTL | flags << 8 | last byte of the destination << 16 */
  marks: 3,
  source_port: 4,
  size: 5,
  /** −1, or window | data offset << 16 */
  syn: 6,
  /** µs since the start of the minute, unsigned */
  at: 7,
  /** packetClass | tools << 2 */
  kind_tools: 8,
  /** For FlowTable. */
  hash: 9,
} as const

/** IPv4 packets of one minute on their way into its table. */
export class FlowBatch {
  readonly words = new Int32Array(BATCH_PACKETS * BATCH_WORDS)
  count = 0
}
