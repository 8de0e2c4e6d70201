import type { PortKey } from '../core/port-key.ts'

export interface SavedSlots {
  readonly capacity: number
  readonly ports: readonly (readonly [port: PortKey, slot: number])[]
}

const START_SLOTS = 64

/** Which ports are followed one by one, each in a slot of arrays; at most `ports_max`. */
export class Slots {
  readonly #ports_max: number
  readonly #slots: Map<PortKey, number>
  readonly #free: number[]
  /** Slots that arrays must have room for. */
  capacity: number

  constructor(ports_max: number, saved?: SavedSlots) {
    this.#ports_max = ports_max
    this.#slots = new Map(saved?.ports)
    this.capacity = saved?.capacity ?? 0
    const used = new Set(this.#slots.values())
    this.#free = Array.from({ length: this.capacity }, (_, i) => this.capacity - 1 - i).filter((slot) => !used.has(slot))
  }

  get(port: PortKey): number | undefined {
    return this.#slots.get(port)
  }

  get full(): boolean {
    return this.#slots.size >= this.#ports_max
  }

  get size(): number {
    return this.#slots.size
  }

  [Symbol.iterator](): MapIterator<[PortKey, number]> {
    return this.#slots.entries()
  }

  /** The port's new slot; the caller has seen that there is room. Slots are given out lowest first, so that a saved run goes on alike. */
  take(port: PortKey): number {
    if (this.full || this.#slots.has(port)) throw new RangeError(`no slot for port ${port}`)
    if (this.#free.length === 0) this.#grow()
    const slot = this.#free.pop()!
    this.#slots.set(port, slot)
    return slot
  }

  drop(port: PortKey): void {
    const slot = this.#slots.get(port)
    if (slot === undefined) return
    this.#slots.delete(port)
    // Kept in descending order: the lowest is taken next, whatever the order in which they were dropped.
    let at = this.#free.length
    while (at > 0 && this.#free[at - 1]! < slot) at--
    this.#free.splice(at, 0, slot)
  }

  save(): SavedSlots {
    return { capacity: this.capacity, ports: [...this.#slots] }
  }

  #grow(): void {
    const grown = Math.min(this.#ports_max, Math.max(START_SLOTS, 2 * this.capacity))
    for (let slot = grown - 1; slot >= this.capacity; slot--) this.#free.push(slot)
    this.capacity = grown
  }
}
