import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeSteps } from './whole-steps.ts'

const minute = (n: number): string => new Date(n * 60_000).toISOString()
const point = (n: number, dialogue: number) => ({ at: minute(n), none: 0, completed: 0, dialogue, requests: dialogue, sources: 1 })

test('a quiet step between others is a zero, and a step that is cut by the period is left out', () => {
  const shown = wholeSteps({ from: minute(1), to: new Date(7.5 * 60_000).toISOString(), data: { step_s: 60, points: [point(0, 9), point(2, 1), point(5, 3), point(7, 9)] } })
  assert.deepEqual(shown.map(({ at, dialogue }) => [at, dialogue]), [[minute(2), 1], [minute(3), 0], [minute(4), 0], [minute(5), 3]])
})

test('a step that sensors may still send is left out: it would look like a fall', () => {
  const shown = wholeSteps({ from: minute(0), to: minute(9), data: { step_s: 60, points: [point(1, 5), point(4, 5), point(5, 1)] } }, 5 * 60_000)
  assert.deepEqual(shown.map(({ at }) => at), [1, 2, 3, 4].map(minute))
})

test('a period shorter than a step shows what there is', () => {
  assert.equal(wholeSteps({ from: minute(1), to: minute(2), data: { step_s: 3600, points: [point(0, 9)] } }).length, 1)
  assert.deepEqual(wholeSteps({ from: minute(1), to: minute(2), data: { step_s: 60, points: [] } }), [])
})
