import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byMeasure, measureOf, valueOf } from './measure.ts'

const entry = (key: string, packets: number, sources: number, packets_per_sensor: number | null = packets / 2) => ({ key, packets, sources, packets_per_sensor })

test('economies are ordered by the measure asked for, and what is unknown is no first place', () => {
  const entries = [entry('ZZ', 100, 100), entry('XA', 10, 1), entry('XB', 5, 9)]
  assert.deepEqual(byMeasure(entries, 'packets').map(({ key }) => key), ['XA', 'XB', 'ZZ'])
  assert.deepEqual(byMeasure(entries, 'sources').map(({ key }) => key), ['XB', 'XA', 'ZZ'])
})

test('a mean that nobody can know stays unknown', () => {
  assert.equal(valueOf(entry('XA', 10, 1, null), 'per_sensor'), null)
})

test('a measure that does not exist is packets', () => {
  assert.deepEqual([undefined, 'bytes', 'sources'].map(measureOf), ['packets', 'packets', 'sources'])
})
