import type { SeededRandom } from './random.ts'

/** Chances per message; all 0 after healing. */
export interface Faults {
  readonly drop: number
  readonly duplicate: number
  readonly flip: number
  /** A message that is late by up to 20 minutes instead of up to 2 seconds. */
  readonly late: number
}

export const noFaults: Faults = { drop: 0, duplicate: 0, flip: 0, late: 0 }

/** Ten times what the busiest seed needs: beyond it, nodes answer each other without end. */
export const messages_max = 150_000

interface Due {
  readonly at_ms: number
  readonly order: number
  readonly act: () => void
}

/** Simulated time: what is due runs in the order of its time, and of its planning at the same time. */
export class Clock {
  #now = 0
  #order = 0
  readonly #heap: Due[] = []

  get now(): number {
    return this.#now
  }

  at(at_ms: number, act: () => void): void {
    const heap = this.#heap
    heap.push({ at_ms, order: this.#order++, act })
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1
      if (!this.#isBefore(child, parent)) break
      ;[heap[child], heap[parent]] = [heap[parent]!, heap[child]!]
      child = parent
    }
  }

  /** Runs what is due up to the given time. */
  runTo(end_ms: number): void {
    while (this.#heap.length > 0 && this.#heap[0]!.at_ms <= end_ms) {
      const due = this.#pop()
      this.#now = due.at_ms
      due.act()
    }
    this.#now = end_ms
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a]!, this.#heap[b]!]
    return left.at_ms < right.at_ms || (left.at_ms === right.at_ms && left.order < right.order)
  }

  #pop(): Due {
    const heap = this.#heap
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return top
    heap[0] = last
    for (let parent = 0; ; ) {
      let least = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) if (child < heap.length && this.#isBefore(child, least)) least = child
      if (least === parent) return top
      ;[heap[least], heap[parent]] = [heap[parent]!, heap[least]!]
      parent = least
    }
  }
}

/** Carries bytes between nodes, badly. */
export class Network {
  faults: Faults = noFaults
  readonly #cut = new Set<string>()
  readonly #clock: Clock
  readonly #random: SeededRandom
  readonly #deliver: (to: string, from: string, bytes: Uint8Array) => void
  messages = 0

  constructor(clock: Clock, random: SeededRandom, deliver: (to: string, from: string, bytes: Uint8Array) => void) {
    this.#clock = clock
    this.#random = random
    this.#deliver = deliver
  }

  cut(a: string, b: string): void {
    this.#cut.add([a, b].sort().join(' '))
  }

  mend(a: string, b: string): void {
    this.#cut.delete([a, b].sort().join(' '))
  }

  mendAll(): void {
    this.#cut.clear()
  }

  send(from: string, to: string, bytes: Uint8Array): void {
    this.messages += 1
    if (this.messages > messages_max) return
    const { drop, duplicate } = this.faults
    if (this.#random.chance(drop)) return
    const copies = this.#random.chance(duplicate) ? 2 : 1
    for (let i = 0; i < copies; i++) this.#post(from, to, bytes)
  }

  #post(from: string, to: string, bytes: Uint8Array): void {
    const { flip, late } = this.faults
    const delay_ms = this.#random.chance(late) ? this.#random.below(1_200_000) : this.#random.between(5, 2000)
    const carried = this.#random.chance(flip) ? this.#flipped(bytes) : bytes
    this.#clock.at(this.#clock.now + delay_ms, () => {
      if (!this.#cut.has([from, to].sort().join(' '))) this.#deliver(to, from, carried)
    })
  }

  #flipped(bytes: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(bytes)
    copy[this.#random.below(copy.length)]! ^= 1 << this.#random.below(8)
    return copy
  }
}
