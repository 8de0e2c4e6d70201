import { HASH_BYTES, nodeHash, rootOf, emptyRange, sameBytes } from './merkle.ts'

/** No log of at most 2^53 leaves has a longer proof. */
const proof_hashes_max = 54

const half = (value: number): number => Math.floor(value / 2)
const isOdd = (value: number): boolean => value % 2 === 1

const isProof = (proof: readonly Uint8Array[]): boolean =>
  proof.length <= proof_hashes_max && proof.every((hash) => hash.length === HASH_BYTES)

export interface Inclusion {
  /** Hash of the leaf and its index, from 0. */
  readonly leaf: Uint8Array
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** RFC 9162 section 2.1.3.2. */
export function verifyInclusion({ leaf, index, size, root, proof }: Inclusion): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return false
  if (index < 0 || index >= size || !isProof(proof)) return false
  let [node, last, hash] = [index, size - 1, leaf]
  for (const other of proof) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      hash = nodeHash(other, hash)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = nodeHash(hash, other)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && sameBytes(hash, root)
}

export interface Consistency {
  readonly first: number
  readonly first_root: Uint8Array
  readonly second: number
  readonly second_root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value))

/** RFC 9162 section 2.1.4.2; an empty log is the beginning of every other. */
export function verifyConsistency({ first, first_root, second, second_root, proof }: Consistency): boolean {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second)) return false
  if (first < 0 || first > second || !isProof(proof)) return false
  if (first === 0) return proof.length === 0 && sameBytes(first_root, rootOf(emptyRange))
  if (first === second) return proof.length === 0 && sameBytes(first_root, second_root)
  if (proof.length === 0) return false
  const path = isPowerOfTwo(first) ? [first_root, ...proof] : proof
  let [node, last] = [first - 1, second - 1]
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  let [old, whole] = [path[0]!, path[0]!]
  for (const other of path.slice(1)) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      ;[old, whole] = [nodeHash(other, old), nodeHash(other, whole)]
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      whole = nodeHash(whole, other)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && sameBytes(old, first_root) && sameBytes(whole, second_root)
}
