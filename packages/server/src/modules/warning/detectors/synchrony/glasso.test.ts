import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { glassoDefaults, graphicalLasso, partsOf } from './glasso.ts'
import { covarianceOf, densityOf } from './graph.ts'
import { square, type Square } from './square.ts'

const exact = { tolerance: 1e-10, sweeps_max: 500, rounds_max: 500 }

/** Covariance of rows of samples, their means taken off. */
function covariance(rows: readonly (readonly number[])[]): Square {
  const samples = rows[0]!.length
  const values = rows.flatMap((row) => {
    const mean = row.reduce((sum, one) => sum + one, 0) / samples
    return row.map((one) => one - mean)
  })
  return covarianceOf(Float64Array.from(values), samples, rows.map((_, i) => i))
}

/** Gauss and Jordan. */
function inverse({ n, values }: Square): Square {
  const rows = Array.from({ length: n }, (_, i) => [...values.subarray(i * n, (i + 1) * n), ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  for (let i = 0; i < n; i++) {
    const pivot = rows.findIndex((row, k) => k >= i && Math.abs(row[i]!) === Math.max(...rows.slice(i).map((one) => Math.abs(one[i]!))))
    ;[rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!]
    const own = rows[i]!
    const by = own[i]!
    rows[i] = own.map((one) => one / by)
    for (let k = 0; k < n; k++) if (k !== i) rows[k] = rows[k]!.map((one, j) => one - rows[k]![i]! * rows[i]![j]!)
  }
  return { n, values: Float64Array.from(rows.flatMap((row) => row.slice(n))) }
}

/** The optimum's conditions, which only the one solution meets: W = Θ⁻¹ differs from S by ρ times the sign of Θ, or by less where Θ is 0. */
function assertSolves(s: Square, rho: number, precision: Square, slack: number): void {
  const w = inverse(precision)
  for (let i = 0; i < s.n; i++) {
    for (let j = 0; j < s.n; j++) {
      const at = i * s.n + j
      const [off, theta] = [w.values[at]! - s.values[at]!, precision.values[at]!]
      assert.equal(theta, precision.values[j * s.n + i], 'symmetric')
      if (theta === 0) assert.ok(Math.abs(off) <= rho + slack, `entry ${i} ${j} is 0, but pulled by ${off}`)
      else assert.ok(Math.abs(off - rho * Math.sign(theta)) <= slack, `entry ${i} ${j}: ${off}`)
    }
  }
}

const sample = fc.oneof(fc.constantFrom(0, 2.3), fc.double({ min: 0, max: 6, noNaN: true }))
const rowsOf = (samples: number) => fc.array(fc.array(sample, { minLength: samples, maxLength: samples }), { minLength: 2, maxLength: 12 })

test('meets the conditions of the optimum on any covariances, of many samples and of few', () => {
  const given = fc.tuple(fc.integer({ min: 3, max: 20 }).chain(rowsOf), fc.constantFrom(0.1, 0.3, 0.5, 0.8))
  fc.assert(fc.property(given, ([rows, rho]) => {
    const s = covariance(rows)
    const { precision, settled } = graphicalLasso(s, rho, exact)
    assert.ok(settled)
    assertSolves(s, rho, precision, 1e-5)
  }), { numRuns: 300 })
})

test('meets them too where variables are copies of each other, at any scale', () => {
  const given = fc.tuple(rowsOf(8), fc.array(fc.nat(), { minLength: 1, maxLength: 10 }), fc.constantFrom(1, 4), fc.constantFrom(0.1, 0.3, 0.5, 0.8))
  fc.assert(fc.property(given, ([rows, copies, scale, rho]) => {
    // One that is a multiple of another explains its copies, which are then not joined to each other.
    const all = [...rows, ...copies.map((i) => rows[i % rows.length]!), rows[0]!.map((one) => scale * one)]
    const s = covariance(all)
    assertSolves(s, rho, graphicalLasso(s, rho, exact).precision, 1e-5)
  }), { numRuns: 300 })
})

test('copies that a larger one explains are solved one by one', () => {
  const row = [0, 1, 0, 1, 0, 1]
  const s = covariance([row.map((one) => 20 * one), row.map((one) => 2 * one), row.map((one) => 2 * one), row.map((one) => 2 * one)])
  const { precision } = graphicalLasso(s, 0.3, exact)
  assertSolves(s, 0.3, precision, 1e-6)
  assert.equal(precision.values[1 * 4 + 2], 0, 'not joined')
  assert.notEqual(precision.values[0 * 4 + 1], 0)
})

test('by hand: of two variables, of two copies, of none that are joined', () => {
  const two = square(2)
  two.values.set([1, 0.8, 0.8, 2])
  // W = [[1.3, 0.5], [0.5, 2.3]], and its inverse.
  const close = (a: Float64Array, b: readonly number[]) => b.forEach((one, i) => assert.ok(Math.abs(a[i]! - one) < 1e-9, `${a.join(' ')} is not ${b.join(' ')}`))
  const determinant = 1.3 * 2.3 - 0.25
  close(graphicalLasso(two, 0.3, exact).precision.values, [2.3 / determinant, -0.5 / determinant, -0.5 / determinant, 1.3 / determinant])
  close(graphicalLasso(two, 0.9, exact).precision.values, [1 / 1.9, 0, 0, 1 / 2.9])
  const copies = square(2)
  copies.values.set([1, 1, 1, 1])
  // W = [[1.5, 0.5], [0.5, 1.5]].
  close(graphicalLasso(copies, 0.5, exact).precision.values, [0.75, -0.25, -0.25, 0.75])
})

test('what no chain of covariances above the penalty joins is apart', () => {
  const s = square(4)
  s.values.set([1, 0.6, 0.2, 0, 0.6, 1, 0, 0, 0.2, 0, 1, 0.5, 0, 0, 0.5, 1])
  assert.deepEqual(partsOf(s, 0.3), [[0, 1], [2, 3]])
  assert.deepEqual(partsOf(s, 0.1), [[0, 1, 2, 3]])
  assert.deepEqual(partsOf(s, 0.6), [[0], [1], [2], [3]])
})

test('the settings of the detector give the density of the exact solution', () => {
  fc.assert(fc.property(fc.integer({ min: 10, max: 12 }).chain(rowsOf), fc.constantFrom(0.3, 0.5, 0.8), (rows, rho) => {
    const s = covariance(rows)
    const [fast, slow] = [glassoDefaults, exact].map((options) => densityOf(graphicalLasso(s, rho, options).precision))
    assert.ok(Math.abs(fast! - slow!) <= 0.05, `${fast} ${slow}`)
  }), { numRuns: 200 })
})

test('a hundred that do the same are one clique, and are solved as fast as one', () => {
  const rows = Array.from({ length: 100 }, () => [0, 0, 0, 3, 3, 0, 0, 3, 0, 0])
  assert.equal(densityOf(graphicalLasso(covariance(rows), 0.5).precision), 0.5)
})
