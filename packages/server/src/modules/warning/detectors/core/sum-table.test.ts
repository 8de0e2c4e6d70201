import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { SumTable } from './sum-table.ts'

const dump = (table: SumTable): Map<number, number> => {
  const all = new Map<number, number>()
  table.each((key, sum) => all.set(key, sum))
  return all
}

it('adds up exactly like a map while everything fits', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 51 }), fc.integer({ min: 1, max: 9 })), { maxLength: 3000 }), (entries) => {
    const table = new SumTable(5000, 7)
    const naive = new Map<number, number>()
    for (const [key, value] of entries) {
      table.add(key, value)
      naive.set(key, (naive.get(key) ?? 0) + value)
    }
    assert.deepEqual(dump(table), naive)
    assert.deepEqual(dump(new SumTable(5000, 0, table.save())), naive)
  }))
})

it('stays within its bound and estimates how many there were', () => {
  const table = new SumTable(2000, 3)
  for (let i = 0; i < 200_000; i++) table.add(i * 262_147, 1)
  assert.ok(table.size <= 2000)
  const estimate = table.size * table.weight
  // Standard error of adaptive sampling: about 1.2 / sqrt(bound) = 2.7 %.
  assert.ok(Math.abs(estimate / 200_000 - 1) < 0.15, String(estimate))
})

it('keeps what it keeps whatever the order', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 200, maxLength: 600 }), fc.integer(), (keys, seed) => {
    const [one, other] = [new SumTable(50, seed), new SumTable(50, seed)]
    for (const key of keys) one.add(key, 1)
    for (const key of keys.toReversed()) other.add(key, 1)
    assert.equal(one.level, other.level)
    assert.deepEqual([...dump(one).keys()].toSorted((a, b) => a - b), [...dump(other).keys()].toSorted((a, b) => a - b))
  }))
})
