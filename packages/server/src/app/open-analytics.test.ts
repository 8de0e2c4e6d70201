import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examLayouts } from '../../../analytics/src/exam/rows.ts'
import { layouts } from './open-analytics.ts'

test('the layouts that the stores’ exam and the cluster’s tables are made from are those of the wire', () => {
  assert.deepEqual(layouts, examLayouts)
})
