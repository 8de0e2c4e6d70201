import { shapeList } from './shapes.ts'

/** Rows are little endian, addresses in network order. */
export const swap = (word: number): number =>
  ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)

export const MAPPED = 0xffff0000 | 0

/** An IPv4 address as the 16 bytes of a column, beginning at word `at`. */
export function mapped(rows: Int32Array, at: number, address: number): void {
  rows[at] = 0
  rows[at + 1] = 0
  rows[at + 2] = MAPPED
  rows[at + 3] = swap(address)
}

const scramble = (address: number): number => Math.imul(address ^ (address >>> 15), 0x2c1b3c6d) >>> 8

/** A host is as far away as its address says: 5 to 24 hops. */
export const ttlOf = (shape: number, source: number): number => shapeList[shape]!.ttl - 5 - (scramble(source) % 20)

/** Window of a host's SYNs: that of the tool, or its own. */
export function windowOf(shape: number, source: number): number {
  const { window } = shapeList[shape]!
  return window < 0 ? (scramble(source ^ 0x5bd1e995) & 0xffff) : window
}

/** Slots `0 … count − 1` in order of their sensor; those of sensor `s` are `order[starts[s]] … order[starts[s + 1] − 1]`. */
export class SensorOrder {
  readonly starts: Uint32Array
  order = new Uint32Array(4096)

  constructor(sensors: number) {
    this.starts = new Uint32Array(sensors + 1)
  }

  sort(sensor_of: Uint16Array, count: number): void {
    const { starts } = this
    if (this.order.length < count) this.order = new Uint32Array(2 * count)
    starts.fill(0)
    for (let i = 0; i < count; i++) starts[sensor_of[i]! + 1]!++
    for (let s = 1; s < starts.length; s++) starts[s]! += starts[s - 1]!
    for (let i = 0; i < count; i++) this.order[starts[sensor_of[i]!]!++] = i
    // Each start has moved to the next one's.
    starts.copyWithin(1, 0, starts.length - 1)
    starts[0] = 0
  }
}

type Words = Uint8Array | Uint16Array | Uint32Array

/** A copy of twice the length. */
export function doubled<T extends Words>(of: T): T {
  const twice = new (of.constructor as new (length: number) => T)(2 * of.length)
  twice.set(of as never)
  return twice
}
