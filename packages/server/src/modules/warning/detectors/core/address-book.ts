import { formatAddress, isMapped, parseAddress, unwrap } from '@hirundo/base'

const V4_ADDRESSES = 2 ** 32
/** Numbers of IPv6 addresses follow those of IPv4: all fit 33 bits. */
export const addresses_v6_max = 262_144
/** Beside them the networks of our own sensors, which no stranger's addresses may keep out. */
const networks_v6_max = 4096
/** Anybody has a /64 or /48 of addresses to himself: of one of them only so many find a number, or one network would take all. */
export const per_network_max = { 64: 1024, 48: 16_384 } as const
/** Detectors let go of a source within a week; an IPv6 address that was not seen for longer gives its number back. */
const days_kept = 8
const DAY_S = 86_400
/** What stands for an IPv6 address that found no number. */
export const NO_ADDRESS = -1

/** Sixteen bytes as text of one-byte characters: a key that costs less than the address's own text. */
function bytesKey(bytes: Uint8Array, at: number): string {
  let key = ''
  for (let i = at; i < at + 16; i++) key += String.fromCharCode(bytes[i]!)
  return key
}

/**
 * Addresses as numbers below 2³³, so that tables need no text: an IPv4 address is itself, an IPv6 address gets the next free
 * number. A flood of random IPv6 addresses fills the book; what finds no number is counted in `shed` and left out. It does not
 * stand under its network's address instead: evidence asked by that would come to nothing.
 */
export class AddressBook {
  shed = 0
  readonly #numbers = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #days: number[] = []
  /** In order: a book made of what was saved gives the same numbers as one that went on. */
  readonly #free: number[] = []
  /** Numbers that a /64 (8 bytes) or /48 (6 bytes) has. */
  readonly #per_network = new Map<string, number>()

  constructor(saved?: unknown) {
    if (!saved) return
    const { texts, days } = saved as { texts: readonly string[]; days: readonly number[] }
    texts.forEach((text, i) => {
      this.#texts.push(text)
      this.#days.push(days[i]!)
      if (text === '') this.#free.push(i)
      else this.#put(bytesKey(unwrap(parseAddress(text)), 0), i)
    })
  }

  /** Number of the address at an offset; `NO_ADDRESS` when the book or its network is full. `second` is when it was seen. */
  number(bytes: Uint8Array, at: number, second: number): number {
    return this.#number(bytes, at, second, (key) => this.#numbers.size < addresses_v6_max && !this.#isCrowded(key))
  }

  /** The same of a network of a sensor's own. */
  network(bytes: Uint8Array, at: number, second: number): number {
    return this.#number(bytes, at, second, () => this.#numbers.size < addresses_v6_max + networks_v6_max)
  }

  #number(bytes: Uint8Array, at: number, second: number, hasRoom: (key: string) => boolean): number {
    if (isMapped(bytes, at)) return ((bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!) >>> 0
    const key = bytesKey(bytes, at)
    let index = this.#numbers.get(key)
    if (index === undefined) {
      if (!hasRoom(key)) {
        this.shed++
        return NO_ADDRESS
      }
      index = this.#free.pop() ?? this.#texts.length
      this.#put(key, index)
      this.#texts[index] = formatAddress(bytes, at)
    }
    this.#days[index] = Math.floor(second / DAY_S)
    return V4_ADDRESSES + index
  }

  text = (number: number): string => {
    if (number < V4_ADDRESSES) return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`
    return this.#texts[number - V4_ADDRESSES] ?? ''
  }

  /** Gives back the numbers of addresses that nobody has seen for `days_kept` days. */
  forget(second: number): void {
    const before = Math.floor(second / DAY_S) - days_kept
    for (const [key, index] of this.#numbers) {
      if (this.#days[index]! >= before) continue
      this.#numbers.delete(key)
      this.#crowd(key, -1)
      this.#texts[index] = ''
      this.#free.push(index)
    }
    this.#free.sort((a, b) => a - b)
  }

  save(): unknown {
    return { texts: this.#texts, days: this.#days }
  }

  #put(key: string, index: number): void {
    this.#numbers.set(key, index)
    this.#crowd(key, 1)
  }

  #isCrowded(key: string): boolean {
    const has = (bytes: number): number => this.#per_network.get(key.slice(0, bytes)) ?? 0
    return has(8) >= per_network_max[64] || has(6) >= per_network_max[48]
  }

  #crowd(key: string, more: number): void {
    for (const network of [key.slice(0, 8), key.slice(0, 6)]) {
      const count = (this.#per_network.get(network) ?? 0) + more
      if (count > 0) this.#per_network.set(network, count)
      else this.#per_network.delete(network)
    }
  }
}
