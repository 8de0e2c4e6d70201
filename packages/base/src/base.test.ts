import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isUuid, uuidFromBytes, uuidToBytes, uuidV4 } from './id.ts'
import { formatMillis, formatSeconds, parseInstant } from './instant.ts'
import { fail, ok, unwrap } from './result.ts'
import { realWorld } from './world.ts'

test('ids are version 4, variant 1, and survive bytes', () => {
  const zeros = uuidV4({ random: (n) => new Uint8Array(n) })
  assert.equal(zeros, '00000000-0000-4000-8000-000000000000')
  assert.equal(uuidV4({ random: (n) => new Uint8Array(n).fill(255) }), 'ffffffff-ffff-4fff-bfff-ffffffffffff')
  const id = uuidV4(realWorld)
  assert.ok(isUuid(id))
  assert.equal(uuidFromBytes(uuidToBytes(id)), id)
  for (const wrong of ['', id.toUpperCase(), `${id}0`, id.replaceAll('-', '')]) assert.equal(isUuid(wrong), false)
})

test('instants are RFC 3339 within 1970 to 2105', () => {
  assert.equal(unwrap(parseInstant('2026-01-01T00:00:00Z')), 1_767_225_600_000)
  assert.equal(unwrap(parseInstant('2026-01-01T09:00:00.5+09:00')), 1_767_225_600_500)
  assert.equal(formatSeconds(1_767_225_600), '2026-01-01T00:00:00Z')
  for (const wrong of ['', 'yesterday', '2026-01-01', '1969-12-31T23:59:59Z', '2106-01-01T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T00:00:00']) {
    assert.equal(parseInstant(wrong).ok, false, wrong)
  }
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_291_747_199_999 }), (ms) => assert.equal(unwrap(parseInstant(formatMillis(ms))), ms)))
})

test('a problem is a value until somebody insists', () => {
  assert.equal(unwrap(ok(1)), 1)
  assert.throws(() => unwrap(fail('sensor/not-found', { id: 7 })), /sensor\/not-found/)
})
