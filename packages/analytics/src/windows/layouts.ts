import type { WindowLayout, WindowTable } from './model.ts'

interface WindowColumn {
  readonly name: string
  readonly sql: string
  readonly bytes: number
}

const column = (name: string, bytes: number, sql = name): WindowColumn => ({ name, sql, bytes })
/** What is not known has two zero bytes. */
const economy = column('economy', 2, "if(economy = 'ZZ', toFixedString('', 2), economy)")

/** Columns that detectors need, as they are asked for and as they come. */
const columns: Readonly<Record<WindowTable, readonly WindowColumn[]>> = {
  flow: [
    column('minute', 4), column('sensor', 4), column('src', 16), column('dst_net', 16), column('dst_port', 4), column('icmp_type', 2), column('icmp_code', 2),
    column('packets', 4), column('bytes', 8), column('scan', 4), column('dsts', 4), column('ttl_common', 2), column('syn_window', 4),
    column('tool_mirai', 4), column('tool_zmap', 4), column('tool_masscan', 4), column('asn', 4), economy, column('protocol', 1), column('research', 1),
  ],
  backscatter: [column('bin', 4), column('sensor', 4), column('victim', 16), column('packets', 4), column('bytes', 8), column('ports', 2), column('protocol', 1)],
  syn_sample: [column('second', 4), column('sensor', 4), column('src', 16), column('weight', 4), column('dst_port', 2)],
  sensor_minute: [column('minute', 4), column('sensor', 4), column('observed_s', 4)],
}

function layout(of: readonly WindowColumn[]): WindowLayout {
  const offset: Record<string, number> = {}
  let row_bytes = 0
  for (const { name, bytes } of of) {
    offset[name] = row_bytes
    row_bytes += bytes
  }
  return { row_bytes, offset }
}

const tables = Object.keys(columns) as WindowTable[]

/** Where each column of an answer of `rows` lies: little endian, no padding. */
export const windowLayouts = Object.fromEntries(tables.map((table) => [table, layout(columns[table])])) as Readonly<Record<WindowTable, WindowLayout>>

export const columnsSql = (table: WindowTable): string => columns[table].map(({ sql }) => sql).join()

/** By time, then by what tells rows apart: merges of parts must not change what a reader with bounded memory keeps. */
export const orderSql: Readonly<Record<WindowTable, string>> = {
  flow: 'minute, src, dst_net, protocol, dst_port, icmp_type, icmp_code, sensor, packets, bytes, scan, dsts, ttl_common, syn_window, tool_mirai, tool_zmap, tool_masscan',
  backscatter: 'bin, victim, protocol, sensor, packets, bytes, ports',
  syn_sample: 'second, src, dst_port, sensor, weight',
  sensor_minute: 'minute, sensor, observed_s',
}
