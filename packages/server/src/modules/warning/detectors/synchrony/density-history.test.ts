import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { DensityHistory, droppedAt } from './density-history.ts'

const variance = (values: readonly number[]): number => {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length
}

/** Straight from the rule: drop the largest as long as at most θ of the variance is left; the values that were dropped. */
function dropped(values: readonly number[], theta: number): number[] {
  let left = values.toSorted((a, b) => b - a)
  const out: number[] = []
  while (left.length > 1 && variance(left) > 1e-12 && variance(left.slice(1)) <= theta * variance(left)) {
    out.push(left[0]!)
    left = left.slice(1)
  }
  return out
}

test('drops what Dark-TRACER’s rule drops', () => {
  const values = fc.array(fc.oneof(fc.constant(0), fc.constantFrom(0.1, 0.2, 0.5), fc.double({ min: 0.001, max: 0.5, noNaN: true })), { minLength: 2, maxLength: 60 })
  fc.assert(fc.property(values, fc.nat(), fc.constantFrom(0.9, 0.95, 0.98), (all, pick, theta) => {
    const value = all[pick % all.length]!
    if (value === 0) return
    const given = all.filter((_, i) => i % 7 !== 0 || all[i]! > 0)
    assert.equal(droppedAt(given, value, all.length, theta) !== undefined, dropped(all, theta).includes(value))
  }), { numRuns: 1000 })
})

test('one slot in a quiet history stands out, one of many such slots does not', () => {
  assert.equal(droppedAt([0.1], 0.1, 432, 0.98), 0)
  assert.equal(droppedAt(Array.from({ length: 60 }, () => 0.1), 0.1, 432, 0.98), undefined)
  assert.notEqual(droppedAt(Array.from({ length: 40 }, () => 0.1), 0.1, 432, 0.98), undefined)
  assert.equal(droppedAt([0.5, 0.1], 0.1, 10, 0.98), 0, 'beside a larger one')
})

test('forgets slots that are too old and ports of long ago, and counts the latter', () => {
  const history = new DensityHistory(10, 2)
  for (let slot = 0; slot < 10; slot++) history.add(1, slot, [0.3, 0.3], 0.9)
  assert.equal(history.add(1, 9.5, [0.3, 0.3], 0.9), undefined, 'as always')
  assert.equal(history.add(1, 30, [0, 0.3], 0.9)?.penalty, 1)
  history.add(2, 31, [0.1, 0.1], 0.9)
  history.add(3, 32, [0.1, 0.1], 0.9)
  assert.equal(history.shed, 1)
  assert.deepEqual([...history.save().keys()], [2, 3])
})
