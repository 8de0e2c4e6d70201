import { PORT_KEYS, type PortKey } from './port-key.ts'
import type { SumTable } from './sum-table.ts'

/**
 * Finds the sources of a port in a table of pairs without going through all of it each time: slots stand ordered by port
 * (counting sort), 4 bytes for each pair. Made when the first port is asked for; the table must not change from then on.
 */
export class SourcesByPort {
  readonly #pairs: SumTable
  #slots: Uint32Array | undefined
  /** Where the slots of a port begin; behind the last port, where they end. */
  readonly #begins = new Uint32Array(PORT_KEYS + 1)

  constructor(pairs: SumTable) {
    this.#pairs = pairs
  }

  /** Most packets first, then by address number. */
  of(port: PortKey, limit: number): readonly number[] {
    const pairs = this.#pairs
    this.#slots ??= this.#order()
    const mine = this.#slots.slice(this.#begins[port]!, this.#begins[port + 1]!)
    mine.sort((a, b) => pairs.sumAt(b) - pairs.sumAt(a) || pairs.keyAt(a) - pairs.keyAt(b))
    return Array.from(mine.subarray(0, limit), (slot) => Math.floor(pairs.keyAt(slot) / PORT_KEYS))
  }

  #order(): Uint32Array {
    const pairs = this.#pairs
    const begins = this.#begins
    pairs.each((key) => void begins[(key % PORT_KEYS) + 1]!++)
    for (let port = 0; port < PORT_KEYS; port++) begins[port + 1]! += begins[port]!
    const next = begins.slice()
    const slots = new Uint32Array(pairs.size)
    pairs.each((key, _, slot) => void (slots[next[key % PORT_KEYS]!++] = slot))
    return slots
  }
}
