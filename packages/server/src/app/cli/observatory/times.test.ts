import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTime } from './times.ts'

const NOW = Date.UTC(2026, 0, 1, 0, 30)

test('times as people write them, across the turn of a year', () => {
  assert.equal(readTime('now', NOW), NOW)
  assert.equal(readTime('today', NOW), Date.UTC(2026, 0, 1))
  assert.equal(readTime('yesterday', NOW), Date.UTC(2025, 11, 31))
  assert.equal(readTime('-45m', NOW), Date.UTC(2025, 11, 31, 23, 45))
  assert.equal(readTime('-24h', NOW - 59_999), NOW - 86_400_000, 'from the end of the minute, so that 24 h are 24 h')
  assert.equal(readTime('-1w', NOW), Date.UTC(2025, 11, 25, 0, 30))
  assert.equal(readTime('2026-01-31', NOW), Date.UTC(2026, 0, 31))
  assert.equal(readTime('2026-01-31T06:00:00+09:00', NOW), Date.UTC(2026, 0, 30, 21))
  for (const text of ['', '24h', '-h', '-1y', 'tomorrow', '2026-13-01', '2200-01-01', '-9999999d']) assert.equal(readTime(text, NOW), undefined, text)
})
