import type { Store } from '@hirundo/analytics'
import { parseAddress } from '@hirundo/base'
import type { Platform } from '../../../platform/module.ts'
import { ownDecoys } from '../interactions/decoys.ts'
import { holds } from '../interactions/networks.ts'

/** Sources that are looked at beyond those asked for, in case decoys stand among them. */
const LOOKED_BEYOND = 100
const ranks_max = 1000

/** The store's answers without these networks as sources; sums over all sources keep them. */
export function withoutSources(store: Store, networks: readonly string[]): Store {
  const within = holds(networks)
  const hides = (key: string): boolean => {
    const address = parseAddress(key)
    return address.ok && within(address.value)
  }
  return {
    ...store,
    async top(dimension, question, limit) {
      if (dimension !== 'source') return store.top(dimension, question, limit)
      const rows = await store.top(dimension, question, Math.min(ranks_max, limit + LOOKED_BEYOND))
      return rows.filter(({ key }) => !hides(key)).slice(0, limit).map((row, i) => ({ ...row, rank: i + 1 }))
    },
    async port(key, question) {
      const found = await store.port(key, question)
      return { ...found, top_sources: found.top_sources.filter(({ source }) => !hides(source)) }
    },
    // As of an address that no sensor saw.
    source: (address, question) => store.source(address, hides(address) ? { ...question, sensors: [] } : question),
    series: (dimension, key, question, step) =>
      store.series(dimension, key, dimension === 'source' && key !== null && hides(key) ? { ...question, sensors: [] } : question, step),
  }
}

/** The tools as the organisation is answered: its own decoys are no sources. */
export async function withoutOwnDecoys<T extends Pick<Platform, 'db' | 'analytics'>>(tools: T, organisation_id: number): Promise<T> {
  const networks = await ownDecoys(tools.db, organisation_id)
  return networks.length === 0 ? tools : { ...tools, analytics: withoutSources(tools.analytics, networks) }
}
