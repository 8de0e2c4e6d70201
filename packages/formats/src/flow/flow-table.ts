import { ValueTable } from './value-table.ts'

/*
 * A flow is a run of 32-bit words: the key, then the values below. While all packets of a flow agree in a column the
 * value stands inline; the first that differs moves the column to a side record and its counts to the value table.
 * Most flows of a darknet are a single packet, so most flows have neither.
 */
export const V = {
  packets: 0,
  bytes: 1,
  bytes_high: 2,
  /** TTL | TCP flags << 8 | last byte of the destination << 16 | many-valued columns << 24 */
  marks: 3,
  /** source port | window of the first SYN << 16 */
  port_window: 4,
  /** IP size (17 bits) | TCP data offset of the first SYN << 17 | has a SYN << 21 */
  size_syn: 5,
  /** µs of the first SYN since the start of the minute, unsigned */
  syn_at: 6,
  scan: 7,
  backscatter: 8,
  tools: 9,
  side: 12,
} as const
const VALUE_WORDS = 13

/** Side record: bitmap of last destination bytes (IPv4), unique destinations, unique ports, then (count, value) of the most frequent. */
export const S = { bitmap: 0, dsts: 8, ports: 9, best: 10, words: 18 } as const

/** Columns that may take many values; the number is the bit in `marks` and the owner's low bits in the value table. */
export const column = { ttl: 0, flags: 1, size: 2, port: 3, dst: 4 } as const
const COLUMN_BITS = 3
const MANY_SHIFT = 24
const MANY_DST = 1 << (MANY_SHIFT + column.dst)

export const SIZE_MASK = 0x1ffff
export const HAS_SYN = 1 << 21

export const packetClass = { other: 0, scan: 1, backscatter: 2 } as const

/** Flows a table can hold: the index shares a slot word with an 8-bit tag of the hash. */
export const FLOWS_LIMIT = (1 << 24) - 2

/** Flows of one minute of one address family; keys are compared as words. */
export class FlowTable {
  readonly key_words: number
  readonly stride: number
  words: Int32Array
  size = 0
  sides = new Int32Array(S.words * 4)
  #side_count = 0
  readonly values: ValueTable
  #slots: Int32Array
  #bits = 6
  readonly #seeds: Int32Array

  /** `stride`: words per flow, at least key + values. `seeds`: one secret odd number per key word, and one more. */
  constructor(key_words: number, stride: number, seeds: Int32Array) {
    if (stride < key_words + VALUE_WORDS) throw new Error('stride too small')
    this.key_words = key_words
    this.stride = stride
    this.#seeds = seeds
    this.words = new Int32Array(stride * 32)
    this.#slots = new Int32Array(1 << this.#bits)
    this.values = new ValueTable(seeds[seeds.length - 1]!)
  }

  /** Values held aside, for the bound on memory. */
  get load(): number {
    return this.size + (this.values.size >>> 2)
  }

  clear(): void {
    this.#slots.fill(0)
    this.size = 0
    this.#side_count = 0
    this.values.clear()
  }

  /**
   * Counts an IPv4 packet. `net`: /24 << 8 | protocol; `port`: 0 none, else port + 1 (ICMP: type << 8 | code, + 1);
   * `syn`: −1, or window | data offset << 16.
   */
  addV4(
    src: number, net: number, port: number, marks: number, sport: number, size: number,
    syn: number, at: number, kind: number, tools: number,
  ): void {
    const seeds = this.#seeds
    const words = this.words
    const slots = this.#slots
    let hash = Math.imul(src, seeds[0]!) + Math.imul(net, seeds[1]!) + Math.imul(port, seeds[2]!)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    let slot = hash >>> (32 - this.#bits)
    for (;;) {
      const found = slots[slot]!
      if (found === 0) break
      if (((found ^ hash) & 0xff) === 0) {
        const at_word = ((found >>> 8) - 1) * 16
        if (words[at_word] === src && words[at_word + 1] === net && words[at_word + 2] === port) {
          this.update(at_word + 3, marks, sport, size, syn, at, kind, tools)
          return
        }
      }
      slot = (slot + 1) & (slots.length - 1)
    }
    const first = this.claim(slot, hash)
    const fresh = this.words
    fresh[first] = src
    fresh[first + 1] = net
    fresh[first + 2] = port
    this.begin(first + 3, marks, sport, size, syn, at, kind, tools)
  }

  /** Offset of the words of the flow with this key, made new (with `size` one more) where there was none. */
  findKey(key: Int32Array): number {
    const { words, key_words, stride } = this
    const slots = this.#slots
    const hash = this.#hashOf(key, 0)
    let slot = hash >>> (32 - this.#bits)
    for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
      if (((found ^ hash) & 0xff) === 0) {
        const first = ((found >>> 8) - 1) * stride
        let i = 0
        while (i < key_words && words[first + i] === key[i]) i++
        if (i === key_words) return first
      }
      slot = (slot + 1) & (slots.length - 1)
    }
    const first = this.claim(slot, hash)
    this.words.set(key.subarray(0, key_words), first)
    return first
  }

  #hashOf(words: Int32Array, first: number): number {
    const seeds = this.#seeds
    let hash = 0
    for (let i = 0; i < this.key_words; i++) hash = (hash + Math.imul(words[first + i]!, seeds[i]!)) | 0
    return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  }

  /** Room for a flow whose key is not in the table; offset of its first word. */
  private claim(slot: number, hash: number): number {
    if (this.size * 2 >= this.#slots.length) {
      this.#growSlots()
      slot = this.#freeSlot(hash)
    }
    const index = this.size++
    this.#slots[slot] = ((index + 1) << 8) | (hash & 0xff)
    if (this.size * this.stride > this.words.length) this.#growWords()
    return index * this.stride
  }

  #freeSlot(hash: number): number {
    const slots = this.#slots
    let slot = hash >>> (32 - this.#bits)
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
    return slot
  }

  #growWords(): void {
    const flows = this.words.length / this.stride
    const grown = new Int32Array(Math.ceil(flows * (flows < 4096 ? 4 : 1.5)) * this.stride)
    grown.set(this.words)
    this.words = grown
  }

  #growSlots(): void {
    this.#bits += this.#bits < 14 ? 2 : 1
    this.#slots = new Int32Array(1 << this.#bits)
    for (let index = 0; index < this.size; index++) {
      const hash = this.#hashOf(this.words, index * this.stride)
      this.#slots[this.#freeSlot(hash)] = ((index + 1) << 8) | (hash & 0xff)
    }
  }

  /** Values of the first packet of a flow. */
  private begin(
    v: number, marks: number, sport: number, size: number, syn: number, at: number, kind: number, tools: number,
  ): void {
    const words = this.words
    words[v] = 1
    words[v + V.bytes] = size
    words[v + V.bytes_high] = 0
    words[v + V.marks] = marks
    words[v + V.port_window] = syn < 0 ? sport : sport | (syn << 16)
    words[v + V.size_syn] = syn < 0 ? size : size | ((syn >>> 16) << 17) | HAS_SYN
    words[v + V.syn_at] = at
    words[v + V.scan] = kind & 1
    words[v + V.backscatter] = kind >> 1
    words[v + V.tools] = tools & 1
    words[v + V.tools + 1] = (tools >> 1) & 1
    words[v + V.tools + 2] = tools >> 2
    words[v + V.side] = 0
  }

  /** Values of a further packet of the flow whose values begin at `v`. */
  private update(
    v: number, marks: number, sport: number, size: number, syn: number, at: number, kind: number, tools: number,
  ): void {
    const words = this.words
    const packets = words[v]! + 1
    words[v] = packets
    const bytes = (words[v + V.bytes]! >>> 0) + size
    words[v + V.bytes] = bytes
    if (bytes > 0xffffffff) words[v + V.bytes_high] = words[v + V.bytes_high]! + 1
    if (kind === packetClass.scan) words[v + V.scan] = words[v + V.scan]! + 1
    else if (kind === packetClass.backscatter) words[v + V.backscatter] = words[v + V.backscatter]! + 1
    if (tools !== 0) {
      words[v + V.tools] = words[v + V.tools]! + (tools & 1)
      words[v + V.tools + 1] = words[v + V.tools + 1]! + ((tools >> 1) & 1)
      words[v + V.tools + 2] = words[v + V.tools + 2]! + (tools >> 2)
    }
    const size_syn = words[v + V.size_syn]!
    const port_window = words[v + V.port_window]!
    if (syn >= 0 && ((size_syn & HAS_SYN) === 0 || at >>> 0 < words[v + V.syn_at]! >>> 0)) {
      words[v + V.size_syn] = (size_syn & SIZE_MASK) | ((syn >>> 16) << 17) | HAS_SYN
      words[v + V.port_window] = (port_window & 0xffff) | (syn << 16)
      words[v + V.syn_at] = at
    }
    const was = words[v + V.marks]!
    const differs = ((was ^ marks) & 0xffffff) | (was >>> MANY_SHIFT) | ((port_window ^ sport) & 0xffff) | ((size_syn ^ size) & SIZE_MASK)
    if (differs !== 0) this.spread(v, marks, sport, size)
  }

  /** The packet differs from the flow's first values, or some before it did. */
  private spread(v: number, marks: number, sport: number, size: number): void {
    const words = this.words
    const side = this.sideOf(v)
    const base = side * S.words
    const was = words[v + V.marks]!
    let many = was >>> MANY_SHIFT
    if ((many & (1 << column.dst)) !== 0 || ((was ^ marks) & 0xff0000) !== 0) {
      if ((many & (1 << column.dst)) === 0) this.#noteDst(base, (was >>> 16) & 0xff)
      this.#noteDst(base, (marks >>> 16) & 0xff)
      many |= 1 << column.dst
    }
    const before = words[v]! - 1
    many |= this.#tally(side, column.ttl, many, was & 0xff, marks & 0xff, before)
    many |= this.#tally(side, column.flags, many, (was >>> 8) & 0xff, (marks >>> 8) & 0xff, before)
    many |= this.#tally(side, column.size, many, words[v + V.size_syn]! & SIZE_MASK, size, before)
    many |= this.#tally(side, column.port, many, words[v + V.port_window]! & 0xffff, sport, before)
    words[v + V.marks] = (was & 0xffffff) | (many << MANY_SHIFT)
  }

  #noteDst(base: number, last_byte: number): void {
    const sides = this.sides
    const at = base + S.bitmap + (last_byte >> 5)
    const bit = 1 << (last_byte & 31)
    if ((sides[at]! & bit) !== 0) return
    sides[at] = sides[at]! | bit
    sides[base + S.dsts] = sides[base + S.dsts]! + 1
  }

  /** Counts `value` in a column that has, or now gets, many values; the bit of the column if so. */
  #tally(side: number, col: number, many: number, first: number, value: number, before: number): number {
    if ((many & (1 << col)) === 0) {
      if (first === value) return 0
      this.#count(side, col, first, before)
    }
    this.#count(side, col, value, 1)
    return 1 << col
  }

  #count(side: number, col: number, value: number, times: number): void {
    const count = this.values.add((side << COLUMN_BITS) | col, value, 0, times)
    const sides = this.sides
    const base = side * S.words
    if (col === column.port && count === times) sides[base + S.ports] = sides[base + S.ports]! + 1
    const best = base + S.best + 2 * col
    // Of equally frequent values the smallest is kept: the answer must not depend on the order of the packets.
    if (count > sides[best]! || (count === sides[best] && value < sides[best + 1]!)) {
      sides[best] = count
      sides[best + 1] = value
    }
  }

  /** Index of the flow's side record, made where there was none. */
  private sideOf(v: number): number {
    const known = this.words[v + V.side]!
    if (known !== 0) return known - 1
    const side = this.#side_count++
    const from = side * S.words
    if (from + S.words > this.sides.length) {
      const grown = new Int32Array(Math.ceil((this.sides.length / S.words) * 1.5) * S.words)
      grown.set(this.sides)
      this.sides = grown
    }
    this.sides.fill(0, from, from + S.words)
    this.words[v + V.side] = side + 1
    return side
  }

  /** Counts an IPv6 packet; `key` as findKey takes it, the other arguments as in addV4, the destination's low half apart. */
  addV6(
    key: Int32Array, dst_low: number, dst_high: number, marks: number, sport: number, size: number,
    syn: number, at: number, kind: number, tools: number,
  ): void {
    const known = this.size
    const first = this.findKey(key)
    const v = first + this.key_words
    if (this.size > known) {
      this.begin(v, marks, sport, size, syn, at, kind, tools)
      this.words[v + VALUE_WORDS] = dst_low
      this.words[v + VALUE_WORDS + 1] = dst_high
      return
    }
    this.update(v, marks, sport, size, syn, at, kind, tools)
    this.#spreadDst(v, dst_low, dst_high)
  }

  #spreadDst(v: number, low: number, high: number): void {
    const words = this.words
    const first_low = words[v + VALUE_WORDS]!
    const first_high = words[v + VALUE_WORDS + 1]!
    const many = (words[v + V.marks]! & MANY_DST) !== 0
    if (!many && first_low === low && first_high === high) return
    const side = this.sideOf(v)
    const owner = (side << COLUMN_BITS) | column.dst
    const at = side * S.words + S.dsts
    if (!many) this.sides[at] = this.values.add(owner, first_low, first_high, 1)
    words[v + V.marks] = words[v + V.marks]! | MANY_DST
    if (this.values.add(owner, low, high, 1) === 1) this.sides[at] = this.sides[at]! + 1
  }
}
