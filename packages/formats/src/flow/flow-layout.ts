/*
 * A flow is a run of 32-bit words: the key, then the values below. While all packets of a flow agree in a column the
 * value stands inline; the first that differs moves the column to a side record and its counts to the value table.
 * Most flows of a darknet are a single packet, so most flows have neither.
 */
export const V = {
  packets: 0,
  bytes: 1,
  bytes_high: 2,
  /** TTL | TCP flags << 8 | last byte of the destination << 16 | many-valued columns << 24 */
  marks: 3,
  /** source port | window of the first SYN << 16 */
  port_window: 4,
  /** IP size (17 bits) | TCP data offset of the first SYN << 17 | has a SYN << 21 */
  size_syn: 5,
  /** µs of the first SYN since the start of the minute, unsigned */
  syn_at: 6,
  scan: 7,
  backscatter: 8,
  mirai: 9,
  zmap: 10,
  masscan: 11,
  /** 0, or index of the side record + 1 */
  side: 12,
} as const
export const VALUE_WORDS = 13

/** Key words and words per flow: source, /24 << 8 | protocol, port; a flow fills a cache line. */
export const V4_KEY_WORDS = 3
export const V4_STRIDE = 16
/** Source (4), /64 (2), protocol, port; after the values the lower half of the first destination (2). */
export const V6_KEY_WORDS = 8
export const V6_STRIDE = 24

/** Large buffers begin 16 bytes into a page, so this many words later is a cache line. */
export const ALIGN_WORDS = 12

/** Side record: most frequent values and their counts, unique ports and destinations. A cache line. */
export const S = {
  /** Last bytes of IPv4 destinations; for IPv6 the first word is the number of destinations. */
  bitmap: 0,
  /** unique IPv4 destinations | unique source ports << 10 */
  uniques: 8,
  /** TTL | flags << 8 */
  ttl_flags: 9,
  ttl_count: 10,
  flags_count: 11,
  size_count: 12,
  port_count: 13,
  size: 14,
  port: 15,
} as const
export const SIDE_WORDS = 16
export const PORTS_SHIFT = 10

/** Columns that may take many values; the number is the bit in `marks` and the owner's low bits in the value table. */
export const column = { ttl: 0, flags: 1, size: 2, port: 3, dst: 4 } as const
export const COLUMN_BITS = 3
export const MANY_SHIFT = 24

export const SIZE_MASK = 0x1ffff
export const SYN_SHIFT = 17
export const HAS_SYN = 1 << 21

export const packetClass = { other: 0, scan: 1, backscatter: 2 } as const

/** Flows a table can hold: the index shares a slot word with an 8-bit tag of the hash. */
export const FLOWS_LIMIT = (1 << 24) - 2
