/**
 * Rows that cross the wire and enter the store are fixed-width ClickHouse RowBinary: little endian, columns in the
 * order given here, no padding. Columns are ordered so that every 32-bit value lies on a 32-bit boundary and each
 * row is a whole number of words: a writer may fill an Int32Array.
 */
export type ColumnType = 'UInt8' | 'UInt16' | 'UInt32' | 'UInt64' | 'Int16' | 'Int32' | 'DateTime' | 'IPv6'

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

export interface RowLayout {
  readonly columns: readonly Column[]
  readonly row_bytes: number
  /** Byte offset of each column. */
  readonly offset: Readonly<Record<string, number>>
}

const typeBytes: Record<ColumnType, number> = {
  UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, Int16: 2, Int32: 4, DateTime: 4, IPv6: 16,
}

function layout(columns: readonly (readonly [string, ColumnType])[]): RowLayout {
  const offset: Record<string, number> = {}
  let row_bytes = 0
  for (const [name, type] of columns) {
    offset[name] = row_bytes
    row_bytes += typeBytes[type]
  }
  return { columns: columns.map(([name, type]) => ({ name, type })), row_bytes, offset }
}

/** What stands in a signed column where there is no value (a port of an ICMP packet, no common TTL). */
export const ABSENT = -1

/**
 * FlowTuple after CAIDA's v4. Key: minute, src, dst_net, protocol, dst_port, icmp_type, icmp_code.
 * `partial` = 1: the sensor was over its flow bound; the key may come again in the same minute and `dsts`,
 * `src_ports` are upper bounds when added.
 */
export const flowLayout = layout([
  ['minute', 'DateTime'], ['src', 'IPv6'], ['dst_net', 'IPv6'],
  ['dst_port', 'Int32'], ['icmp_type', 'Int16'], ['icmp_code', 'Int16'],
  ['protocol', 'UInt8'], ['partial', 'UInt8'], ['ttl_common', 'Int16'],
  ['packets', 'UInt32'], ['dsts', 'UInt32'], ['bytes', 'UInt64'],
  ['src_ports', 'UInt32'], ['src_port_common', 'Int32'],
  ['tcp_flags_common', 'Int16'], ['syn_header_bytes', 'Int16'],
  ['size_common', 'Int32'], ['syn_window', 'Int32'],
  ['scan', 'UInt32'], ['backscatter', 'UInt32'], ['other', 'UInt32'],
  ['tool_mirai', 'UInt32'], ['tool_zmap', 'UInt32'], ['tool_masscan', 'UInt32'],
])

/** Backscatter in bins of 10 s, by victim (for ICMP errors: the quoted destination) and attack protocol. */
export const backscatterLayout = layout([
  ['bin', 'DateTime'], ['victim', 'IPv6'],
  ['protocol', 'UInt8'], ['partial', 'UInt8'], ['ports', 'UInt16'], ['port_common', 'Int32'],
  ['packets', 'UInt32'], ['bytes', 'UInt64'], ['dsts', 'UInt32'], ['mismatches', 'UInt32'],
])

/** A bounded uniform sample of pure SYNs with their second; `weight` = SYNs of that minute per sampled one, × 1000. */
export const synSampleLayout = layout([
  ['second', 'DateTime'], ['src', 'IPv6'], ['dst_net', 'IPv6'],
  ['dst_port', 'UInt16'], ['window', 'UInt16'], ['weight', 'UInt32'],
])

/**
 * One row per minute in which the sensor watched, also when nothing came: the truth about coverage.
 * packets = counted + not_ip + not_for_us + malformed; `dropped` was lost before the sensor saw it.
 */
export const sensorMinuteLayout = layout([
  ['minute', 'DateTime'], ['observed_s', 'UInt32'],
  ['packets', 'UInt64'], ['counted', 'UInt64'], ['not_ip', 'UInt64'], ['not_for_us', 'UInt64'],
  ['malformed', 'UInt64'], ['dropped', 'UInt64'], ['flows', 'UInt32'], ['partial', 'UInt32'],
])

/** Structure text for ClickHouse (`input('…')`, `file(…, 'RowBinary', '…')`). */
export const rowStructure = (of: RowLayout): string => of.columns.map((c) => `${c.name} ${c.type}`).join(', ')
