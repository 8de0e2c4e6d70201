import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { factorise } from './nmf.ts'

test('the error never grows, and factors have no negative values', () => {
  const matrix = fc.tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 2, max: 12 })).chain(([rows, columns]) =>
    fc.tuple(fc.constant(rows), fc.constant(columns), fc.array(fc.oneof(fc.constant(0), fc.nat(9)), { minLength: rows * columns, maxLength: rows * columns })))
  fc.assert(fc.property(matrix, fc.integer({ min: 1, max: 4 }), ([rows, columns, values], rank) => {
    const { w, h, errors } = factorise(Float64Array.from(values), rows, columns, rank, 60)
    for (let i = 1; i < errors.length; i++) assert.ok(errors[i]! <= errors[i - 1]! * (1 + 1e-9) + 1e-9, `${errors.join(' ')}`)
    assert.ok([...w, ...h].every((one) => one >= 0 && Number.isFinite(one)))
  }))
})

test('a matrix of rank one is found again', () => {
  const [time, hosts] = [[0, 1, 2, 0, 3], [1, 0, 4, 2]]
  const v = Float64Array.from(time.flatMap((t) => hosts.map((host) => t * host)))
  const { errors } = factorise(v, 5, 4, 1, 200)
  assert.ok(errors.at(-1)! < 1e-6)
})
