import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeFormat } from './make-format.ts'

test('a ratio keeps two decimals around one, so that a rise never reads as no change', () => {
  const { ratio } = makeFormat('en', 'UTC')
  assert.deepEqual([1.037, 0.976, 1, 2.4, 9.99].map(ratio), ['×1.04', '×0.98', '×1.00', '×2.40', '×9.99'])
  assert.deepEqual([9.996, 24.1, 0.0042].map(ratio), ['×10', '×24', '×0.0042'])
})
