import { portNumberSql, type RollupDimension } from './keys.ts'
import type { Bindings } from './sql.ts'

/**
 * Columns of `flow` that a key is made of. Raw rows are chosen and grouped by them as they are stored: to make the key
 * of each of millions of rows first took as long as to read them.
 */
export const keyColumns: Readonly<Record<RollupDimension, string>> = {
  total: 'organisation', protocol: 'protocol', port: 'protocol, dst_port, icmp_type, icmp_code', economy: 'economy', asn: 'asn',
  sensor: 'sensor', source: 'src', port_source: 'src', port_economy: 'economy',
}

/** The number that a stored key of any dimension but sources stands for. */
const lastFour = (address: string): number =>
  address.slice(7).split('.').reduce((n, part) => n * 256 + Number(part), 0)

/** Conditions for one of these ports, the first of them such that the order of `flow` (hour, protocol, port) finds the rows. */
export function portsAre(b: Bindings, numbers: readonly number[]): string[] {
  const protocols = [...new Set(numbers.map((n) => n >>> 17))]
  const isAny = `${portNumberSql} IN ${b.bind(numbers, 'Array(UInt32)')}`
  const conditions = [`protocol IN ${b.bind(protocols, 'Array(UInt8)')}`]
  if (protocols.some((p) => p === 1 || p === 58)) return [...conditions, isAny]
  const ports = [...new Set(numbers.map((n) => (n & 0x1_0000 ? -1 : n & 0xffff)))]
  conditions.push(`dst_port IN ${b.bind(ports, 'Array(Int32)')}`)
  // With one protocol these two say it all; with several they also let tcp/53 pass where tcp/23 and udp/53 are asked.
  return protocols.length === 1 ? conditions : [...conditions, isAny]
}

/** Conditions for one of these stored keys. */
export function keysAre(b: Bindings, dimension: RollupDimension, keys: readonly string[]): string[] {
  const numbersIn = (column: string, type: string, numbers = keys.map(lastFour)) => [`${column} IN ${b.bind(numbers, `Array(${type})`)}`]
  switch (dimension) {
    case 'total': return []
    case 'port': return portsAre(b, keys.map(lastFour))
    case 'protocol': return numbersIn('protocol', 'UInt8')
    case 'economy': case 'port_economy':
      // Two letters as they lie in memory: the first is the low byte.
      return numbersIn('reinterpretAsUInt16(economy)', 'UInt16', keys.map(lastFour).map((n) => ((n & 255) << 8) | (n >>> 8)))
    case 'asn': return numbersIn('asn', 'UInt32')
    case 'sensor': return numbersIn('sensor', 'UInt32')
    case 'source': case 'port_source': return [`src IN ${b.bind(keys, 'Array(IPv6)')}`]
  }
}
