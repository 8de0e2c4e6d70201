import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DistinctCount } from './days.ts'

test('about how many different ones were added, each once, from one to a hundred thousand, also after a restart', () => {
  let count = new DistinctCount()
  assert.equal(count.estimate, 0)
  for (let added = 0, next = 1; next <= 100_000; next *= 10) {
    for (; added < next; added++) count.add(`event ${added}`)
    const estimate: number = count.estimate
    // Five standard errors.
    assert.ok(Math.abs(estimate - next) <= Math.max(1, next * 0.115), `${estimate} of ${next}`)
    for (let i = 0; i < Math.min(next, 1000); i++) count.add(`event ${i}`)
    assert.equal(count.estimate, estimate)
    count = new DistinctCount(count.registers)
    assert.equal(count.estimate, estimate)
  }
})
