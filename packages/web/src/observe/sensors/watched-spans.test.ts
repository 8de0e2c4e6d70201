import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coverageStep, watchedSpans } from './watched-spans.ts'

const MINUTE = 60_000
const period = { from_ms: 0, known_to_ms: 5 * MINUTE, step_s: 60, in_service_from_ms: 0 }

test('runs of steps become spans, and what was not watched is a hole', () => {
  assert.deepEqual(watchedSpans([60, 60, 0, 30, 60], period), [
    { from_ms: 0, to_ms: 2 * MINUTE }, { from_ms: 2 * MINUTE, to_ms: 3 * MINUTE, kind: 'hole' },
    { from_ms: 3 * MINUTE, to_ms: 4 * MINUTE, kind: 'partly' }, { from_ms: 4 * MINUTE, to_ms: 5 * MINUTE },
  ])
})

test('before it was in service a sensor has no holes, unless it had watched by then', () => {
  const late = { ...period, in_service_from_ms: 3 * MINUTE }
  assert.deepEqual(watchedSpans([0, 0, 0, 60, 60], late).map(({ from_ms }) => from_ms), [3 * MINUTE])
  assert.deepEqual(watchedSpans([60, 0, 0, 60, 60], late).map(({ kind }) => kind), [undefined, 'hole', undefined])
})

test('history that was imported has no holes: nobody expected it to go on', () => {
  assert.deepEqual(watchedSpans([0, 60, 0, 60, 0], { ...period, in_service_from_ms: Infinity }).map(({ from_ms, kind }) => [from_ms, kind]), [[MINUTE, undefined], [3 * MINUTE, undefined]])
})

test('what is still on its way is no hole', () => {
  assert.deepEqual(watchedSpans([60, 60, 60, 0, 0], { ...period, known_to_ms: 3 * MINUTE }), [{ from_ms: 0, to_ms: 3 * MINUTE }])
})

test('a period that begins within a step draws nothing outside of it', () => {
  assert.deepEqual(watchedSpans([300, 600], { from_ms: 300_000, known_to_ms: 1_200_000, step_s: 600, in_service_from_ms: 0 }), [{ from_ms: 300_000, to_ms: 1_200_000 }])
})

test('the step keeps an answer below what the node gives, also for a year', () => {
  const hours = (n: number) => [new Date(0).toISOString(), new Date(n * 3_600_000).toISOString()] as const
  assert.deepEqual([1, 24, 168, 8760].map((n) => coverageStep(...hours(n))), [60, 600, 3600, 86_400])
})
