import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readExplore, stepsFor } from './explore-state.ts'

test('an address that says nonsense is the page without it', () => {
  const plain = { dimension: 'total', keys: [], step: undefined, scale: 'linear', measure: 'packets_per_sensor' }
  assert.deepEqual(readExplore({}), plain)
  assert.deepEqual(readExplore({ dimension: 'destination', key: 'x', step: '7', scale: 'cubic', measure: 'euros' }), plain)
})

test('an address gives keys once each, at most six, and none for the total', () => {
  const many = Array.from({ length: 9 }, (_, i) => `tcp/${i}`)
  assert.deepEqual(readExplore({ dimension: 'port', key: ['tcp/0', ' tcp/0 ', ...many, ''] }).keys, many.slice(0, 6))
  assert.deepEqual(readExplore({ dimension: 'port', key: 'tcp/23', step: '3600', scale: 'log', measure: 'sources' }),
    { dimension: 'port', keys: ['tcp/23'], step: 3600, scale: 'log', measure: 'sources' })
  assert.deepEqual(readExplore({ key: 'tcp/23' }).keys, [])
})

test('no step asks for more points than the node answers', () => {
  const of = (days: number) => stepsFor({ from: '2026-01-01T00:00:00.000Z', to: new Date(Date.UTC(2026, 0, 1 + days)).toISOString() })
  assert.deepEqual([of(1)[0], of(90)[0], of(365)[0]], [60, 1800, 3600])
  assert.deepEqual(stepsFor({ from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' }), [60])
})
