import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawn, extremesOf, pyramidOf } from './pyramid.ts'

const series = fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), { minLength: 1, maxLength: 3000 })
  .map((values) => Float64Array.from(values))

test('extremes of any stretch are those of its points, and a hole in it is known', () => {
  fc.assert(fc.property(series, fc.nat(3000), fc.nat(3000), (values, a, b) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)]
    const part = [...values.subarray(from, to)]
    const known = part.filter((value) => !Number.isNaN(value))
    const found = extremesOf(pyramidOf(values), from, to)
    assert.equal(found.hole, known.length < part.length)
    assert.equal(found.min, known.reduce((least, value) => Math.min(least, value), Infinity))
    assert.equal(found.max, known.reduce((most, value) => Math.max(most, value), -Infinity))
    if (known.length > 0) assert.deepEqual([values[found.min_at], values[found.max_at]], [found.min, found.max])
  }), { numRuns: 200 })
})

test('what is drawn has every extreme, stays in order, breaks at holes and is bounded', () => {
  fc.assert(fc.property(series, fc.integer({ min: 1, max: 200 }), (values, columns) => {
    const { x, y: [y] } = drawn([pyramidOf(values)], 0, values.length, columns)
    assert.ok(x.length <= columns * 3)
    assert.ok(x.every((at, i) => i === 0 || at > x[i - 1]!))
    const known = [...values].filter((value) => !Number.isNaN(value))
    const shown = y!.filter((value) => typeof value === 'number')
    assert.equal(y!.includes(null), known.length < values.length)
    assert.deepEqual([Math.min(...shown), Math.max(...shown)], [Math.min(...known), Math.max(...known)])
  }), { numRuns: 200 })
})

test('few points are drawn one by one; what lies outside is left out', () => {
  const pyramid = pyramidOf(Float64Array.from([1, Number.NaN, 3]))
  assert.deepEqual(drawn([pyramid], -5, 2, 100), { x: [0, 1], y: [[1, null]] })
  assert.deepEqual(drawn([pyramid], 10, 20, 100), { x: [], y: [[]] })
  assert.deepEqual(drawn([], 0, 20, 100), { x: [], y: [] })
})
