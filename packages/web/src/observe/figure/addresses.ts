import { stringifySearch, type SearchParams } from '../../app/search-params.ts'

/** `tcp/23` and the service that mostly stands there. */
export interface PortOf {
  readonly key: string
  readonly service?: string | null | undefined
}

/** The page of a port: `tcp/23` → /observe/ports/tcp/23, `icmp/8/0` → /observe/ports/icmp/8-0. */
export function portAddress(key: string, search: SearchParams): string {
  const [protocol = '', ...rest] = key.split('/')
  return `/observe/ports/${encodeURIComponent(protocol)}/${encodeURIComponent(rest.join('-'))}${stringifySearch(search)}`
}
export const sourceAddress = (source: string, search: SearchParams): string => `/observe/sources/${encodeURIComponent(source)}${stringifySearch(search)}`
export const exploreAddress = (dimension: string, key: readonly string[], search: SearchParams): string =>
  `/observe/explore${stringifySearch({ dimension, key, ...search })}`
