import { ABSENT, flowLayout } from '../row-layout.ts'
import { commonValue } from './common.ts'
import { column, HAS_SYN, MANY_SHIFT, PORTS_SHIFT, S, SIZE_MASK, SYN_SHIFT, V, V4_KEY_WORDS } from './flow-layout.ts'
import type { FlowTable } from './flow-table.ts'
import type { SideTable } from './side-table.ts'
import type { PacketStage } from './packet-stage.ts'
import { FlowSorter } from './sort.ts'
import { swapBytes } from './swap.ts'

const ROW_WORDS = flowLayout.row_bytes / 4
/** Few enough to stay in the cache until they are written. */
const ROWS_PER_CALL = 1024
const MAPPED_WORD = 0xffff0000 | 0
const ICMP = 1
const TCP = 6
const ICMP6 = 58
/** Rows that are sorted, then written. */
const ROWS_SORTED = 256
/** Rows whose flows are brought near together. */
const ROWS_AHEAD = 32

/** What all rows of one call to `write` share. */
export interface RowContext {
  readonly minute: number
  readonly partial: boolean
}

/** Turns the tables of a minute into rows of flowLayout in order of key. */
export class RowWriter {
  readonly #words = new Int32Array(ROWS_PER_CALL * ROW_WORDS)
  readonly #bytes = new Uint8Array(this.#words.buffer)
  readonly #emit: (rows: Uint8Array, count: number) => void
  readonly #sorter4 = new FlowSorter()
  readonly #sorter6 = new FlowSorter()
  /** Order of the IPv6 flows, and the next of them. */
  #sorted6: Uint32Array = new Uint32Array(0)
  #next6 = 0
  #rows = 0
  /** Keeps the reads of #prefetch from being optimised away. */
  touched = 0

  constructor(emit: (rows: Uint8Array, count: number) => void) {
    this.#emit = emit
  }

  write(context: RowContext, v4: FlowTable, v6: FlowTable): void {
    this.#sorted6 = this.#sorter6.sorted(v6)
    this.#next6 = 0
    this.#merge(context, v4, v6)
    this.#finish(context, v6)
  }

  /** As write, for packets that wait in parts; `v4` is empty, and used for one part after the other. */
  writeStaged(context: RowContext, stage: PacketStage, v4: FlowTable, v6: FlowTable): void {
    this.#sorted6 = this.#sorter6.sorted(v6)
    this.#next6 = 0
    for (let part = 0; part < stage.parts; part++) {
      v4.fit(stage.packetsOf(part))
      stage.each(part, (from, count) => v4.addPackets(stage.words, from, count))
      this.#merge(context, v4, v6)
      v4.clear()
    }
    this.#finish(context, v6)
  }

  #finish(context: RowContext, v6: FlowTable): void {
    while (this.#next6 < this.#sorted6.length) this.#writeV6(context, v6, v6.place(this.#sorted6[this.#next6++]!))
    this.#flush()
  }

  /** Writes all IPv4 flows, and those of IPv6 that come before one of them. */
  #merge(context: RowContext, v4: FlowTable, v6: FlowTable): void {
    const sorter = this.#sorter4
    sorter.start(v4)
    for (let from = 0; from < v4.size; ) {
      const to = sorter.finish(v4, from, from + ROWS_SORTED)
      while (from < to) {
        const until = this.#until6(v4, sorter.order, from, to, v6)
        this.#writeV4(context, v4, sorter.order, from, until)
        if (until < to) this.#writeV6(context, v6, v6.place(this.#sorted6[this.#next6++]!))
        from = until
      }
    }
  }

  /** How far in order[from, to) IPv4 flows come before the next one of IPv6. */
  #until6(v4: FlowTable, order: Uint32Array, from: number, to: number, v6: FlowTable): number {
    if (this.#next6 === this.#sorted6.length) return to
    const first6 = v6.place(this.#sorted6[this.#next6]!)
    // Most IPv6 sources come after all that are mapped ones of IPv4.
    if ((v6.words[first6]! | v6.words[first6 + 1]!) !== 0) return to
    let until = from
    while (until < to && v4Before(v4.words, v4.place(order[until]!), v6.words, first6)) until++
    return until
  }

  #writeV4(context: RowContext, table: FlowTable, order: Uint32Array, from: number, to: number): void {
    const out = this.#words
    const words = table.words
    for (let i = from; i < to; i++) {
      if (((i - from) & (ROWS_AHEAD - 1)) === 0) this.#prefetch(table, order, i, Math.min(to, i + ROWS_AHEAD))
      const first = table.place(order[i]!)
      const row = this.#place()
      const net = words[first + 1]!
      out[row + 1] = 0
      out[row + 2] = 0
      out[row + 3] = MAPPED_WORD
      out[row + 4] = swapBytes(words[first]!)
      out[row + 5] = 0
      out[row + 6] = 0
      out[row + 7] = MAPPED_WORD
      out[row + 8] = swapBytes(net & 0xffffff00)
      this.#writeValues(row, context, table, first + 3, net & 0xff, words[first + 2]!)
    }
  }

  #writeV6(context: RowContext, table: FlowTable, first: number): void {
    const out = this.#words
    const words = table.words
    const row = this.#place()
    for (let i = 0; i < 6; i++) out[row + 1 + i] = swapBytes(words[first + i]!)
    out[row + 7] = 0
    out[row + 8] = 0
    this.#writeValues(row, context, table, first + table.key_words, words[first + 6]!, words[first + 7]!)
  }

  /** Word offset of the next row. */
  #place(): number {
    if (this.#rows === ROWS_PER_CALL) this.#flush()
    return this.#rows++ * ROW_WORDS
  }

  #flush(): void {
    if (this.#rows > 0) this.#emit(this.#bytes.subarray(0, this.#rows * flowLayout.row_bytes), this.#rows)
    this.#rows = 0
  }

  #writeValues(row: number, context: RowContext, table: FlowTable, v: number, protocol: number, port: number): void {
    const out = this.#words
    const words = table.words
    const packets = words[v]!
    const marks = words[v + V.marks]!
    const port_window = words[v + V.port_window]!
    const size_syn = words[v + V.size_syn]!
    const icmp = (protocol === ICMP || protocol === ICMP6) && port > 0
    const ports = !icmp && port > 0
    const syn = (size_syn & HAS_SYN) !== 0
    out[row] = context.minute
    out[row + 9] = ports ? port - 1 : ABSENT
    out[row + 10] = icmp ? ((port - 1) >> 8) | ((port - 1) << 16 & 0xff0000) : ABSENT
    out[row + 11] = protocol | (context.partial ? 0x100 : 0) | ((marks & 0xff) << 16)
    out[row + 12] = packets
    out[row + 13] = 1
    out[row + 14] = words[v + V.bytes]!
    out[row + 15] = words[v + V.bytes_high]!
    out[row + 16] = ports ? 1 : 0
    out[row + 17] = ports ? port_window & 0xffff : ABSENT
    const flags = ports && protocol === TCP ? (marks >>> 8) & 0xff : ABSENT
    out[row + 18] = (flags & 0xffff) | ((syn ? ((size_syn >> SYN_SHIFT) & 15) * 4 : ABSENT) << 16)
    out[row + 19] = size_syn & SIZE_MASK
    out[row + 20] = syn ? port_window >>> 16 : ABSENT
    out[row + 21] = words[v + V.scan]!
    out[row + 22] = words[v + V.backscatter]!
    out[row + 23] = packets - words[v + V.scan]! - words[v + V.backscatter]!
    out[row + 24] = words[v + V.mirai]!
    out[row + 25] = words[v + V.zmap]!
    out[row + 26] = words[v + V.masscan]!
    if (marks >>> MANY_SHIFT !== 0) this.#writeMany(row, table, words[v + V.side]! - 1, marks >>> MANY_SHIFT, packets)
  }

  /** Replaces what #writeValues took from the first packet in columns with many values. */
  #writeMany(row: number, table: FlowTable, side: number, many: number, packets: number): void {
    const out = this.#words
    const { sides } = table
    const base = sides.place(side)
    const uniques = sides.words[base + S.uniques]!
    if (many & (1 << column.ttl)) out[row + 11] = (out[row + 11]! & 0xffff) | (common(sides, base, column.ttl, packets) << 16)
    if (many & (1 << column.flags)) {
      out[row + 18] = (out[row + 18]! & 0xffff0000) | (common(sides, base, column.flags, packets) & 0xffff)
    }
    if (many & (1 << column.size)) out[row + 19] = common(sides, base, column.size, packets)
    if (many & (1 << column.port)) {
      out[row + 16] = uniques >>> PORTS_SHIFT
      out[row + 17] = common(sides, base, column.port, packets)
    }
    if (many & (1 << column.dst)) {
      out[row + 13] = table.key_words === V4_KEY_WORDS ? uniques & ((1 << PORTS_SHIFT) - 1) : sides.words[base + S.bitmap]!
    }
  }

  /** Reads of scattered memory in a loop of their own are under way together. */
  #prefetch(table: FlowTable, order: Uint32Array, from: number, to: number): void {
    const { words, sides } = table
    const side_words = sides.words
    let touched = 0
    for (let i = from; i < to; i++) touched ^= words[table.place(order[i]!)]!
    for (let i = from; i < to; i++) {
      touched ^= side_words[sides.place(words[table.place(order[i]!) + V4_KEY_WORDS + V.side]! - 1)]!
    }
    this.touched ^= touched
  }
}

const common = (sides: SideTable, base: number, col: number, packets: number): number =>
  commonValue(sides.bestValue(base, col), sides.words[base + S.ttl_count + col]!, packets)

/** Whether the IPv4 flow (as ::ffff:0:0/96) sorts before the IPv6 flow; keys of the two are never equal. */
function v4Before(a: Int32Array, first4: number, b: Int32Array, first6: number): boolean {
  const source = [0, 0, 0xffff, a[first4]! >>> 0]
  for (let i = 0; i < 4; i++) {
    const other = b[first6 + i]! >>> 0
    if (source[i] !== other) return source[i]! < other
  }
  return (b[first6 + 4]! | b[first6 + 5]!) !== 0
}
