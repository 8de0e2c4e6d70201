import type { TopDimension } from '@hirundo/contract'
import { stringifySearch, type SearchParams } from '../../app/search-params.ts'

/** The page of a port: `tcp/23` → /observe/ports/tcp/23, `icmp/8/0` → /observe/ports/icmp/8-0. */
export function portAddress(key: string, search: SearchParams): string {
  const [protocol = '', ...rest] = key.split('/')
  return `/observe/ports/${encodeURIComponent(protocol)}/${encodeURIComponent(rest.join('-'))}${stringifySearch(search)}`
}
export const sourceAddress = (source: string, search: SearchParams): string => `/observe/sources/${encodeURIComponent(source)}${stringifySearch(search)}`
export const exploreAddress = (dimension: string, key: readonly string[], search: SearchParams): string =>
  `/observe/explore${stringifySearch({ dimension, key, ...search })}`

/** Where a row of a ranking leads: its own page, or its series. */
export function rowAddress(dimension: TopDimension, key: string, search: SearchParams): string | undefined {
  if (key === '') return undefined
  switch (dimension) {
    case 'ports': return portAddress(key, search)
    case 'sources': return sourceAddress(key, search)
    case 'economies': return exploreAddress('economy', [key], search)
    case 'asns': return exploreAddress('asn', [key], search)
    case 'sensors': return exploreAddress('sensor', [key], search)
    case 'protocols': return exploreAddress('protocol', [key], search)
  }
}
