import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCompare } from './compare-state.ts'

const asking = { from: '2026-11-20T12:00:00.000Z', to: '2026-11-20T14:00:00.000Z' }
const before = (search: Record<string, unknown>) => readCompare(search, asking).before

test('a period is compared with the one just before it, unless the address says otherwise', () => {
  assert.deepEqual(before({}), { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T12:00:00.000Z' })
  assert.deepEqual(before({ base: 'day' }), { from: '2026-11-19T12:00:00.000Z', to: '2026-11-19T14:00:00.000Z' })
  assert.deepEqual(before({ base: 'week' }), { from: '2026-11-13T12:00:00.000Z', to: '2026-11-13T14:00:00.000Z' })
  const own = { base_from: '2026-01-01T00:00:00Z', base_to: '2026-01-02T00:00:00Z' }
  assert.deepEqual(readCompare(own, asking).base, 'custom')
  assert.deepEqual(before(own), { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' })
})

test('nonsense counts as absent', () => {
  const plain = readCompare({}, asking)
  assert.deepEqual(readCompare({ base: 'custom', base_from: 'x', dimension: 'destinations', limit: '7', order: 'luck' }, asking), plain)
  assert.deepEqual(readCompare({ base_from: '2026-01-02T00:00:00Z', base_to: '2026-01-01T00:00:00Z' }, asking), plain)
  assert.deepEqual([plain.dimension, plain.limit, plain.order], ['ports', 20, 'size'])
})
