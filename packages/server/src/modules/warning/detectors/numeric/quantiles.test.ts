import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as fc from 'fast-check'
import { meanAndDeviation, median, quantile, robust, sorted } from './quantiles.ts'

const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 40 })

it('quantiles are those that textbooks give', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
  assert.equal(quantile(sorted([1, 2, 3, 4, 5]), 0.25), 2)
  assert.equal(quantile(sorted([10, 20]), 0.75), 17.5)
  assert.equal(median([]), 0)
  fc.assert(fc.property(values, fc.double({ noNaN: true, min: 0, max: 1 }), (all, q) => {
    const at = quantile(sorted(all), q)
    assert.ok(all.filter((one) => one <= at + 1e-9).length >= q * (all.length - 1))
    assert.ok(all.filter((one) => one >= at - 1e-9).length >= (1 - q) * (all.length - 1))
  }))
})

it('an outlier hardly moves the robust spread, and normal values have their own', () => {
  assert.deepEqual(robust([1, 2, 3, 4, 5]), { median: 3, deviation: 1.4826 })
  assert.deepEqual(robust([1, 2, 3, 4, 5e9]), { median: 3, deviation: 1.4826 })
  assert.deepEqual(meanAndDeviation([2, 4, 4, 4, 5, 5, 7, 9]), { mean: 5, deviation: Math.sqrt(32 / 7) })
  assert.deepEqual(meanAndDeviation([]), { mean: 0, deviation: 0 })
})
