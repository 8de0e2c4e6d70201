import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth_max, plateauOf, shownCurve } from './resident-curve.ts'

const MiB = 1024 * 1024
const curve = (seconds: number, sizeAt: (second: number) => number): number[] => Array.from({ length: seconds }, (_, s) => sizeAt(s) * MiB)

test('tables that fill in the first minutes and then are used again have levelled off', () => {
  const filled = plateauOf(curve(360, (s) => 70 + 60 * Math.min(1, s / 185)))
  assert.equal(filled.growth, 1)
  assert.equal(filled.peak_bytes, 130 * MiB)
})

test('what keeps its input grows in the last third too, at a high rate and at a low one', () => {
  assert.ok(plateauOf(curve(360, (s) => 72 + 2 * s)).growth > growth_max)
  assert.ok(plateauOf(curve(360, (s) => 62 + 0.06 * s)).growth > growth_max)
})

test('a dozen figures show the whole curve, peaks of a second too', () => {
  const shown = shownCurve(curve(360, (s) => (s === 100 ? 99 : 50)))
  assert.equal(shown.length, 12)
  assert.deepEqual(shown.filter((size) => size !== 50), [99])
  assert.deepEqual(shownCurve(curve(3, (s) => s)), [0, 1, 2])
})
