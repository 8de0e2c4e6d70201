import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saturate } from './saturate.ts'

test('numbers that JSON cannot hold stand as the largest that it can; all else stays as it is', () => {
  const answer = { from: '2026', simulated: false, note: null, data: [{ bytes: 2 ** 63, packets: 7, per_sensor: 1.28e17, sources: 2 ** 53 - 1 }, 0.5] }
  assert.deepEqual(saturate(answer), {
    ...answer, data: [{ bytes: 2 ** 53 - 1, packets: 7, per_sensor: 2 ** 53 - 1, sources: 2 ** 53 - 1 }, 0.5],
  })
})
