import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { carried, inside, keyed, moved, zoomed } from './view.ts'

const length = fc.integer({ min: 1, max: 500_000 })

test('whatever a reader does, the view stays inside of the series', () => {
  const keys = fc.constantFrom('ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', '+', '-', 'Home', 'End', '0')
  fc.assert(fc.property(length, fc.array(keys, { maxLength: 60 }), fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 20 }), (points, pressed, drags) => {
    let view = { from: 0, to: points }
    for (const key of pressed) view = keyed(view, key, points)!
    for (const by of drags) view = zoomed(moved(view, by, points), 1 + Math.abs(by % 3), Math.abs(by % 1), points)
    assert.ok(view.from >= -1e-6 && view.to <= points + 1e-6 && view.to > view.from, JSON.stringify(view))
  }))
})

test('zoom keeps the point under the pointer, and other keys are left to the page', () => {
  const view = zoomed({ from: 0, to: 1000 }, 2, 0.25, 1000)
  assert.deepEqual(view, { from: 125, to: 625 })
  assert.equal(view.from + (view.to - view.from) * 0.25, 250)
  assert.equal(keyed(view, 'Tab', 1000), undefined)
  assert.deepEqual(inside({ from: -50, to: 50 }, 1000), { from: 0, to: 100 })
})

test('a period that goes on by itself does not move what a reader looks at', () => {
  const before = { from_s: 6000, step_s: 60, length: 100 }
  assert.deepEqual(carried({ from: 20, to: 40 }, before, { ...before, from_s: 6060 }), { from: 19, to: 39 })
  assert.deepEqual(carried({ from: 0, to: 100 }, before, { ...before, length: 120 }), { from: 0, to: 120 }, 'who sees all goes on seeing all')
  assert.deepEqual(carried({ from: 20, to: 40 }, before, { from_s: 6000, step_s: 300, length: 20 }), { from: 0, to: 20 })
  assert.deepEqual(carried({ from: 0, to: 0 }, undefined, before), { from: 0, to: 100 })
  assert.deepEqual(carried({ from: 20, to: 40 }, before, { from_s: 7200, step_s: 60, length: 20 }), { from: 0, to: 20 }, 'what was marked is now all')
})
