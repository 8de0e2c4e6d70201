import { parseAddress, parseCidr } from '@hirundo/base'
import { AddressSet } from '@hirundo/formats'
import type { OwnNetworks } from '../model.ts'
import { economyNumber } from './slice-builder.ts'

const V4_ADDRESSES = 2 ** 32
const ECONOMIES = 1 << 16

/** Which addresses are ours, by economy, AS or network: any of them suffices. What cannot be a network is nobody's. */
export class OwnMatcher {
  /** Nothing is ours. */
  readonly none: boolean
  /** Something is ours by where an address is registered, not only by its network. */
  readonly by_register: boolean
  readonly #economies = new Uint8Array(ECONOMIES)
  readonly #asns: ReadonlySet<number>
  readonly #networks: AddressSet | undefined

  constructor({ economies, asns, networks }: OwnNetworks) {
    for (const economy of economies) this.#economies[economyNumber(economy.toUpperCase())] = 1
    // What is not known is not ours.
    this.#economies[0] = 0
    this.#asns = new Set(asns.filter((asn) => asn > 0))
    this.by_register = this.#asns.size > 0 || this.#economies.includes(1)
    const cidrs = networks.map(parseCidr).flatMap((cidr) => (cidr.ok ? [cidr.value] : []))
    // An empty set would take all addresses.
    this.#networks = cidrs.length > 0 ? new AddressSet(cidrs) : undefined
    this.none = !this.by_register && !this.#networks
  }

  /** `economy` as two letters in a number, 0 when not known; likewise the AS. `text` is asked for IPv6 addresses only. */
  has(address: number, economy: number, asn: number, text: (number: number) => string): boolean {
    return this.isRegistered(economy, asn) || this.hasAddress(address, text)
  }

  /** By economy and AS alone. */
  isRegistered(economy: number, asn: number): boolean {
    return this.#economies[economy] === 1 || (asn !== 0 && this.#asns.has(asn))
  }

  /** By network alone. */
  hasAddress(address: number, text: (number: number) => string): boolean {
    if (!this.#networks) return false
    if (address < V4_ADDRESSES) return this.#networks.hasV4(address)
    const bytes = parseAddress(text(address))
    return bytes.ok && this.#networks.hasV6(bytes.value, 0)
  }
}
