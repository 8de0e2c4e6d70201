import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { centred, unitsInStep, varianceRatio } from './in-step.ts'
import type { PortCounts } from './port-window.ts'

function countsOf(rows: readonly (readonly number[])[]): PortCounts {
  const counts = Uint32Array.from(rows.flat())
  return { port: 1, units: rows.map((_, i) => i), samples: rows[0]!.length, counts, filled: [...counts.keys()].filter((cell) => counts[cell]! > 0) }
}
const variance = (values: readonly number[]): number => {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length
}
const logarithms = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((one) => Math.log(Math.max(one, 0.1))))

const rows = fc.integer({ min: 2, max: 12 }).chain((samples) =>
  fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(4), fc.nat(100_000)), { minLength: samples, maxLength: samples }), { minLength: 1, maxLength: 20 }))

test('the ratio is the variance of the sum by the sum of the variances', () => {
  fc.assert(fc.property(rows, (given) => {
    const x = logarithms(given)
    const apart = x.reduce((sum, row) => sum + variance(row), 0)
    const together = variance(x[0]!.map((_, t) => x.reduce((sum, row) => sum + row[t]!, 0)))
    const ratio = varianceRatio(countsOf(given))
    if (apart < 1e-6) assert.ok(ratio <= 1)
    else assert.ok(Math.abs(ratio - together / apart) < 1e-6 * (1 + ratio), `${ratio} ${together / apart}`)
  }))
})

test('n that do the same have the ratio n; turns that fill each other’s gaps have none', () => {
  const row = [0, 3, 0, 0, 2, 0]
  assert.ok(Math.abs(varianceRatio(countsOf(Array.from({ length: 40 }, () => row))) - 40) < 1e-6)
  assert.ok(varianceRatio(countsOf([[1, 0, 0], [0, 1, 0], [0, 0, 1]])) < 1e-9)
})

test('units in step are those that go with all others', () => {
  const step = [0, 0, 1, 1, 0, 0, 0, 1, 0, 0]
  const others = [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [5, 5, 5, 5, 5, 5, 5, 5, 5, 5]]
  const counts = countsOf([...others, ...Array.from({ length: 12 }, () => step)])
  assert.deepEqual(unitsInStep(centred(counts), 10, 0.5), Array.from({ length: 12 }, (_, i) => i + 3))
})
