import { createHash } from 'node:crypto'

/**
 * The Merkle tree of RFC 6962 section 2.1 (the same as RFC 9162 section 2.1) over SHA-256. Leaves and nodes are hashed
 * with different first bytes, so that no node can be shown as a leaf.
 */
export const HASH_BYTES = 32
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
export const leafHash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(LEAF).update(bytes).digest()
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  createHash('sha256').update(NODE).update(left).update(right).digest()

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** All that is needed to append to a log of `size` leaves: the roots of its complete subtrees, the largest first. */
export interface CompactRange {
  readonly size: number
  readonly peaks: readonly Uint8Array[]
}

export const emptyRange: CompactRange = { size: 0, peaks: [] }

/** Told of every complete subtree that an append finished: `level` 0 is a leaf, `index` counts within the level. */
export type NodeWriter = (level: number, index: number, hash: Uint8Array) => void
/** The root of the complete subtree `index` of `level`; it throws when there is none, which is a bug of the caller. */
export type NodeReader = (level: number, index: number) => Uint8Array

/** The log with one more leaf. */
export function appendLeaf(range: CompactRange, leaf: Uint8Array, write?: NodeWriter): CompactRange {
  const peaks = [...range.peaks]
  let [hash, level, index] = [leaf, 0, range.size]
  write?.(level, index, hash)
  while (index % 2 === 1) {
    hash = nodeHash(peaks.pop()!, hash)
    level += 1
    index = (index - 1) / 2
    write?.(level, index, hash)
  }
  peaks.push(hash)
  return { size: range.size + 1, peaks }
}

/** The root; of an empty log it is the hash of nothing. */
export function rootOf(range: CompactRange): Uint8Array {
  const last = range.peaks.at(-1)
  if (last === undefined) return sha256(new Uint8Array())
  return range.peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}

/** The largest power of two below `size` (size ≥ 2): where RFC 6962 splits a tree. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** The compact range of the first `size` leaves of a log whose nodes are kept. */
export function rangeAt(read: NodeReader, size: number): CompactRange {
  const peaks: Uint8Array[] = []
  for (let start = 0, rest = size; rest > 0; ) {
    const level = Math.floor(Math.log2(rest))
    const width = 2 ** level
    peaks.push(read(level, start / width))
    start += width
    rest -= width
  }
  return { size, peaks }
}

export const rootAt = (read: NodeReader, size: number): Uint8Array => rootOf(rangeAt(read, size))

/** MTH of the leaves `start` … `end`−1, where `start` is a multiple of the width of the tree that they begin. */
function subtree(read: NodeReader, start: number, end: number): Uint8Array {
  const width = end - start
  const level = Math.log2(width)
  if (Number.isInteger(level)) return read(level, start / width)
  const split = start + splitOf(width)
  return nodeHash(subtree(read, start, split), subtree(read, split, end))
}

/** PATH(`index`, D[`size`]) of RFC 6962 section 2.1.1: what proves that the leaf at `index` (from 0) is in the log. */
export function inclusionProof(read: NodeReader, index: number, size: number): Uint8Array[] {
  if (index < 0 || index >= size) throw new RangeError('no such leaf')
  const path: Uint8Array[] = []
  for (let [start, end] = [0, size]; end - start > 1; ) {
    const split = start + splitOf(end - start)
    if (index < split) {
      path.push(subtree(read, split, end))
      end = split
    } else {
      path.push(subtree(read, start, split))
      start = split
    }
  }
  return path.reverse()
}

/** PROOF(`first`, D[`second`]) of RFC 6962 section 2.1.2: what proves that the log only grew; 0 ≤ first ≤ second. */
export function consistencyProof(read: NodeReader, first: number, second: number): Uint8Array[] {
  if (first < 0 || first > second) throw new RangeError('a log does not shrink')
  if (first === 0 || first === second) return []
  const path: Uint8Array[] = []
  let [start, end] = [0, second]
  while (first !== end) {
    const split = start + splitOf(end - start)
    if (first <= split) {
      path.push(subtree(read, split, end))
      end = split
    } else {
      path.push(subtree(read, start, split))
      start = split
    }
  }
  // The old tree as a whole is known to who asks; a part of it has to be named.
  if (start > 0) path.push(subtree(read, start, end))
  return path.reverse()
}
