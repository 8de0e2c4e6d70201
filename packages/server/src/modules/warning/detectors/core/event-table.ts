import { grown } from './grown.ts'
import { KeyIndex } from './key-index.ts'

type Make = Float64ArrayConstructor | Uint32ArrayConstructor | Int32ArrayConstructor | Uint16ArrayConstructor | Uint8ArrayConstructor
/** Type of a column and how many values of it an event has. */
export type ColumnSpec = Readonly<Record<string, readonly [make: Make, width: number]>>
export type ColumnsOf<C extends ColumnSpec> = { readonly [K in keyof C]: InstanceType<C[K][0]> }
type AnyColumn = InstanceType<Make>

const START_EVENTS = 1024
const NONE = -1
/** How much an event would be missed: seen seldom, seen often, told. The last are never driven out. */
export const rank = { seldom: 0, often: 1, told: 2 } as const
const ranks = [rank.seldom, rank.often, rank.told] as const
export type Rank = (typeof ranks)[number]

export interface SavedEvents {
  /** By rank, and in order of the last sample. */
  readonly keys: Float64Array
  readonly ranks: Uint8Array
  readonly shed: number
  readonly columns: Readonly<Record<string, AnyColumn>>
}

/**
 * Events that are going on, by key (a whole number below 2⁵³), in bounded memory and in order of their last sample, which is
 * how they come to be over. When the table is full a new event takes the place of the one of the lowest rank that has been
 * silent for longest; where all were told the new one is shed. Thus a flood of single packets from made-up addresses drives
 * out only others of its kind. What was left out is counted in `shed`.
 *
 * Columns are typed arrays by slot, zero in a new event. They are replaced when the table grows: take them after `reserve`.
 */
export class EventTable<C extends ColumnSpec> {
  size = 0
  shed = 0
  keys = new Float64Array(START_EVENTS)
  columns: ColumnsOf<C>
  readonly events_max: number
  readonly #spec: C
  readonly #index: KeyIndex
  #capacity = START_EVENTS
  /** Slots below it were used at least once. */
  #used = 0
  readonly #free: number[] = []
  #next = new Int32Array(START_EVENTS)
  #before = new Int32Array(START_EVENTS)
  #rank = new Uint8Array(START_EVENTS)
  /** The columns once more, to go through quickly. */
  #all: readonly (readonly [column: AnyColumn, width: number])[] = []
  /** A list for each rank, in order of the last sample. */
  readonly #heads: number[] = ranks.map(() => NONE)
  readonly #tails: number[] = ranks.map(() => NONE)

  constructor(spec: C, events_max: number, seed: number, saved?: SavedEvents) {
    this.#spec = spec
    this.events_max = events_max
    this.#index = new KeyIndex(seed)
    this.columns = this.#make(this.#capacity, () => undefined)
    if (saved) this.#restore(saved)
  }

  /** Slot of the event with this key; −1: there is none. */
  find(key: number): number {
    return this.#index.find(key, this.keys)
  }

  /** Slot of a new event with a key that has none, as the latest; −1: it was shed. Asks for room made by `reserve`. */
  open(key: number): number {
    if (this.size >= this.events_max) {
      this.shed++
      const least = this.#heads[rank.seldom] === NONE ? this.#heads[rank.often]! : this.#heads[rank.seldom]!
      if (least === NONE) return NONE
      this.close(least)
    }
    const slot = this.#free.pop() ?? this.#used++
    if (slot >= this.#capacity) throw new Error('no room was reserved')
    this.#clear(slot)
    this.keys[slot] = key
    this.#index.add(key, slot, this.keys)
    this.size++
    this.#append(slot, rank.seldom)
    return slot
  }

  /** The event has a sample that is not older than any other; its rank is at least this from now on. */
  touch(slot: number, at_least: Rank = rank.seldom): void {
    const before = this.#rank[slot]!
    if (before >= at_least && this.#tails[before] === slot) return
    this.#unlink(slot)
    this.#append(slot, Math.max(before, at_least))
  }

  close(slot: number): void {
    this.#unlink(slot)
    this.#index.remove(this.keys[slot]!, this.keys)
    this.#free.push(slot)
    this.size--
  }

  /** Closes the events that `isOver` says are over, oldest sample first, up to the first that is not; `tell` before each. */
  closeWhile(isOver: (slot: number) => boolean, tell: (slot: number) => void): void {
    for (const of of ranks) {
      for (let slot = this.#heads[of]!; slot !== NONE && isOver(slot); slot = this.#heads[of]!) {
        tell(slot)
        this.close(slot)
      }
    }
  }

  /** Closes all events, oldest sample first; each can be read until the next is asked for. */
  *drain(): Generator<number> {
    for (const of of ranks) {
      for (let slot = this.#heads[of]!; slot !== NONE; slot = this.#heads[of]!) {
        yield slot
        this.close(slot)
      }
    }
  }

  /** Makes room for so many new events more, as far as the bound allows. */
  reserve(more: number): void {
    const wanted = Math.min(this.events_max, this.#used + Math.max(0, more - this.#free.length))
    if (wanted <= this.#capacity) return
    while (this.#capacity < wanted) this.#capacity *= 2
    this.#capacity = Math.min(this.#capacity, this.events_max)
    const before = this.columns
    this.columns = this.#make(this.#capacity, (name) => before[name])
    this.keys = grown(this.keys, this.#capacity)
    this.#next = grown(this.#next, this.#capacity)
    this.#before = grown(this.#before, this.#capacity)
    this.#rank = grown(this.#rank, this.#capacity)
  }

  save(): SavedEvents {
    const slots = new Int32Array(this.size)
    let count = 0
    for (const of of ranks) for (let slot = this.#heads[of]!; slot !== NONE; slot = this.#next[slot]!) slots[count++] = slot
    const columns = Object.fromEntries(Object.entries(this.#spec).map(([name, [make, width]]) => [name, gathered(this.columns[name]!, new make(count * width), slots, width)]))
    return {
      keys: gathered(this.keys, new Float64Array(count), slots, 1), ranks: gathered(this.#rank, new Uint8Array(count), slots, 1), shed: this.shed, columns,
    }
  }

  #restore({ keys, ranks, shed, columns }: SavedEvents): void {
    this.reserve(keys.length)
    keys.forEach((key, i) => {
      const slot = this.open(key)
      for (const [name, [, width]] of Object.entries(this.#spec)) this.columns[name]!.set(columns[name]!.subarray(i * width, (i + 1) * width), slot * width)
      this.touch(slot, ranks[i] as Rank)
    })
    this.shed = shed
  }

  #make(capacity: number, before: (name: string) => AnyColumn | undefined): ColumnsOf<C> {
    const made = Object.entries(this.#spec).map(([name, [make, width]]) => {
      const column = new make(capacity * width)
      column.set(before(name) ?? [])
      return [name, column, width] as const
    })
    this.#all = made.map(([, column, width]) => [column, width])
    return Object.fromEntries(made) as unknown as ColumnsOf<C>
  }

  #clear(slot: number): void {
    for (const [column, width] of this.#all) for (let i = slot * width; i < (slot + 1) * width; i++) column[i] = 0
  }

  #append(slot: number, of: number): void {
    const tail = this.#tails[of]!
    this.#rank[slot] = of
    this.#before[slot] = tail
    this.#next[slot] = NONE
    if (tail === NONE) this.#heads[of] = slot
    else this.#next[tail] = slot
    this.#tails[of] = slot
  }

  #unlink(slot: number): void {
    const of = this.#rank[slot]!
    const next = this.#next[slot]!
    const before = this.#before[slot]!
    if (before === NONE) this.#heads[of] = next
    else this.#next[before] = next
    if (next === NONE) this.#tails[of] = before
    else this.#before[next] = before
  }
}

/** Values of these slots, in their order. */
function gathered<T extends AnyColumn>(from: AnyColumn, to: T, slots: Int32Array, width: number): T {
  for (let i = 0; i < slots.length; i++) {
    const at = slots[i]! * width
    for (let j = 0; j < width; j++) to[i * width + j] = from[at + j]!
  }
  return to
}
