import { StoreError, type Store } from '@hirundo/analytics'
import { cidrContains, parseAddress, parseCidr, type Cidr } from '@hirundo/base'
import type { Subject } from '@hirundo/contract'
import type { OwnNetworks } from '../detectors/model.ts'

/** Where a victim or source is: location of address, not of actor. Null: the tables do not say. */
export interface Place {
  readonly economy: string | null
  readonly asn: number | null
  readonly as_name: string | null
  readonly own: boolean
}

const UNKNOWN_ECONOMY = 'ZZ'

/** The address that a subject is about: whom it happens to, else who does it. */
export const addressOf = ({ victim, source }: Subject): string | undefined => victim ?? source

/** Whether an address of this place is ours: by network, AS or economy. */
function isOwn({ economies, asns }: OwnNetworks, networks: readonly Cidr[], text: string, economy: string | null, asn: number | null): boolean {
  if ((economy !== null && economies.some((one) => one.toUpperCase() === economy)) || (asn !== null && asns.includes(asn))) return true
  const address = parseAddress(text)
  return address.ok && networks.some((network) => cidrContains(network, address.value))
}

/**
 * Economy, AS and whether it is ours of each address. When the network tables are away the finding is kept without: an
 * alarm must not wait for where it comes from.
 */
export async function placesOf(analytics: Pick<Store, 'networksOf'>, own: OwnNetworks, addresses: readonly string[]): Promise<ReadonlyMap<string, Place>> {
  if (addresses.length === 0) return new Map()
  const networks = own.networks.flatMap((text) => {
    const cidr = parseCidr(text)
    return cidr.ok ? [cidr.value] : []
  })
  const found = await analytics.networksOf(addresses).catch((error: unknown) => {
    if (error instanceof StoreError) return new Map<string, never>() as Awaited<ReturnType<Store['networksOf']>>
    throw error
  })
  return new Map(addresses.map((address) => {
    const at = found.get(address)
    const economy = at === undefined || at.economy === UNKNOWN_ECONOMY || at.economy === '' ? null : at.economy
    const asn = at === undefined || at.asn === 0 ? null : at.asn
    return [address, { economy, asn, as_name: asn === null ? null : at!.as_name, own: isOwn(own, networks, address, economy, asn) }]
  }))
}
