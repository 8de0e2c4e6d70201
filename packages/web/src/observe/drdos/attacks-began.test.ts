import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attacksBegan } from './attacks-began.ts'

const at = (hour: number, minute = 0): string => new Date((hour * 60 + minute) * 60_000).toISOString()

test('each attack is counted once, in the step in which it began, also where the period cuts the step', () => {
  const { step_s, points } = attacksBegan([at(10, 30), at(10, 59), at(12)], at(10, 15), at(12, 30))
  assert.equal(step_s, 3600)
  assert.deepEqual(points.map(({ at_ms, value }) => [at_ms / 3_600_000, value]), [[10, 2], [11, 0], [12, 1]])
})

test('a long period is told by days', () => {
  const { step_s, points } = attacksBegan([at(25)], at(0), at(24 * 7))
  assert.deepEqual([step_s, points.length, points[1]!.value], [86_400, 7, 1])
})
