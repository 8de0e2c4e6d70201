import { fail, ok, protocolName, protocolNumber, serviceOf, type Result } from '@hirundo/base'
import type { Dimension } from '@hirundo/analytics'
import type { TopDimension } from '@hirundo/contract'

/** The word of the address (plural) and the store's. */
export const storeDimension: Readonly<Record<TopDimension, Dimension>> = {
  ports: 'port', economies: 'economy', asns: 'asn', sources: 'source', sensors: 'sensor', protocols: 'protocol',
}

/** Rankings by these say where an address is, never who acts. */
export const isLocation = (dimension: string): boolean => dimension === 'economy' || dimension === 'asn'

/** What the store knows beside the key. */
export interface Names {
  readonly sensors: ReadonlyMap<number, string>
  readonly as_names: ReadonlyMap<number, string>
}

/** The members that name a value of a dimension in an answer. */
export interface KeyFields {
  readonly key: string
  readonly protocol?: string
  readonly port?: number | null
  readonly icmp_type?: number
  readonly icmp_code?: number
  readonly service?: string | null
  readonly economy?: string
  readonly asn?: number
  readonly as_name?: string
  readonly source?: string
  readonly sensor?: string
}

function portFields(key: string): KeyFields {
  const [protocol = '', first = '', second] = key.split('/')
  const name = protocolName(protocol)
  if (second !== undefined) return { key, protocol: name, port: null, icmp_type: Number(first), icmp_code: Number(second), service: null }
  const port = first === '-' ? null : Number(first)
  return { key, protocol: name, port, service: port === null ? null : serviceOf(name, port) }
}

/** Members of a key as the store gives it. */
export function keyFields(dimension: Dimension, key: string, names: Names): KeyFields {
  switch (dimension) {
    case 'port': return portFields(key)
    case 'protocol': return { key: protocolName(key), protocol: protocolName(key) }
    case 'economy': return { key, economy: key }
    case 'asn': return { key, asn: Number(key), as_name: names.as_names.get(Number(key)) ?? '' }
    case 'source': return { key, source: key }
    case 'sensor': {
      const sensor = names.sensors.get(Number(key)) ?? 'unknown'
      return { key: sensor, sensor }
    }
  }
}

/** The store's key of what a question says. Problem: `request/invalid`. */
export function storeKey(dimension: Dimension, key: string, names: Names): Result<string> {
  if (dimension === 'protocol') return ok(protocolNumber(key))
  if (dimension === 'economy') return ok(key.toUpperCase())
  if (dimension === 'asn') return ok(key.replace(/^as/i, ''))
  if (dimension !== 'sensor') return ok(key)
  const found = [...names.sensors].find(([, name]) => name === key)
  return found ? ok(String(found[0])) : fail('request/invalid', { what: 'sensor', value: key.slice(0, 64) })
}
