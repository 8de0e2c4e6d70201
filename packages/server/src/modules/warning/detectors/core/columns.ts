import type { BackscatterColumns, FlowColumns, SynColumns } from './slice.ts'

type Typed = Uint8Array | Uint16Array | Uint32Array | Int16Array | Int32Array | Float64Array
type Make = (rows: number) => Typed

const START_ROWS = 1024

const flowMakers = {
  sensor: (n: number) => new Uint32Array(n), source: (n: number) => new Float64Array(n), port: (n: number) => new Uint32Array(n),
  packets: (n: number) => new Uint32Array(n), bytes: (n: number) => new Float64Array(n), scan: (n: number) => new Uint32Array(n),
  destinations: (n: number) => new Uint32Array(n), network: (n: number) => new Float64Array(n), ttl: (n: number) => new Int16Array(n),
  window: (n: number) => new Int32Array(n), tools: (n: number) => new Uint8Array(n), research: (n: number) => new Uint8Array(n),
  economy: (n: number) => new Uint16Array(n), asn: (n: number) => new Uint32Array(n),
} satisfies { [K in Exclude<keyof FlowColumns, 'rows'>]: (n: number) => FlowColumns[K] }

const backscatterMakers = {
  bin: (n: number) => new Float64Array(n), sensor: (n: number) => new Uint32Array(n), victim: (n: number) => new Float64Array(n),
  protocol: (n: number) => new Uint8Array(n), packets: (n: number) => new Uint32Array(n), bytes: (n: number) => new Float64Array(n),
  ports: (n: number) => new Uint16Array(n),
} satisfies { [K in Exclude<keyof BackscatterColumns, 'rows'>]: (n: number) => BackscatterColumns[K] }

const synMakers = {
  second: (n: number) => new Float64Array(n), sensor: (n: number) => new Uint32Array(n), source: (n: number) => new Float64Array(n),
  port: (n: number) => new Uint32Array(n), weight: (n: number) => new Uint32Array(n),
} satisfies { [K in Exclude<keyof SynColumns, 'rows'>]: (n: number) => SynColumns[K] }

type Columns<M extends Readonly<Record<string, Make>>> = { -readonly [K in keyof M]: ReturnType<M[K]> }

/** Columns that grow. */
export class GrowingColumns<M extends Readonly<Record<string, Make>>> {
  rows = 0
  columns: Columns<M>
  readonly #makers: M
  #capacity = START_ROWS

  constructor(makers: M) {
    this.#makers = makers
    this.columns = this.#make(START_ROWS)
  }

  /** Makes room for so many rows more, beyond `rows`. */
  reserve(more: number): void {
    if (this.rows + more <= this.#capacity) return
    while (this.#capacity < this.rows + more) this.#capacity *= 2
    const old = this.columns
    this.columns = this.#make(this.#capacity)
    for (const name of Object.keys(this.#makers)) (this.columns[name] as Float64Array).set(old[name] as Float64Array)
  }

  clear(): void {
    this.rows = 0
  }

  #make(rows: number): Columns<M> {
    return Object.fromEntries(Object.entries(this.#makers).map(([name, make]) => [name, make(rows)])) as Columns<M>
  }
}

export const growingFlows = () => new GrowingColumns(flowMakers)
export const growingBackscatter = () => new GrowingColumns(backscatterMakers)
export const growingSyns = () => new GrowingColumns(synMakers)
