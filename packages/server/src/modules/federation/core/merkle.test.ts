import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  appendLeaf, consistencyProof, emptyRange, inclusionProof, leafHash, nodeHash, rangeAt, rootAt, rootOf, sha256, type CompactRange, type NodeReader,
} from './merkle.ts'
import { verifyConsistency, verifyInclusion } from './merkle-verify.ts'
import { rangeOf, rangeText } from './range-text.ts'

/** The tree as RFC 6962 section 2.1 defines it, without any cleverness. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array())
  if (leaves.length === 1) return leaves[0]!
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)))
}

interface Kept {
  readonly leaves: Uint8Array[]
  readonly range: CompactRange
  readonly read: NodeReader
}

function keep(size: number): Kept {
  const leaves = Array.from({ length: size }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)))
  const nodes: Uint8Array[][] = []
  const write = (level: number, index: number, hash: Uint8Array) => void ((nodes[level] ??= [])[index] = hash)
  const range = leaves.reduce((grown, leaf) => appendLeaf(grown, leaf, write), emptyRange)
  return { leaves, range, read: (level, index) => nodes[level]![index]! }
}

/** The same bytes with one bit turned. */
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[(bit >> 3) % copy.length]! ^= 1 << (bit & 7)
  return copy
}

const size_max = 300
const big = keep(size_max)

test('roots of the test vectors of Certificate Transparency', () => {
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  const range = inputs.reduce((grown, hex) => appendLeaf(grown, leafHash(Buffer.from(hex, 'hex'))), emptyRange)
  assert.equal(Buffer.from(rootOf(emptyRange)).toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  assert.equal(Buffer.from(rootOf(range)).toString('hex'), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
})

test('every size has the root of the naive tree, and the range of a size is that of the kept nodes', () => {
  let range = emptyRange
  for (let size = 0; size <= size_max; size++) {
    assert.deepEqual(Buffer.from(rootOf(range)), Buffer.from(naiveRoot(big.leaves.slice(0, size))))
    assert.deepEqual(rangeAt(big.read, size), range)
    assert.ok(range.peaks.length <= Math.log2(size + 1) + 1)
    if (size < size_max) range = appendLeaf(rangeOf(JSON.parse(JSON.stringify(rangeText(range)))), big.leaves[size]!)
  }
})

test('an inclusion proof holds for its leaf, place, size and root, and for nothing else', () => {
  const places = fc.integer({ min: 1, max: size_max }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(), fc.nat()))
  fc.assert(
    fc.property(places, ([size, index, bit, which]) => {
      const [root, leaf, proof] = [rootAt(big.read, size), big.leaves[index]!, inclusionProof(big.read, index, size)]
      const good = { leaf, index, size, root, proof }
      assert.ok(verifyInclusion(good))
      assert.ok(!verifyInclusion({ ...good, leaf: flipped(leaf, bit) }))
      assert.ok(!verifyInclusion({ ...good, root: flipped(root, bit) }))
      assert.ok(!verifyInclusion({ ...good, proof: [...proof, leaf] }))
      assert.ok(!verifyInclusion({ ...good, index: size }))
      if (size > 1) assert.ok(!verifyInclusion({ ...good, index: (index + 1) % size }))
      if (proof.length === 0) return
      const at = which % proof.length
      assert.ok(!verifyInclusion({ ...good, proof: proof.with(at, flipped(proof[at]!, bit)) }))
      assert.ok(!verifyInclusion({ ...good, proof: proof.slice(1) }))
      assert.ok(!verifyInclusion({ ...good, proof: proof.slice(0, -1) }))
    }),
    { numRuns: 400 },
  )
})

test('a consistency proof holds for its two sizes and roots, and for nothing else', () => {
  const pairs = fc.integer({ min: 1, max: size_max }).chain((second) => fc.tuple(fc.nat(second), fc.constant(second), fc.nat(), fc.nat()))
  fc.assert(
    fc.property(pairs, ([first, second, bit, which]) => {
      const [first_root, second_root] = [rootAt(big.read, first), rootAt(big.read, second)]
      const proof = consistencyProof(big.read, first, second)
      const good = { first, second, first_root, second_root, proof }
      assert.ok(verifyConsistency(good))
      assert.ok(!verifyConsistency({ ...good, first_root: flipped(first_root, bit) }))
      assert.ok(!verifyConsistency({ ...good, proof: [...proof, first_root] }))
      // An empty log is the beginning of everything: nothing else about the second root is said.
      if (first > 0) assert.ok(!verifyConsistency({ ...good, second_root: flipped(second_root, bit) }))
      if (first > 0 && first < second) assert.ok(!verifyConsistency({ ...good, first: first - 1 }))
      if (proof.length === 0) return
      const at = which % proof.length
      assert.ok(!verifyConsistency({ ...good, proof: proof.with(at, flipped(proof[at]!, bit)) }))
      assert.ok(!verifyConsistency({ ...good, proof: proof.slice(0, -1) }))
    }),
    { numRuns: 400 },
  )
})

test('all proofs of small logs hold, and none of another history does', () => {
  for (let size = 1; size <= 20; size++) {
    const root = rootAt(big.read, size)
    for (let index = 0; index < size; index++) {
      assert.ok(verifyInclusion({ leaf: big.leaves[index]!, index, size, root, proof: inclusionProof(big.read, index, size) }))
    }
    for (let first = 0; first <= size; first++) {
      const proof = consistencyProof(big.read, first, size)
      assert.ok(verifyConsistency({ first, second: size, first_root: rootAt(big.read, first), second_root: root, proof }))
      const other = first > 0 ? naiveRoot([leafHash(Buffer.from('forged')), ...big.leaves.slice(1, first)]) : root
      assert.ok(!verifyConsistency({ first, second: size, first_root: other, second_root: root, proof }))
    }
  }
})
