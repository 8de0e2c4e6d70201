import { synSampleLayout } from '@hirundo/formats'
import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Batcher } from './batcher.ts'

test('rows come out in order, whole, and never more at once than allowed', () => {
  fc.assert(fc.property(fc.array(fc.nat(700), { maxLength: 20 }), fc.integer({ min: 1, max: 900 }), (runs, rows_max) => {
    const batches: Uint8Array[] = []
    const { row_bytes } = synSampleLayout
    const batcher = new Batcher(3, synSampleLayout, rows_max, (kind, rows, body) => {
      assert.equal(kind, 3)
      assert.equal(body.length, rows * row_bytes)
      assert.ok(rows <= rows_max)
      batches.push(Uint8Array.from(body))
    })
    const given = runs.map((count, i) => new Uint8Array(count * row_bytes).map((_, at) => i * 31 + at))
    given.forEach((rows, i) => batcher.add(rows, runs[i]!))
    batcher.flush()
    assert.equal(batcher.rows, 0)
    assert.deepEqual(Buffer.concat(batches), Buffer.concat(given))
  }))
})
