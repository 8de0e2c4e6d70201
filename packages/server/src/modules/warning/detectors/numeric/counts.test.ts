import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as fc from 'fast-check'
import { countOf, surprise } from './counts.ts'

/** P(X ≥ count) of Poisson, straight from its terms. */
function poissonTail(count: number, mean: number): number {
  let term = Math.exp(-mean)
  let below = 0
  for (let i = 0; i < count; i++) {
    below += term
    term *= mean / (i + 1)
  }
  let tail = 0
  for (let i = count; i < count + 400; i++) {
    tail += term
    term *= mean / (i + 1)
  }
  return Math.min(1, Math.max(tail, 1 - below > 1e-9 ? 1 - below : 0))
}

/** P(Z ≥ z) of a standard normal, good to a per cent from 1 on (Mills' ratio as a continued fraction). */
function normalTail(z: number): number {
  let fraction = z
  for (let i = 40; i > 0; i--) fraction = z + i / fraction
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / fraction
}

it('is as unlikely as the normal of the same size, for few counts as for many', () => {
  for (const [count, mean] of [[3, 0.05], [6, 0.3], [8, 1], [12, 2], [30, 10], [160, 100]] as const) {
    const orders = Math.log10(normalTail(surprise(count, mean, 0)) / poissonTail(count, mean))
    assert.ok(Math.abs(orders) < 0.6, `${count} of ${mean}: ${orders} orders of magnitude`)
  }
})

it('grows with the count, falls with mean and dispersion, and is 0 at the mean', () => {
  const one = fc.double({ noNaN: true, min: 0.01, max: 1e5 })
  fc.assert(fc.property(fc.nat(100_000), one, fc.double({ noNaN: true, min: 0, max: 2 }), (count, mean, dispersion) => {
    const here = surprise(count, mean, dispersion)
    assert.ok(Number.isFinite(here))
    assert.ok(surprise(count + 1, mean, dispersion) > here)
    assert.ok(surprise(count, mean * 1.01, dispersion) < here + 1e-9)
    if (count > mean) assert.ok(surprise(count, mean, dispersion + 0.1) <= here + 1e-9)
    assert.ok(Math.abs(surprise(mean, mean, dispersion)) < 1e-3)
  }))
})

it('the threshold is the least count that is so surprising', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, min: 1, max: 9 }), fc.double({ noNaN: true, min: 0, max: 1e4 }), fc.constantFrom(0, 0.05, 0.3), (wanted, mean, dispersion) => {
    const count = countOf(wanted, mean, dispersion)
    assert.ok(surprise(count, mean, dispersion) >= wanted)
    assert.ok(surprise(count - 1, mean, dispersion) < wanted)
  }))
})
