import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { hasWindow, joinedLook, lookOf, lookText, readLook, withoutWindow } from './looks.ts'

const look = fc.tuple(fc.nat(7), fc.integer({ min: -1, max: 255 }), fc.integer({ min: -1, max: 65_535 })).map(([tools, ttl, window]) => lookOf(tools, ttl, window))

test('a look names tool, TTL at the sender and window, as far as they are known', () => {
  assert.equal(lookText(lookOf(1, 52, 29_200)), 'tool=mirai ttl=64 window=29200')
  assert.equal(lookText(lookOf(6, 244, 0)), 'tool=zmap+masscan ttl=255 window=0')
  assert.deepEqual([32, 33, 64, 65, 128, 129, 255].map((ttl) => lookText(lookOf(0, ttl, -1))), ['ttl=32', 'ttl=64', 'ttl=64', 'ttl=128', 'ttl=128', 'ttl=255', 'ttl=255'])
  assert.equal(lookText(lookOf(0, -1, -1)), '')
  assert.deepEqual([hasWindow(lookOf(0, 64, 0)), hasWindow(lookOf(0, 64, -1)), lookText(withoutWindow(lookOf(1, 64, 1024)))], [true, false, 'tool=mirai ttl=64'])
})

test('looks of one source are joined in any order, and joining again changes nothing', () => {
  assert.equal(lookText(joinedLook(lookOf(0, 52, 1024), lookOf(1, 120, 8192))), 'tool=mirai ttl=128 window=8192')
  fc.assert(fc.property(look, look, look, (a, b, c) => {
    assert.equal(joinedLook(a, b), joinedLook(b, a))
    assert.equal(joinedLook(joinedLook(a, b), c), joinedLook(a, joinedLook(b, c)))
    assert.equal(joinedLook(a, a), a)
  }))
})

test('a look is read from what it was written as, and nothing else is', () => {
  assert.deepEqual(readLook('tool=zmap+masscan ttl=255 window=0'), { tools: ['zmap', 'masscan'], ttl: 255, window: 0 })
  assert.deepEqual(readLook(''), { tools: [], ttl: null })
  for (const other of ['tool=nmap', 'ttl=63', 'window=70000', 'window=-1', 'ports=23', 'ttl', 'tool=mirai+constructor']) assert.equal(readLook(other), undefined, other)
  fc.assert(fc.property(look, (one) => {
    const { tools, ttl, window = -1 } = readLook(lookText(one))!
    assert.equal(lookOf(tools.reduce((bits, tool) => bits | { mirai: 1, zmap: 2, masscan: 4 }[tool], 0), ttl ?? -1, window), one)
  }))
})
