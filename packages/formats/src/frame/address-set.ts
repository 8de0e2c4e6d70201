import { cidrContains, isMapped, type Cidr } from '@hirundo/base'

/** Which destinations count. */
export class AddressSet {
  readonly #all: boolean
  /** Disjoint, ascending ranges of IPv4 addresses as unsigned numbers, both ends included. */
  readonly #starts: Float64Array
  readonly #ends: Float64Array
  readonly #v6: readonly Cidr[]
  #last = 0

  /** Empty: everything is a member. */
  constructor(networks: readonly Cidr[]) {
    this.#all = networks.length === 0
    this.#v6 = networks.filter((cidr) => !(cidr.bits >= 96 && isMapped(cidr.bytes)))
    const ranges = merged(networks.flatMap(v4Range))
    this.#starts = Float64Array.from(ranges, (range) => range[0])
    this.#ends = Float64Array.from(ranges, (range) => range[1])
  }

  /** `address`: an IPv4 address as a 32-bit number of either sign. */
  hasV4(address: number): boolean {
    if (this.#all) return true
    const unsigned = address >>> 0
    if (unsigned >= this.#starts[this.#last]! && unsigned <= this.#ends[this.#last]!) return true
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= unsigned) low = middle + 1
      else high = middle
    }
    if (low === 0 || unsigned > this.#ends[low - 1]!) return false
    this.#last = low - 1
    return true
  }

  /** The 16 bytes at `offset`. */
  hasV6(bytes: Uint8Array, offset: number): boolean {
    return this.#all || this.#v6.some((cidr) => cidrContains(cidr, bytes, offset))
  }
}

/** A network's IPv4 addresses; one wider than ::ffff:0:0/96 may hold all of them. */
function v4Range(cidr: Cidr): [number, number][] {
  const mapped = new Uint8Array(16)
  mapped[10] = mapped[11] = 0xff
  if (cidr.bits < 96) return cidrContains(cidr, mapped) ? [[0, 0xffffffff]] : []
  if (!isMapped(cidr.bytes)) return []
  const start = new DataView(cidr.bytes.buffer, cidr.bytes.byteOffset).getUint32(12)
  return [[start, start + 2 ** (128 - cidr.bits) - 1]]
}

function merged(ranges: [number, number][]): [number, number][] {
  const result: [number, number][] = []
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && start <= last[1] + 1) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}
