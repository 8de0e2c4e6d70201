import type { Block, Store } from '@hirundo/analytics'
import { INTERACTION_LENGTH_BYTES, layoutOfKind } from '@hirundo/formats'
import { placeOf } from '../projector/rows.ts'

const tablesOf: Readonly<Record<string, readonly string[]>> = {
  flow: ['flow', 'flow_by_source'], backscatter: ['backscatter'], syn_sample: ['syn_sample'], sensor_minute: ['sensor_minute'],
  interaction: ['interaction'],
}

function interactionCount(rows: Uint8Array): number {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  let count = 0
  for (let at = 0; at < rows.length; count++) at += INTERACTION_LENGTH_BYTES + view.getUint32(at, true)
  return count
}

/** The writing half of the analytics store: remembers blocks, and fails where a test says so. */
export class MemoryStore {
  readonly inserted = new Map<string, Block>()
  readonly late = new Map<bigint, Block>()
  /** Calls so far, and which of them throw: before they do anything, or after (the answer was lost). */
  calls = 0
  failBefore = new Set<number>()
  failAfter = new Set<number>()

  async #call(work: () => void): Promise<void> {
    const call = ++this.calls
    if (this.failBefore.has(call)) throw new Error(`call ${call} was refused`)
    work()
    if (this.failAfter.has(call)) throw new Error(`the answer of call ${call} was lost`)
  }

  async missingTables(id: bigint, table: Block['table']): Promise<readonly string[]> {
    return tablesOf[table]!.filter((name) => !this.inserted.has(`${name} ${id}`))
  }

  async insertBlock(block: Block, only?: readonly string[]): Promise<void> {
    for (const name of tablesOf[block.table]!) {
      if (only && !only.includes(name)) continue
      await this.#call(() => {
        const key = `${name} ${block.id}`
        if (this.inserted.has(key)) throw new Error(`block ${key} would stand twice`)
        this.inserted.set(key, block)
      })
    }
  }

  async addLateBlock(block: Block): Promise<void> {
    await this.#call(() => this.late.set(block.id, block))
  }

  async ping(): Promise<void> {}
  async loadNetworks(): Promise<void> {}
  async networksAsOf(): Promise<string | null> {
    return null
  }
  async rollupHours(): Promise<void> {}
  async rollupDays(): Promise<void> {}
  async dropBefore(): Promise<readonly string[]> {
    return []
  }
  async clearContent(): Promise<readonly string[]> {
    return []
  }

  /** Rows and packets that stand in a table, over all blocks. */
  sums(table: string): { rows: number; packets: number } {
    let rows = 0
    let packets = 0
    for (const [key, block] of this.inserted) {
      if (!key.startsWith(`${table} `)) continue
      if (block.table === 'interaction') {
        rows += block.runs.reduce((sum, run) => sum + interactionCount(run.rows), 0)
        continue
      }
      const layout = layoutOfKind[placeOf(block.table) + 1]!
      for (const run of block.runs) {
        const view = new DataView(run.rows.buffer, run.rows.byteOffset, run.rows.byteLength)
        for (let at = 0; at < run.rows.length; at += layout.row_bytes) {
          rows++
          if (table.startsWith('flow')) packets += view.getUint32(at + layout.offset['packets']!, true)
        }
      }
    }
    return { rows, packets }
  }

  asStore(): Store {
    return this as unknown as Store
  }
}
