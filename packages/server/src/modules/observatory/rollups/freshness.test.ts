import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as always, integer, property } from 'fast-check'
import { cutAt, without } from './freshness.ts'

test('what is fresh and what is not are together the range, and no second is both', () => {
  always(property(integer({ min: 0, max: 20 }), integer({ min: 1, max: 20 }), array(integer({ min: 0, max: 40 })), array(integer({ min: 0, max: 40 })), (from, length, some, cuts) => {
    const unit = 5
    const range = { from: from * unit, to: (from + length) * unit }
    const holes = [...new Set(some)].toSorted((a, b) => a - b).map((hole) => hole * unit)
    const fresh = cutAt(without(range, holes, unit), [...new Set(cuts)].toSorted((a, b) => a - b).map((cut) => cut * unit))
    for (let at = range.from; at < range.to; at++) {
      const hole = holes.some((start) => at >= start && at < start + unit)
      assert.equal(fresh.filter((part) => at >= part.from && at < part.to).length, hole ? 0 : 1)
    }
    assert.ok(fresh.every((part) => part.from < part.to && part.from >= range.from && part.to <= range.to))
  }))
})
