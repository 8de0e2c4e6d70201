import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_S } from '@hirundo/base'
import { RowBatches } from './import-batches.ts'

/** First and last row of each batch, by the number that stands in them. */
function batchesOf(rows: number, at_s: (n: number) => number, isLeftOut: (n: number) => boolean, bytes = 100) {
  const ends: number[] = []
  const sizes: number[] = []
  let added = 0
  const batches = new RowBatches(6, (_, count) => {
    ends.push(added)
    sizes.push(count)
  })
  for (let n = 0; n < rows; n++) {
    batches.add(new Uint8Array(bytes).fill(n & 255), at_s(n), isLeftOut(n))
    added++
  }
  batches.flush()
  return { ends, sizes, all: sizes.reduce((sum, size) => sum + size, 0) }
}

test('rows that are left out move no boundary: an import may be taken up again after the register of decoys changed', () => {
  const at = (n: number) => n
  const all = batchesOf(45_000, at, () => false)
  const some = batchesOf(45_000, at, (n) => n % 3 === 0)
  const none = batchesOf(45_000, at, () => true)
  assert.deepEqual([some.ends, none.ends], [all.ends, all.ends])
  assert.deepEqual([all.all, some.all, none.all], [45_000, 30_000, 0])
  assert.ok(all.ends.length > 3)
})

test('a batch holds no more rows, bytes and months than a node takes', () => {
  assert.ok(Math.max(...batchesOf(30_000, () => 0, () => false, 10).sizes) <= 10_000)
  assert.ok(Math.max(...batchesOf(100, () => 0, () => false, 32_768).sizes) * 32_768 <= 1024 * 1024)
  assert.ok(Math.max(...batchesOf(200, (n) => n * 32 * DAY_S, () => false).sizes) <= 32)
})
