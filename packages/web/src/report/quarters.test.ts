import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quarterKey, quartersUntil, readQuarter } from './quarters.ts'

test('quarters go back over the year by UTC, the running one first', () => {
  assert.deepEqual(quartersUntil(new Date('2026-01-01T00:00:00Z')).slice(0, 3).map(quarterKey), ['2026-Q1', '2025-Q4', '2025-Q3'])
  assert.equal(quarterKey(quartersUntil(new Date('2025-12-31T23:59:59Z'))[0]!), '2025-Q4')
})

test('an address names a quarter or nothing', () => {
  for (const quarter of quartersUntil(new Date('2026-05-05T00:00:00Z'))) assert.deepEqual(readQuarter(quarterKey(quarter)), quarter)
  for (const text of [undefined, '', '2026', '2026-Q0', '2026-Q5', '2106-Q1', '1999-Q4', '2026-Q1&x', '../2026-Q1']) assert.equal(readQuarter(text), undefined, text)
})
