import { fail, formatAddress, ok, parseAddress, unwrap, type Result } from '@hirundo/base'
import type { Dimension, Key } from './model.ts'

/**
 * Every key of every dimension is 16 bytes, so that one table holds all rollups: an address is itself and a number n
 * is ::ffff:n. A port is protocol << 17 | absent << 16 | value (value: port, or ICMP type << 8 | code).
 */
export type RollupDimension = 'total' | Dimension | 'port_source' | 'port_economy'
export const dimensionNumber: Readonly<Record<RollupDimension, number>> = {
  total: 1, protocol: 2, port: 3, economy: 4, asn: 5, sensor: 6, source: 7, port_source: 8, port_economy: 9,
}

const ABSENT_BIT = 0x1_0000
const protocolNames: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmp6: 58, dccp: 33, sctp: 132 }
const protocolOf = new Map(Object.entries(protocolNames).map(([name, number]) => [number, name]))
const isIcmp = (protocol: number): boolean => protocol === 1 || protocol === 58

/** SQL over the columns of `flow`. */
export const portNumberSql =
  'toUInt32(bitOr(bitShiftLeft(toUInt32(protocol), 17), multiIf(' +
  `protocol IN (1, 58), if(icmp_type < 0, ${ABSENT_BIT}, icmp_type * 256 + greatest(icmp_code, 0)), dst_port < 0, ${ABSENT_BIT}, dst_port)))`
const economyNumberSql = 'toUInt32(reinterpretAsUInt16(reverse(economy)))'
const numberKey = (sql: string): string => `toIPv6(toIPv4(toUInt32(${sql})))`

/** The key as SQL over the columns of `flow`. */
export const keySql: Readonly<Record<RollupDimension, string>> = {
  total: numberKey('0'), protocol: numberKey('protocol'), port: numberKey(portNumberSql), economy: numberKey(economyNumberSql),
  asn: numberKey('asn'), sensor: numberKey('sensor'), source: 'src', port_source: 'src', port_economy: numberKey(economyNumberSql),
}
/** The second part of a pair's key. */
export const scopeSql = (dimension: RollupDimension): string => (dimension.startsWith('port_') ? portNumberSql : 'toUInt32(0)')

/** A number as ClickHouse and `parseAddress` read it. */
export const numberAddress = (n: number): string => `::ffff:${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`

function addressNumber(address: string): number {
  const bytes = unwrap(parseAddress(address))
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(12)
}

export interface PortKey {
  readonly protocol: number
  /** -1: the packet had none. For ICMP: type << 8 | code. */
  readonly value: number
}
export const portNumber = (port: PortKey): number => ((port.protocol << 17) | (port.value < 0 ? ABSENT_BIT : port.value)) >>> 0

const invalidKey = (key: string) => fail('request/invalid', { what: 'key', value: key.slice(0, 64) })
const decimal = (text: string | undefined, max: number): number | undefined =>
  text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined

/** `tcp/23`, `icmp/8/0`, `47/-`: protocol by name or number; `-` where the packets carry no port. Problem: `request/invalid`. */
export function parsePort(key: Key): Result<PortKey> {
  const [name = '', first, second, ...rest] = key.split('/')
  const protocol = protocolNames[name] ?? decimal(name, 255)
  if (protocol === undefined || rest.length > 0) return invalidKey(key)
  if (first === '-' && second === undefined) return ok({ protocol, value: -1 })
  const high = decimal(first, isIcmp(protocol) ? 255 : 65_535)
  if (high === undefined) return invalidKey(key)
  if (!isIcmp(protocol)) return second === undefined ? ok({ protocol, value: high }) : invalidKey(key)
  const low = decimal(second, 255)
  return low === undefined ? invalidKey(key) : ok({ protocol, value: high * 256 + low })
}

function formatPort(n: number): Key {
  const protocol = n >>> 17
  const name = protocolOf.get(protocol) ?? String(protocol)
  if (n & ABSENT_BIT) return `${name}/-`
  return isIcmp(protocol) ? `${name}/${(n >>> 8) & 255}/${n & 255}` : `${name}/${n & 0xffff}`
}

/** The key as the address that ClickHouse stores. Problem: `request/invalid`. */
export function keyToAddress(dimension: Dimension, key: Key): Result<string> {
  if (dimension === 'source') {
    const address = parseAddress(key)
    return address.ok ? ok(storedAddress(address.value)) : address
  }
  if (dimension === 'port') {
    const port = parsePort(key)
    return port.ok ? ok(numberAddress(portNumber(port.value))) : port
  }
  if (dimension === 'economy') {
    return /^[A-Z]{2}$/.test(key) ? ok(numberAddress(key.charCodeAt(0) * 256 + key.charCodeAt(1))) : invalidKey(key)
  }
  const n = decimal(key, dimension === 'protocol' ? 255 : 0xffff_ffff)
  return n === undefined ? invalidKey(key) : ok(numberAddress(n))
}

const storedAddress = (bytes: Uint8Array): string => {
  const text = formatAddress(bytes)
  return text.includes(':') ? text : `::ffff:${text}`
}

/** The key's text from the stored address. */
export function addressToKey(dimension: Dimension, address: string): Key {
  if (dimension === 'source') return formatAddress(unwrap(parseAddress(address)))
  const n = addressNumber(address)
  if (dimension === 'port') return formatPort(n)
  if (dimension === 'economy') return n === 0 ? '' : String.fromCharCode(n >>> 8, n & 255)
  return String(n)
}
