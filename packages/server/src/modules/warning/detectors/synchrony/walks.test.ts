import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareInCommon, Walks } from './walks.ts'

const hosts = (from: number, count: number) => Array.from({ length: count }, (_, i) => 0xf0000000 + from + i * 977)

test('counts other ports at which the same group was within a day', () => {
  const walks = new Walks()
  assert.equal(walks.add(0, 1, hosts(0, 60)), 0)
  assert.equal(walks.add(1_000, 2, hosts(0, 60)), 1)
  assert.equal(walks.add(1_500, 2, hosts(0, 60)), 1, 'the same port again is no other')
  assert.equal(walks.add(2_000, 3, hosts(977 * 20, 60)), 2, 'a part of it')
  assert.equal(walks.add(2_500, 4, hosts(5, 60)), 0, 'another group')
  assert.equal(new Walks(walks.save()).add(86_400 + 1_800, 5, hosts(977 * 10, 60)), 1, 'what is older than a day is forgotten')
})

test('the share in common is estimated from a bounded part', () => {
  assert.ok(Math.abs(shareInCommon(hosts(0, 128), hosts(0, 128)) - 1) < 1e-9)
  assert.equal(shareInCommon(hosts(0, 50), hosts(1, 50)), 0)
  assert.equal(shareInCommon([], []), 0)
})
