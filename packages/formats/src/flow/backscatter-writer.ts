import { protocol } from '../frame/transport.ts'
import { ABSENT, backscatterLayout } from '../row-layout.ts'
import { commonValue } from './common.ts'
import { column, MANY_SHIFT, PORTS_SHIFT, S, V } from './flow-layout.ts'
import type { FlowTable } from './flow-table.ts'
import { FlowSorter } from './sort.ts'
import { swapBytes } from './swap.ts'

const ROW_WORDS = backscatterLayout.row_bytes / 4
const ROWS_PER_CALL = 1024

/** Key of a vector: bin, victim (4), protocol. */
export const VECTOR_KEY_WORDS = 6
export const VECTOR_STRIDE = 24

/**
 * Turns the vectors of a minute into rows of backscatterLayout, in order of bin, victim, protocol. A vector is held
 * as a flow whose source port is the attacked port and whose count for Mirai is that of mismatches.
 */
export class BackscatterWriter {
  readonly #words = new Int32Array(ROWS_PER_CALL * ROW_WORDS)
  readonly #bytes = new Uint8Array(this.#words.buffer)
  readonly #sorter = new FlowSorter()
  readonly #emit: (rows: Uint8Array, count: number) => void

  constructor(emit: (rows: Uint8Array, count: number) => void) {
    this.#emit = emit
  }

  write(table: FlowTable, partial: boolean): void {
    const order = this.#sorter.sorted(table)
    for (let from = 0; from < order.length; from += ROWS_PER_CALL) {
      const count = Math.min(ROWS_PER_CALL, order.length - from)
      for (let i = 0; i < count; i++) this.#row(i * ROW_WORDS, table, table.place(order[from + i]!), partial)
      this.#emit(this.#bytes.subarray(0, count * backscatterLayout.row_bytes), count)
    }
  }

  #row(row: number, table: FlowTable, first: number, partial: boolean): void {
    const out = this.#words
    const { words, sides } = table
    const v = first + VECTOR_KEY_WORDS
    const of = words[first + 5]!
    const packets = words[v]!
    const many = words[v + V.marks]! >>> MANY_SHIFT
    const side = sides.place(Math.max(0, words[v + V.side]! - 1))
    const manyPorts = (many & (1 << column.port)) !== 0
    const port = words[v + V.port_window]! & 0xffff
    const ported = of === protocol.tcp || of === protocol.udp
    const ports = manyPorts ? sides.words[side + S.uniques]! >>> PORTS_SHIFT : 1
    const common = manyPorts
      ? commonValue(sides.words[side + S.port]!, sides.words[side + S.port_count]!, packets)
      : port
    out[row] = words[first]!
    for (let i = 1; i < 5; i++) out[row + i] = swapBytes(words[first + i]!)
    out[row + 5] = of | (partial ? 0x100 : 0) | ((ported ? Math.min(ports, 0xffff) : 0) << 16)
    out[row + 6] = ported ? common : ABSENT
    out[row + 7] = packets
    out[row + 8] = words[v + V.bytes]!
    out[row + 9] = words[v + V.bytes_high]!
    out[row + 10] = many & (1 << column.dst) ? sides.words[side + S.bitmap]! : 1
    out[row + 11] = words[v + V.mirai]!
  }
}
