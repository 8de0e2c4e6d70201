import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SensorView } from '@hirundo/contract'
import { healthOf, inOrder } from './health.ts'

const sensor = (name: string, state: SensorView['state'], live = false, kind: SensorView['kind'] = 'live') => ({ name, state, live, kind }) as SensorView

test('an import is never silent, and only an approved sensor is live', () => {
  assert.deepEqual([
    sensor('a', 'approved', true), sensor('a', 'approved'), sensor('a', 'approved', false, 'import'), sensor('a', 'pending'), sensor('a', 'revoked'),
  ].map(healthOf), ['live', 'silent', 'history', 'pending', 'revoked'])
})

test('those that wait for somebody stand first, those that ended last', () => {
  const all = [sensor('old', 'revoked'), sensor('b', 'approved', true), sensor('a', 'approved', true), sensor('down', 'approved'), sensor('new', 'pending'), sensor('file', 'approved', false, 'import')]
  assert.deepEqual(inOrder(all).map(({ name }) => name), ['new', 'down', 'a', 'b', 'file', 'old'])
})
