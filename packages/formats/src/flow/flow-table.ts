import { BATCH_PACKETS, KIND_SHIFT, P, PACKET_WORDS, TOOLS_SHIFT } from './flow-batch.ts'
import {
  ALIGN_WORDS, column, HAS_SYN, MANY_SHIFT, packetClass, SIZE_MASK, V, V4_KEY_WORDS, V4_STRIDE, VALUE_WORDS,
} from './flow-layout.ts'
import { SideTable, type TallyQueue } from './side-table.ts'

const MANY_DST = 1 << (MANY_SHIFT + column.dst)
/** Columns whose values are counted one by one. */
const MANY_BUT_PORT = (1 << column.ttl) | (1 << column.flags) | (1 << column.size)
const MANY_COUNTED = MANY_BUT_PORT | (1 << column.port)

/** Room for more flows is made by this: what is left over of it is memory that a quiet sensor pays for in each open minute. */
const GROWTH = 1.5

const MARKS_MASK = (1 << MANY_SHIFT) - 1

/** Places of the flows that #prefetch has found; means nothing between batches. */
const prefetched = new Int32Array(BATCH_PACKETS)

/** Flows of one minute of one address family; keys are compared as words. */
export class FlowTable {
  readonly key_words: number
  readonly stride: number
  words: Int32Array
  /** The first key word of each flow once more, close together: what the sorter reads first. */
  heads = new Int32Array(16)
  size = 0
  readonly sides: SideTable
  #slots: Int32Array
  #bits = 6
  readonly #seeds: Int32Array
  /** Keeps the reads that only bring memory near from being optimised away. */
  touched = 0

  /** `stride`: words per flow, at least key + values. `seeds`: one secret odd number per key word, and one more. `queue`: may be shared by all tables. */
  constructor(key_words: number, stride: number, seeds: Int32Array, queue: TallyQueue) {
    if (stride < key_words + VALUE_WORDS) throw new Error('stride too small')
    this.key_words = key_words
    this.stride = stride
    this.#seeds = seeds
    this.words = new Int32Array(ALIGN_WORDS + stride * 17)
    this.#slots = new Int32Array(1 << this.#bits)
    this.sides = new SideTable(seeds[seeds.length - 1]!, queue)
  }

  /** Memory in use, counted in flows. */
  get load(): number {
    return this.size + this.sides.load
  }

  /** Offset of a flow's first word; the room of one flow before the first is left empty for #prefetch. */
  place(index: number): number {
    return ALIGN_WORDS + (index + 1) * this.stride
  }

  clear(): void {
    this.#slots.fill(0, 0, 1 << this.#bits)
    this.size = 0
    this.sides.clear()
  }

  /** Makes an empty table as small as `flows` allow, so that it stays near; it still grows. */
  fit(flows: number): void {
    if (this.size > 0) throw new Error('only an empty table can be made smaller')
    this.#bits = 6
    this.#growSlots(flows)
  }

  /** Counts up to BATCH_PACKETS packets that begin at a word offset. Only for tables of IPv4. */
  addPackets(packets: Int32Array, from: number, count: number): void {
    const end = from + count * PACKET_WORDS
    this.#reserve(count)
    this.#prefetch(packets, from, end)
    const words = this.words
    const heads = this.heads
    const slots = this.#slots
    const mask = (1 << this.#bits) - 1
    const shift = 32 - this.#bits
    for (let p = from; p < end; p += PACKET_WORDS) {
      const src = packets[p + P.src]!
      const net = packets[p + P.net]!
      const port = packets[p + P.port]!
      const hash = packets[p + P.hash]!
      let slot = hash >>> shift
      let flow = 0
      for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
        if (((found ^ hash) & 0xff) === 0) {
          const first = ALIGN_WORDS + (found >>> 8) * V4_STRIDE
          if (words[first] === src && words[first + 1] === net && words[first + 2] === port) {
            flow = first
            break
          }
        }
        slot = (slot + 1) & mask
      }
      if (flow !== 0) this.#update(flow + V4_KEY_WORDS, packets, p)
      else {
        flow = this.#claim(slot, hash)
        words[flow] = src
        heads[this.size - 1] = src
        words[flow + 1] = net
        words[flow + 2] = port
        this.#begin(flow + V4_KEY_WORDS, packets, p)
      }
    }
    this.sides.settle()
  }

  /**
   * Counts a packet of a table that is not IPv4's: its key, two words by which its destination differs from others
   * of the flow, and the other values as words of a packet.
   */
  addWide(key: Int32Array, low: number, high: number, packet: Int32Array): void {
    this.#reserve(1)
    const known = this.size
    const first = this.#find(key)
    const v = first + this.key_words
    if (this.size > known) {
      this.#begin(v, packet, 0)
      this.words[v + VALUE_WORDS] = low
      this.words[v + VALUE_WORDS + 1] = high
      return
    }
    this.#update(v, packet, 0)
    this.#spreadDst(v, low, high)
    this.sides.settle()
  }

  /** Hashes, then slots, then flows, each in a loop of its own: the processor has many reads under way at a time. */
  #prefetch(packets: Int32Array, from: number, end: number): void {
    const seeds = this.#seeds
    const seed0 = seeds[0]!
    const seed1 = seeds[1]!
    const seed2 = seeds[2]!
    const slots = this.#slots
    const shift = 32 - this.#bits
    let touched = 0
    for (let p = from; p < end; p += PACKET_WORDS) {
      const hash = (Math.imul(packets[p]!, seed0) + Math.imul(packets[p + 1]!, seed1) + Math.imul(packets[p + 2]!, seed2)) | 0
      const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
      packets[p + P.hash] = mixed
      touched ^= slots[mixed >>> shift]!
    }
    // No branch on what was found: an empty slot leads to the empty flow, a flow without a side record to the empty one.
    const words = this.words
    const places = prefetched
    for (let p = from, i = 0; p < end; p += PACKET_WORDS, i++) {
      const place = ALIGN_WORDS + (slots[packets[p + P.hash]! >>> shift]! >>> 8) * V4_STRIDE
      places[i] = place
      touched ^= words[place]!
    }
    const side_words = this.sides.words
    for (let i = 0, count = (end - from) / PACKET_WORDS; i < count; i++) {
      touched ^= side_words[this.sides.place(words[places[i]! + V4_KEY_WORDS + V.side]! - 1)]!
    }
    this.touched ^= touched
  }

  /** Offset of the words of the flow with this key, made new (with `size` one more) where there was none. */
  #find(key: Int32Array): number {
    const { words, key_words } = this
    const slots = this.#slots
    const mask = (1 << this.#bits) - 1
    const hash = this.#hashOf(key, 0)
    let slot = hash >>> (32 - this.#bits)
    for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
      if (((found ^ hash) & 0xff) === 0) {
        const first = this.place((found >>> 8) - 1)
        let i = 0
        while (i < key_words && words[first + i] === key[i]) i++
        if (i === key_words) return first
      }
      slot = (slot + 1) & mask
    }
    const first = this.#claim(slot, hash)
    words.set(key.subarray(0, key_words), first)
    this.heads[this.size - 1] = key[0]!
    return first
  }

  #hashOf(words: Int32Array, first: number): number {
    const seeds = this.#seeds
    let hash = 0
    for (let i = 0; i < this.key_words; i++) hash = (hash + Math.imul(words[first + i]!, seeds[i]!)) | 0
    return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  }

  /** A new flow under the free `slot`; offset of its first word. There is room: see #reserve. */
  #claim(slot: number, hash: number): number {
    const index = this.size++
    this.#slots[slot] = ((index + 1) << 8) | (hash & 0xff)
    return this.place(index)
  }

  /** Room for `more` flows, so that words and slots stay where they are while they are added. */
  #reserve(more: number): void {
    const flows = this.size + more
    if (flows * 2 > 1 << this.#bits) this.#growSlots(flows)
    if (flows <= this.heads.length) return
    const room = Math.ceil(flows * GROWTH)
    const words = new Int32Array(ALIGN_WORDS + (room + 1) * this.stride)
    words.set(this.words)
    this.words = words
    const heads = new Int32Array(room)
    heads.set(this.heads)
    this.heads = heads
  }

  #growSlots(flows: number): void {
    const used = this.size > 0 ? 1 << this.#bits : 0
    while (flows * 2 > 1 << this.#bits) this.#bits += this.#bits < 16 && this.size > 0 ? 2 : 1
    if (this.#slots.length < 1 << this.#bits) this.#slots = new Int32Array(1 << this.#bits)
    else this.#slots.fill(0, 0, used)
    const slots = this.#slots
    const mask = (1 << this.#bits) - 1
    for (let index = 0; index < this.size; index++) {
      const hash = this.#hashOf(this.words, this.place(index))
      let slot = hash >>> (32 - this.#bits)
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = ((index + 1) << 8) | (hash & 0xff)
    }
  }

  /** Values of the first packet of a flow. */
  #begin(v: number, packets: Int32Array, p: number): void {
    const words = this.words
    const size_syn = packets[p + P.size_syn]!
    const marks = packets[p + P.marks]!
    words[v] = 1
    words[v + V.bytes] = size_syn & SIZE_MASK
    words[v + V.bytes_high] = 0
    words[v + V.marks] = marks & MARKS_MASK
    words[v + V.port_window] = packets[p + P.port_window]!
    words[v + V.size_syn] = size_syn
    words[v + V.syn_at] = packets[p + P.at]!
    words[v + V.scan] = (marks >>> KIND_SHIFT) & 1
    words[v + V.backscatter] = (marks >>> (KIND_SHIFT + 1)) & 1
    words[v + V.mirai] = (marks >>> TOOLS_SHIFT) & 1
    words[v + V.zmap] = (marks >>> (TOOLS_SHIFT + 1)) & 1
    words[v + V.masscan] = (marks >>> (TOOLS_SHIFT + 2)) & 1
    words[v + V.side] = 0
  }

  /** Values of a further packet of the flow whose values begin at `v`. */
  #update(v: number, packets: Int32Array, p: number): void {
    const words = this.words
    const marks = packets[p + P.marks]!
    const packet_size_syn = packets[p + P.size_syn]!
    const packet_port_window = packets[p + P.port_window]!
    const size = packet_size_syn & SIZE_MASK
    words[v] = words[v]! + 1
    const before = words[v + V.bytes]!
    const bytes = (before + size) | 0
    words[v + V.bytes] = bytes
    if (bytes >>> 0 < before >>> 0) words[v + V.bytes_high] = words[v + V.bytes_high]! + 1
    const kind = (marks >>> KIND_SHIFT) & 3
    if (kind === packetClass.scan) words[v + V.scan] = words[v + V.scan]! + 1
    else if (kind === packetClass.backscatter) words[v + V.backscatter] = words[v + V.backscatter]! + 1
    const tools = marks >>> TOOLS_SHIFT
    if (tools !== 0) {
      words[v + V.mirai] = words[v + V.mirai]! + (tools & 1)
      words[v + V.zmap] = words[v + V.zmap]! + ((tools >> 1) & 1)
      words[v + V.masscan] = words[v + V.masscan]! + ((tools >> 2) & 1)
    }
    const size_syn = words[v + V.size_syn]!
    const port_window = words[v + V.port_window]!
    if ((packet_size_syn & HAS_SYN) !== 0 && ((size_syn & HAS_SYN) === 0 || packets[p + P.at]! >>> 0 < words[v + V.syn_at]! >>> 0)) {
      words[v + V.size_syn] = (size_syn & SIZE_MASK) | (packet_size_syn & ~SIZE_MASK)
      words[v + V.port_window] = (port_window & 0xffff) | (packet_port_window & 0xffff0000)
      words[v + V.syn_at] = packets[p + P.at]!
    }
    const was = words[v + V.marks]!
    const sport = packet_port_window & 0xffff
    const differs = ((was ^ marks) & MARKS_MASK) | (was >>> MANY_SHIFT) | ((port_window & 0xffff) ^ sport) | ((size_syn & SIZE_MASK) ^ size)
    if (differs !== 0) this.#spread(v, marks & MARKS_MASK, sport, size)
  }

  /** The packet differs from the flow's first values, or some before it did. */
  #spread(v: number, marks: number, sport: number, size: number): void {
    const words = this.words
    const side = this.#sideOf(v)
    const was = words[v + V.marks]!
    const changed = was ^ marks
    let many = was >>> MANY_SHIFT
    if (this.key_words === V4_KEY_WORDS) {
      if ((many & (1 << column.dst)) !== 0) this.sides.noteDst4(side, (marks >>> 16) & 0xff)
      else if ((changed & 0xff0000) !== 0) {
        this.sides.noteDst4(side, (was >>> 16) & 0xff)
        this.sides.noteDst4(side, (marks >>> 16) & 0xff)
        many |= 1 << column.dst
      }
    }
    const first_size = words[v + V.size_syn]! & SIZE_MASK
    const first_port = words[v + V.port_window]! & 0xffff
    const differs = (changed & 0xffff) | (first_size ^ size) | (first_port ^ sport) | (many & MANY_COUNTED)
    // A sweep over destinations has nothing but them to note.
    if (differs !== 0) {
      const before = words[v]! - 1
      const had = many
      many |= this.#tally(side, column.port, had, first_port, sport, before)
      if (((changed & 0xffff) | (first_size ^ size) | (had & MANY_BUT_PORT)) !== 0) {
        many |= this.#tally(side, column.ttl, had, was & 0xff, marks & 0xff, before)
        many |= this.#tally(side, column.flags, had, (was >>> 8) & 0xff, (marks >>> 8) & 0xff, before)
        many |= this.#tally(side, column.size, had, first_size, size, before)
      }
    }
    words[v + V.marks] = (was & 0xffffff) | (many << MANY_SHIFT)
  }

  /** Counts `value` in a column that has, or now gets, many values; the bit of the column if so. */
  #tally(side: number, col: number, many: number, first: number, value: number, before: number): number {
    if ((many & (1 << col)) === 0) {
      if (first === value) return 0
      this.sides.tally(side, col, first, before)
    }
    this.sides.tally(side, col, value, 1)
    return 1 << col
  }

  #spreadDst(v: number, low: number, high: number): void {
    const words = this.words
    const first_low = words[v + VALUE_WORDS]!
    const first_high = words[v + VALUE_WORDS + 1]!
    const many = (words[v + V.marks]! & MANY_DST) !== 0
    if (!many && first_low === low && first_high === high) return
    const side = this.#sideOf(v)
    if (!many) this.sides.noteDst6(side, first_low, first_high)
    words[v + V.marks] = words[v + V.marks]! | MANY_DST
    this.sides.noteDst6(side, low, high)
  }

  /** Index of the flow's side record, made where there was none. */
  #sideOf(v: number): number {
    const known = this.words[v + V.side]!
    if (known !== 0) return known - 1
    const side = this.sides.claim()
    this.words[v + V.side] = side + 1
    return side
  }
}
