import { hash32 } from '../hash.ts'
import type { MinuteRows } from '../recent-minutes.ts'
import { allTraffic, portsOfMany } from './all-traffic.ts'

export interface Factors {
  /** Rows × rank. */
  readonly w: Float64Array
  /** Rank × columns. */
  readonly h: Float64Array
  /** Σ(V − WH)² after each ten updates. */
  readonly errors: readonly number[]
}

const updates_between = 10

/**
 * Factors of a matrix without negative values, V ≈ WH (Lee and Seung, "Algorithms for non-negative matrix factorization", NIPS
 * 2000: multiplicative updates of the squared error, which never grows). `v` is rows × columns.
 */
export function factorise(v: Float64Array, rows: number, columns: number, rank: number, updates_max: number): Factors {
  const w = Float64Array.from({ length: rows * rank }, (_, i) => 0.1 + hash32(i, rank) / 2 ** 32)
  const h = Float64Array.from({ length: rank * columns }, (_, i) => 0.1 + hash32(i, ~rank) / 2 ** 32)
  const errors: number[] = []
  const vt = transposed(v, rows, columns)
  for (let update = 1; update <= updates_max; update++) {
    const wt = transposed(w, rows, rank)
    // The left factor of a product may have many zeros: so V stands there.
    scale(h, transposed(product(vt, w, columns, rows, rank), columns, rank), product(product(wt, w, rank, rows, rank), h, rank, rank, columns))
    const ht = transposed(h, rank, columns)
    scale(w, product(v, ht, rows, columns, rank), product(w, product(h, ht, rank, columns, rank), rows, rank, rank))
    if (update % updates_between !== 0) continue
    const fitted = product(w, h, rows, rank, columns)
    errors.push(v.reduce((sum, value, i) => sum + (value - fitted[i]!) ** 2, 0))
    if (errors.length > 1 && errors.at(-2)! - errors.at(-1)! < 1e-4 * errors.at(-1)!) break
  }
  return { w, h, errors }
}

function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k]!
      if (factor === 0) continue
      for (let j = 0; j < columns; j++) out[i * columns + j]! += factor * b[k * columns + j]!
    }
  }
  return out
}

function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!
  return out
}

function scale(values: Float64Array, by: Float64Array, over: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = over[i]! > 0 ? (values[i]! * by[i]!) / over[i]! : 0
}

/** What Dark-TRACER's NMF engine asks of a component: sources from half of the strongest on, so many at least; and of a port. */
export interface NmfRule {
  readonly sources_min: number
  readonly port_share_min: number
}
export const publishedRule: NmfRule = { sources_min: 2, port_share_min: 0.3 }

/** Ports that the NMF engine blames in half an hour, over ranks 1 … 10. Sources of one packet are left out. */
export function nmfPorts(rows: readonly MinuteRows[], { sources_min, port_share_min }: NmfRule): Set<number> {
  const all = allTraffic(rows)
  const { minutes, counts } = all
  const often = all.units.flatMap((_, u) => (counts.subarray(u * minutes, (u + 1) * minutes).reduce((sum, one) => sum + one, 0) > 1 ? [u] : []))
  const v = new Float64Array(minutes * often.length)
  often.forEach((u, j) => {
    for (let t = 0; t < minutes; t++) v[t * often.length + j] = counts[u * minutes + t]!
  })
  const blamed = new Set<number>()
  for (let rank = 1; rank <= 10; rank++) {
    const { h } = factorise(v, minutes, often.length, rank, 100)
    for (let k = 0; k < rank; k++) {
      const row = h.subarray(k * often.length, (k + 1) * often.length)
      const most = row.reduce((a, b) => Math.max(a, b), 0)
      const strong = often.filter((_, j) => row[j]! >= 0.5 * most && most > 0)
      if (strong.length >= sources_min) for (const port of portsOfMany(all, strong, sources_min, port_share_min)) blamed.add(port)
    }
  }
  return blamed
}
