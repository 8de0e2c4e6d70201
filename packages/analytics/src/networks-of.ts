import { networksOf as lookUp, type AddressNetworks } from './answers/addresses.ts'
import type { Database } from './client.ts'
import { addressToKey, keyToAddress } from './keys.ts'
import { orStoreError, StoreError } from './store-error.ts'

/** Of one question. */
export const networks_of_max = 10_000

/**
 * What the network tables say now of addresses, by their text as given (location of address, not of actor): `ZZ` and AS 0
 * where they say nothing. Problems: `request/invalid` (one is no address), `query/too-wide` (more than `networks_of_max`).
 */
export async function networksOf(db: Database, addresses: readonly string[]): Promise<ReadonlyMap<string, AddressNetworks>> {
  if (addresses.length > networks_of_max) throw new StoreError('query/too-wide', { what: 'addresses', max: networks_of_max })
  const stored = new Map(addresses.map((text) => [text, orStoreError(keyToAddress('source', text))]))
  const found = await lookUp(db, [...new Set(stored.values())])
  const byText = new Map([...found].map(([address, networks]) => [addressToKey('source', address), networks]))
  return new Map([...stored].flatMap(([text, address]) => {
    const networks = byText.get(addressToKey('source', address))
    return networks ? [[text, networks] as const] : []
  }))
}
