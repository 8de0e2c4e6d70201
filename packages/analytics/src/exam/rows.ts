import { parseAddress, unwrap } from '@hirundo/base'
import type { Block, BlockTable } from '../model.ts'
import { parseStructure, rowBytes, type Layouts } from '../schema/columns.ts'

/** The wire layouts as they are now (formats/row-layout.ts, formats/interaction/codec.ts); a test of the server compares them. */
export const examLayouts: Layouts = {
  flow:
    'minute DateTime, src IPv6, dst_net IPv6, dst_port Int32, icmp_type Int16, icmp_code Int16, protocol UInt8, partial UInt8, ' +
    'ttl_common Int16, packets UInt32, dsts UInt32, bytes UInt64, src_ports UInt32, src_port_common Int32, tcp_flags_common Int16, ' +
    'syn_header_bytes Int16, size_common Int32, syn_window Int32, scan UInt32, backscatter UInt32, other UInt32, ' +
    'tool_mirai UInt32, tool_zmap UInt32, tool_masscan UInt32',
  backscatter:
    'bin DateTime, victim IPv6, protocol UInt8, partial UInt8, ports UInt16, port_common Int32, packets UInt32, bytes UInt64, ' +
    'dsts UInt32, mismatches UInt32',
  syn_sample: 'second DateTime, src IPv6, dst_net IPv6, dst_port UInt16, window UInt16, weight UInt32',
  sensor_minute:
    'minute DateTime, observed_s UInt32, packets UInt64, counted UInt64, not_ip UInt64, not_for_us UInt64, malformed UInt64, ' +
    'dropped UInt64, flows UInt32, partial UInt32',
  interaction:
    'at DateTime64(3), clock_error_ms Int32, src IPv6, src_port UInt16, dst_port UInt16, transport UInt8, handshake UInt8, requests UInt32, ' +
    'bytes_in UInt64, bytes_out UInt64, duration_ms UInt32, truncated UInt8, protocol String, payload_sha256 String, sample String, ' +
    'logins Array(Tuple(user String, password String)), urls Array(String), facts Map(String, String), guess_name String, guess_rule String',
}

export type Row = Readonly<Record<string, number | string>>

/** RowBinary of the rows; columns that a row does not name are 0, addresses `::`. */
export function encodeRows(table: Exclude<BlockTable, 'interaction'>, rows: readonly Row[]): Uint8Array {
  const columns = parseStructure(examLayouts[table])
  const row_bytes = rowBytes(columns)!
  const out = Buffer.alloc(rows.length * row_bytes)
  rows.forEach((row, i) => {
    let at = i * row_bytes
    for (const { name, type } of columns) at = writeValue(out, at, type, row[name] ?? (type === 'IPv6' ? '::' : 0))
  })
  return out
}

function writeValue(out: Buffer, at: number, type: string, value: number | string): number {
  if (type === 'IPv6') {
    out.set(unwrap(parseAddress(String(value))), at)
    return at + 16
  }
  const n = Number(value)
  if (type === 'UInt64') return out.writeBigUInt64LE(BigInt(n), at)
  if (type === 'UInt8') return out.writeUInt8(n, at)
  if (type === 'UInt16') return out.writeUInt16LE(n, at)
  if (type === 'Int16') return out.writeInt16LE(n, at)
  if (type === 'Int32') return out.writeInt32LE(n, at)
  return out.writeUInt32LE(n, at)
}

export interface SensorRows { readonly organisation: number; readonly sensor: number; readonly rows: readonly Row[] }

export const blockOf = (id: bigint, table: Exclude<BlockTable, 'interaction'>, runs: readonly SensorRows[]): Block => ({
  id, table, runs: runs.map(({ organisation, sensor, rows }) => ({ organisation, sensor, rows: encodeRows(table, rows) })),
})
