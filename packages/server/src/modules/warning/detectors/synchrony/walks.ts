import { DAY_S } from '@hirundo/base'
import { hashAddress } from './hash.ts'

interface Walk {
  readonly at: number
  readonly port: number
  /** Addresses with the smallest hashes. */
  readonly sketch: readonly number[]
}
export type SavedWalks = readonly Walk[]

/** Addresses of a sketch: with them shares of a tenth can be told from none. */
const sketch_size = 128
const walks_max = 256
/** Groups that have this share of all their addresses in common are one. */
const share_min = 0.1

const byHash = (a: number, b: number): number => hashAddress(a) - hashAddress(b) || a - b

/**
 * Groups of sources that were in step at one port after another. Of each the addresses with the smallest hashes are kept, from
 * which the share that two groups have in common can be estimated (Broder, "On the resemblance and containment of documents", 1997).
 */
export class Walks {
  #walks: readonly Walk[]

  constructor(saved: SavedWalks = []) {
    this.#walks = saved
  }

  /** Adds where a group is in step now; how many other ports it, or a part of it, was at within a day. */
  add(at: number, port: number, sources: Iterable<number>): number {
    const sketch = [...sources].sort(byHash).slice(0, sketch_size)
    const same = this.#walks.filter((walk) => walk.at > at - DAY_S && walk.port !== port && shareInCommon(walk.sketch, sketch) >= share_min)
    this.#walks = [...this.#walks.filter((walk) => walk.at > at - DAY_S), { at, port, sketch }].slice(-walks_max)
    return new Set(same.map((walk) => walk.port)).size
  }

  save(): SavedWalks {
    return this.#walks
  }
}

/** Of the smallest hashes of both together, the share that is in both. */
export function shareInCommon(a: readonly number[], b: readonly number[]): number {
  const [ofA, ofB] = [new Set(a), new Set(b)]
  const smallest = [...new Set([...a, ...b])].sort(byHash).slice(0, sketch_size)
  return smallest.length === 0 ? 0 : smallest.filter((one) => ofA.has(one) && ofB.has(one)).length / smallest.length
}
