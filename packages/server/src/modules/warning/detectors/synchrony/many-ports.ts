import { DAY_S } from '@hirundo/base'
import { hash32, hashAddress } from './hash.ts'

const START_SLOTS = 1 << 10
const LOAD_MAX = 0.7
const NONE = -1
const BITS = 32

interface SavedDay {
  readonly keys: Float64Array
  readonly bits: Uint32Array
}
export interface SavedManyPorts {
  readonly day: number
  readonly now: SavedDay
  readonly before: SavedDay
}

/**
 * Which sources touched many ports today or yesterday. Of each a map of 32 bits is kept, one of which each port sets (linear
 * counting: Whang, Vander-Zanden and Taylor 1990): n ports set 32 · (1 − e^(−n/32)) of them on average.
 */
export class ManyPorts {
  /** Sources of today that memory did not take. */
  shed = 0
  readonly #bits_min: number
  readonly #sources_max: number
  #day: number
  #now: DayTable
  #before: DayTable

  constructor(ports_max: number, sources_max: number, saved?: SavedManyPorts) {
    this.#bits_min = BITS * (1 - Math.exp(-ports_max / BITS))
    this.#sources_max = sources_max
    this.#day = saved?.day ?? 0
    this.#now = new DayTable(saved?.now)
    this.#before = new DayTable(saved?.before)
  }

  /** Begins another day where the minute is of one. */
  turn(minute: number): void {
    const day = Math.floor(minute / DAY_S)
    if (day === this.#day) return
    this.#before = day === this.#day + 1 ? this.#now : new DayTable()
    this.#now = new DayTable()
    this.#day = day
  }

  /** Takes down that the source touched the port; whether it touched more than `ports_max` so far. */
  see(source: number, port: number): boolean {
    const bit = 1 << (hash32(port, 0) & 31)
    const slot = this.#now.find(source, this.#sources_max)
    const before = this.#before.bitsOf(source)
    if (slot === NONE) this.shed++
    else this.#now.bits[slot]! |= bit
    const bits = before | (slot === NONE ? bit : this.#now.bits[slot]!)
    return ones(bits) >= this.#bits_min
  }

  save(): SavedManyPorts {
    return { day: this.#day, now: this.#now.save(), before: this.#before.save() }
  }
}

function ones(bits: number): number {
  let b = bits - ((bits >>> 1) & 0x55555555)
  b = (b & 0x33333333) + ((b >>> 2) & 0x33333333)
  return Math.imul((b + (b >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Open addressing; addresses are numbers below 2³³. */
class DayTable {
  bits: Uint32Array
  #keys: Float64Array
  #size = 0

  constructor(saved?: SavedDay) {
    this.#keys = saved?.keys ?? new Float64Array(START_SLOTS).fill(NONE)
    this.bits = saved?.bits ?? new Uint32Array(START_SLOTS)
    for (const key of this.#keys) if (key !== NONE) this.#size++
  }

  /** Slot of the source, made when there is none; −1: no room. */
  find(source: number, sources_max: number): number {
    const slot = this.#slot(source)
    if (this.#keys[slot] === source) return slot
    if (this.#size >= sources_max) return NONE
    this.#keys[slot] = source
    if (++this.#size <= this.#keys.length * LOAD_MAX) return slot
    this.#grow()
    return this.#slot(source)
  }

  bitsOf(source: number): number {
    const slot = this.#slot(source)
    return this.#keys[slot] === source ? this.bits[slot]! : 0
  }

  save(): SavedDay {
    return { keys: this.#keys, bits: this.bits }
  }

  #slot(source: number): number {
    const mask = this.#keys.length - 1
    let slot = hashAddress(source) & mask
    while (this.#keys[slot] !== NONE && this.#keys[slot] !== source) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [keys, bits] = [this.#keys, this.bits]
    this.#keys = new Float64Array(keys.length * 2).fill(NONE)
    this.bits = new Uint32Array(keys.length * 2)
    keys.forEach((key, i) => {
      if (key === NONE) return
      const slot = this.#slot(key)
      this.#keys[slot] = key
      this.bits[slot] = bits[i]!
    })
  }
}
