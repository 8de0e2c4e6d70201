import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingRows } from './setting-rows.ts'

test('settings within settings are rows with names of their own, and no value is JSON', () => {
  const rows = settingRows({ days: 2, ports: [23, 80], none: [], level: { low: 0.1, high: { most: 4 } }, steps: [{ at: 1 }, { at: 2 }] })
  assert.deepEqual(rows.map(({ name, value }) => [name, value]), [
    ['days', '2'], ['ports', '23, 80'], ['none', '—'], ['level.low', '0.1'], ['level.high.most', '4'], ['steps.0.at', '1'], ['steps.1.at', '2'],
  ])
  assert.ok(rows.every(({ value }) => !/[{}[\]]/.test(value)))
})
