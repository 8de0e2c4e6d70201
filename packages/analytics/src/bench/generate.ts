import { DAY_S } from '@hirundo/base'
import type { ClickHouseSettings } from '@clickhouse/client'
import type { Database } from '../client.ts'
import { bySourceColumns } from '../schema/tables.ts'
import { enrichSql } from '../schema/networks.ts'
import { Bindings } from '../sql.ts'
import type { NetworkTables } from '../store.ts'

/** Simulated traffic of one node: every source lies in 240.0.0.0/4, which nobody has. */
export interface Shape {
  readonly seed: number
  readonly sensors: number
  readonly rows_per_day: number
}
export const SENSORS = 44
export const RAW_DAYS = 90

/** Eight fictional economies by /9, a fictional network for each /16, research scanners in 254.0.0.0/16. */
export function benchNetworks(): NetworkTables {
  const prefixes = Array.from({ length: 4_096 }, (_, i) => `${240 + (i >> 8)}.${i & 255}.0.0/16`)
  return {
    economies: prefixes.map((prefix, i) => [prefix, `X${'ABCDEFGH'[(i * i) % 97 % 8]}`] as const),
    asns: prefixes.map((prefix, i) => [prefix, 64_512 + (i % 900), `Fictional network ${i % 900}`] as const),
    research: [['254.0.0.0/16', 'Simulated research scanner']],
    as_of: 'simulated',
  }
}

const insertSettings: ClickHouseSettings = {
  async_insert: 0, max_threads: 2, max_insert_threads: '1', max_block_size: '500000', min_insert_block_size_rows: '2000000', min_insert_block_size_bytes: '0',
  max_execution_time: 600,
}

/** Uniform number in [0, 1) of the row and a stream. */
const r = (stream: number): string => `(cityHash64(n, {seed:UInt32}, ${stream}) / 18446744073709551616.0)`

/**
 * 60 % of the rows come from 3,000 research scanners (NICTER's share of 2024), the others from a pool of 80,000
 * hosts of which 3,000 are new each day. Ports: few loud ones, a long tail, and sweeps over all.
 */
const rowSql = `
  SELECT n, ${r(1)} < 0.6 AS is_research,
    if(is_research, toUInt32(floor(pow(${r(2)}, 4) * 3000)), toUInt32({day:UInt32} * 3000 + floor(pow(${r(2)}, 3) * 80000))) AS host,
    toIPv6(toIPv4(toUInt32(if(is_research, 4261412864 + host, 4026531840 + cityHash64(host) % 234881024)))) AS src,
    if(is_research AND ${r(3)} < 0.1, toInt32(floor(${r(4)} * 65536)),
      transform(toInt32(floor(pow(${r(4)}, 5) * 1500)) AS place, [0, 1, 2, 3, 4, 5], [23, 22, 445, 8080, 3389, 6379], toInt32(1 + cityHash64(place) % 49151))) AS wanted_port,
    multiIf(${r(5)} < 0.85, 6, ${r(5)} < 0.97, 17, 1) AS protocol,
    toUInt32(1 + floor(pow(${r(6)}, 8) * 30)) AS packets, ${r(7)} < 0.05 AS is_backscatter,
    toDateTime({from:UInt32} + toUInt32(floor(${r(8)} * 1440)) * 60, 'UTC') AS minute, toUInt32(1 + floor(pow(${r(9)}, 1.3) * {sensors:UInt32})) AS sensor
  FROM (SELECT number AS n FROM numbers({first:UInt64}, {rows:UInt64}))`

/** One day of \`flow\` and \`flow_by_source\`. */
export async function generateDay(db: Database, shape: Shape, from: number, day: number): Promise<void> {
  const b = new Bindings()
  Object.assign(b.values, { seed: shape.seed, day, from, sensors: shape.sensors, first: day * shape.rows_per_day, rows: shape.rows_per_day })
  await db.command(
    `INSERT INTO flow (organisation, sensor, block, minute, src, dst_net, dst_port, icmp_type, icmp_code, protocol, ttl_common, packets, dsts, bytes,
       src_ports, src_port_common, tcp_flags_common, syn_header_bytes, size_common, syn_window, scan, backscatter, other, tool_mirai, tool_zmap, tool_masscan,
       economy, asn, research)
     SELECT 1, sensor, 1 + intDiv(n, 500000), minute, src, toIPv6(toIPv4(toUInt32(3221225984 + 256 * (sensor % 100)))),
       if(protocol = 1, -1, wanted_port), if(protocol = 1, 8, -1), if(protocol = 1, 0, -1), protocol, 40 + cityHash64(host) % 80, packets, 1, packets * 52,
       1, 1024 + cityHash64(n) % 60000, if(protocol = 6, 2, -1), 20, 40, 1024, if(is_backscatter, 0, packets), if(is_backscatter, packets, 0), 0,
       if(wanted_port = 23, packets, 0), if(is_research, packets, 0), 0, ${enrichSql}
     FROM (${rowSql})`, b, insertSettings)
  const range = new Bindings()
  await db.command(
    `INSERT INTO flow_by_source (${bySourceColumns.join()}) SELECT ${bySourceColumns.join()} FROM flow ` +
      `WHERE minute >= ${range.time(from)} AND minute < ${range.time(from + DAY_S)}`, range, insertSettings)
  const minutes = new Bindings()
  await db.command(
    `INSERT INTO sensor_minute (organisation, sensor, block, minute, observed_s, counted, packets) ` +
      `SELECT 1, 1 + number % ${shape.sensors}, 1, ${minutes.time(from)} + intDiv(number, ${shape.sensors}) * 60, 60, 100, 100 FROM numbers(${1_440 * shape.sensors})`, minutes)
}
